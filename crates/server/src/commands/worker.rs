//! `savdo worker`: what nobody waits for, beside servers that leave it alone.

use std::process::ExitCode;
use std::time::Duration;

use super::open;
use crate::settings::Settings;
use crate::signals::Signals;
use crate::{lock, work};

pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    // A SQLite file has one server, and that is its worker too.
    let _lock = lock::take(&settings.database.url)?;
    let context = open(settings)?;
    actix_web::rt::System::new().block_on(async {
        let signals = Signals::new()?;
        let running = work::runner(settings, context)?.start(Duration::from_millis(settings.worker.pause_ms))?;
        tracing::info!(version = env!("CARGO_PKG_VERSION"), database = %settings.database.url, "The worker of Savdo is at work");
        signals.received().await;
        tracing::info!("The worker stops: finishing what it began");
        running.stop();
        Ok::<_, anyhow::Error>(())
    })?;
    tracing::info!("The worker of Savdo stopped");
    Ok(ExitCode::SUCCESS)
}
