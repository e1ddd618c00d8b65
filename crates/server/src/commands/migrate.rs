//! `savdo migrate`: for a rollout that migrates before it starts servers. `serve` does the same by itself.

use std::process::ExitCode;

use savdo_persistence::migrate;

use super::say;
use crate::lock;
use crate::settings::Settings;

pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let _lock = lock::take(&settings.database.url)?;
    let ran = migrate::run(&settings.database)?;
    for name in &ran {
        say(name)?;
    }
    if ran.is_empty() {
        say(&format!("{} is up to date", settings.database.url))?;
    }
    Ok(ExitCode::SUCCESS)
}
