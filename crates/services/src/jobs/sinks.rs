//! Where messages go: one thread, one breaker and one patience for each, so that a sink that fails holds up no other.

use std::sync::{Mutex, MutexGuard, PoisonError};

use savdo_domain::coded_enum;
use savdo_domain::dispatch::Patience;

use super::breaker::Breaker;
use super::held::Held;
use crate::events::Event;

coded_enum! {
    /// What takes messages out of the process.
    pub enum Sink {
        /// Letters.
        Mail = "email",
        /// What is made of a code that somebody waits for: it stands behind no other message.
        Codes = "codes",
        /// The messages that people find in their lists, and those made from the same event for other sinks.
        Notices = "notices",
        /// Short messages.
        Sms = "sms",
    }
}

/// As often as a message is tried that nobody waits for.
const TRIES_MAX: i64 = 6;
/// As often as one is that expires.
const CODE_TRIES_MAX: i64 = 2;

impl Sink {
    /// How often the message of an event is tried, and what if nobody knows whether it arrived.
    pub(super) const fn patience(self, event: Option<Event>) -> Patience {
        match (self, event) {
            // Writing it twice does nothing the second time.
            (Self::Codes | Self::Notices, _) => Patience {
                tries_max: TRIES_MAX,
                repeats_unknown: true,
            },
            // A link is worth nothing later and the same on every try: one that may have arrived is sent again.
            (Self::Mail, _) => Patience {
                tries_max: TRIES_MAX,
                repeats_unknown: true,
            },
            // A code is soon worth nothing, and the same on every try.
            (Self::Sms, Some(Event::CodeRequested)) => Patience {
                tries_max: CODE_TRIES_MAX,
                repeats_unknown: true,
            },
            (Self::Sms, _) => Patience {
                tries_max: TRIES_MAX,
                repeats_unknown: false,
            },
        }
    }
}

/// What this process knows of a sink.
#[derive(Default)]
pub(super) struct Station {
    breaker: Mutex<Breaker>,
    /// Messages that could not be put down, the database being away.
    pub(super) held: Mutex<Vec<Held>>,
}

impl Station {
    pub(super) fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What this process knows of all sinks.
#[derive(Default)]
pub(super) struct Stations {
    mail: Station,
    sms: Station,
    codes: Station,
    notices: Station,
}

impl Stations {
    pub(super) const fn of(&self, sink: Sink) -> &Station {
        match sink {
            Sink::Mail => &self.mail,
            Sink::Sms => &self.sms,
            Sink::Codes => &self.codes,
            Sink::Notices => &self.notices,
        }
    }
}
