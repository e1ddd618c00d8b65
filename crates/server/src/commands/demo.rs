//! `savdo demo`: fills an empty database with the demo chain and shows how to use it. Never in production.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use savdo_persistence::migrate;
use savdo_services::{Clock, FixedClock, SystemClock};

use super::{own_address, say};
use crate::application;
use crate::demo::{self, Card, DemoError, Size};
use crate::lock;
use crate::settings::{Environment, Settings};

/// Everybody knows the password of the demo, so that a costly hash protects nothing.
const PASSWORD_COST: u32 = 4;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Leave a database with users in it as it is
    #[arg(long)]
    if_empty: bool,
    #[command(flatten)]
    size: Size,
}

pub(super) fn run(settings: &Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    if settings.environment == Environment::Production {
        bail!("the demo has log-ins that everybody knows: never in production");
    }
    let _lock = lock::take(&settings.database.url)?;
    migrate::run(&settings.database)?;

    let mut of_demo = settings.clone();
    of_demo.security.password_cost = PASSWORD_COST;
    if settings.database.url.sqlite_path().is_some() {
        // What a power cut takes from a database that was empty a moment ago can be made again.
        of_demo.database.require_fsync = false;
    }
    // Batches of the largest demo take their time.
    of_demo.database.statement_timeout = Duration::ZERO;
    let now = SystemClock.now();
    let clock = Arc::new(FixedClock::at(now));
    let context = application::open(&of_demo, Arc::<FixedClock>::clone(&clock))?;
    match demo::fill_to(&context, &clock, now, &arguments.size) {
        Ok(()) => {}
        Err(DemoError::NotEmpty) if arguments.if_empty => {}
        Err(error) => return Err(error.into()),
    }
    clock.set(now);
    if let Some(card) = Card::find(&context, &own_address(&settings.server))? {
        say(&card.to_string())?;
        if let Some(crowd) = arguments.size.crowd() {
            say(&crowd)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
