//! The threads of the worker.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use savdo_domain::coded::Coded;

use super::{Runner, Sink};
use crate::{BusyCause, Error, Result};

/// A worker at work; it stops when it is told to, or when dropped.
pub struct Running {
    wish: Arc<Wish>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Wish {
    is_stopping: Mutex<bool>,
    told: Condvar,
}

impl Runner {
    /// Looks for work every `pause`, in a thread for each kind, until it is told to stop.
    ///
    /// # Errors
    /// A system that gives no thread.
    pub fn start(self, pause: Duration) -> std::io::Result<Running> {
        let runner = Arc::new(self);
        let mut running = Running {
            wish: Arc::default(),
            threads: Vec::new(),
        };
        running.begin("jobs", pause, &runner, |runner, wish| {
            runner.run_due_jobs_until(|| wish.is_stopping())
        })?;
        for sink in Sink::ALL {
            running.begin(sink.code(), pause, &runner, move |runner, wish| {
                runner.send_due_to(*sink, || wish.is_stopping()).map(|_| ())
            })?;
        }
        Ok(running)
    }
}

impl Running {
    /// No new work is begun from now on.
    pub fn tell_to_stop(&self) {
        *self.wish.is_stopping.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wish.told.notify_all();
    }

    /// Waits until what was begun is done.
    pub fn stop(mut self) {
        self.end();
    }

    fn begin(
        &mut self,
        name: &'static str,
        pause: Duration,
        runner: &Arc<Runner>,
        work: impl Fn(&Runner, &Wish) -> Result<()> + Send + 'static,
    ) -> std::io::Result<()> {
        let (runner, wish) = (Arc::clone(runner), Arc::clone(&self.wish));
        let thread = std::thread::Builder::new().name(format!("savdo-{name}"));
        self.threads.push(thread.spawn(move || {
            while !wish.is_stopping() {
                // A fault in one message or job must not end all that come after it.
                match catch_unwind(AssertUnwindSafe(|| work(&runner, &wish))) {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => report(name, &error),
                    Err(_) => tracing::error!(name, "The worker's {name} panicked"),
                }
                wish.wait(pause);
            }
        })?);
        Ok(())
    }

    fn end(&mut self) {
        self.tell_to_stop();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("A thread of the worker ended badly");
            }
        }
    }
}

/// A database that is away for a while is no fault: the work is due again after the next pause.
pub(super) fn report(name: &str, error: &Error) {
    match error {
        Error::Storage(savdo_persistence::Error::Busy(cause)) => wait_for(name, *cause),
        error => tracing::error!(name, %error, "The worker's {name} failed: {error}"),
    }
}

fn wait_for(name: &str, cause: BusyCause) {
    tracing::warn!(name, %cause, "The worker's {name} will be tried again: {cause}");
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

impl Wish {
    fn is_stopping(&self) -> bool {
        *self.is_stopping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, pause: Duration) {
        let is_stopping = self.is_stopping.lock().unwrap_or_else(PoisonError::into_inner);
        if !*is_stopping {
            let _ = self.told.wait_timeout(is_stopping, pause);
        }
    }
}
