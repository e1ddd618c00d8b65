//! What servers of this process log of the calls of providers.

use std::io::{Result, Write};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use serde_json::Value;

static EVENTS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// The events of all servers of this process; tests that run beside each other tell theirs by a number of their own.
#[derive(Debug, Clone, Copy)]
pub struct Log;

impl Log {
    /// What is logged from here on at the latest.
    ///
    /// # Panics
    /// When something else of this process takes its events.
    #[must_use]
    pub fn of_providers() -> Self {
        static BEGUN: Once = Once::new();
        BEGUN.call_once(|| {
            let lines = tracing_subscriber::fmt().json().flatten_event(true);
            let lines = lines.with_env_filter("savdo_api::providers=info").with_writer(|| Self);
            lines.try_init().unwrap_or_else(|error| panic!("no log: {error}"));
        });
        Self
    }

    /// The events that say this number under this key, in their order.
    #[must_use]
    pub fn lines(self, key: &str, number: i64) -> Vec<Value> {
        let events = events();
        let lines = events.split(|byte| *byte == b'\n');
        let lines = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
        lines
            .filter(|line| line.get(key) == Some(&Value::from(number)))
            .collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        events().write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

fn events() -> MutexGuard<'static, Vec<u8>> {
    EVENTS.lock().unwrap_or_else(PoisonError::into_inner)
}
