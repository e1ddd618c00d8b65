//! `savdo serve`: the server itself.

use std::process::ExitCode;
use std::sync::Arc;

use savdo_services::SystemClock;

use crate::application::Application;
use crate::settings::Settings;

pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let application = Application::build(settings, Arc::new(SystemClock))?.heeding_signals();
    application.run_until_stopped()?;
    tracing::info!("Savdo stopped");
    Ok(ExitCode::SUCCESS)
}
