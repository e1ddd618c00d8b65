//! The worker: what is done without anybody waiting for it.
//!
//! Messages of the outbox are sent, scheduled jobs run, each by one of however many processes there are: a claim is a lease in
//! the database, which ends by itself when its holder dies. Each kind of work has a thread of its own, so that a slow gateway
//! holds up nothing else. A stop finishes what was begun and gives back what was not.

mod asking;
mod breaker;
mod clicking;
mod comparing;
mod dead;
mod held;
mod letters;
mod registering;
mod running;
mod schedule;
mod sending;
mod sinks;
mod texts;
mod writing;

use std::sync::Mutex;

use crate::gateways::Gateways;
use crate::{Context, Result};

pub use dead::{DeadLettersView, dead_letters};
pub(crate) use letters::reset as reset_letter;
pub use letters::{LinkProblem, ResetLink};
pub use running::Running;
use savdo_persistence::audit::Horizon;
pub use sinks::Sink;
use sinks::Stations;
pub(crate) use texts::known as known_text;
pub(crate) use writing::Written;

/// What the worker of a process is made from.
#[derive(Clone)]
pub struct RunnerSettings {
    /// What use-cases work with.
    pub context: Context,
    /// What sends messages.
    pub gateways: Gateways,
    /// Where a letter for a new password leads to.
    pub reset_link: ResetLink,
}

/// Does the work that is due; by hand in tests, else in threads of its own.
pub struct Runner {
    context: Context,
    gateways: Gateways,
    reset_link: ResetLink,
    /// Tells this process from all others.
    name: String,
    stations: Stations,
    /// How far the audit log went when it was last looked at, until that much of it is final.
    audit_seen: Mutex<Option<Horizon>>,
}

impl Runner {
    /// A worker with a name of its own.
    ///
    /// # Errors
    /// A system without randomness.
    pub fn new(settings: RunnerSettings) -> Result<Self> {
        let RunnerSettings {
            context,
            gateways,
            reset_link,
        } = settings;
        let name = format!("{:016x}", chance()?);
        Ok(Self {
            context,
            gateways,
            reset_link,
            name,
            stations: Stations::default(),
            audit_seen: Mutex::new(None),
        })
    }
}

fn chance() -> Result<u64> {
    let random = getrandom::u64().map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
    Ok(random)
}
