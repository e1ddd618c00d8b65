//! Where messages go: one thread, one breaker and one patience for each, so that a sink that fails holds up no other.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use savdo_domain::coded_enum;
use savdo_domain::dispatch::{DispatchStatus, Patience};

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
        /// What Click is asked: money to go back, where a payment stands, and to register a sale.
        Click = "click",
    }
}

/// As often as a message is tried that nobody waits for.
const TRIES_MAX: i64 = 6;
/// As often as Click is asked for somebody's money: a good day long.
const MONEY_TRIES_MAX: i64 = 10;
/// As often as one is that expires.
const CODE_TRIES_MAX: i64 = 2;

impl Sink {
    /// The sink that has a message of an event from the start.
    pub(crate) const fn of(event: Event) -> Option<Self> {
        if matches!(
            event,
            Event::ReversalRequested | Event::StatusQuestioned | Event::FiscalDue
        ) {
            Some(Self::Click)
        } else if event.is_told() {
            Some(Self::Notices)
        } else {
            None
        }
    }

    /// What a try may take, with some room.
    pub(super) const fn longest_try(self) -> TimeDelta {
        match self {
            // A second provider included.
            Self::Mail | Self::Codes | Self::Notices | Self::Sms => TimeDelta::seconds(22),
            // Asked for its number on two days, where it stands, to give back, and where it stands then.
            Self::Click => TimeDelta::seconds(54),
        }
    }

    /// Where a message is left that the sink will never take: money is looked after by people, as what was given up.
    pub(super) const fn end(self, status: DispatchStatus) -> DispatchStatus {
        match (self, status) {
            (Self::Click, DispatchStatus::Failed) => DispatchStatus::Dead,
            (_, status) => status,
        }
    }

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
            // Where the payment stands is asked before money is given back a second time.
            (Self::Click, _) => Patience {
                tries_max: MONEY_TRIES_MAX,
                repeats_unknown: true,
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
    click: Station,
}

impl Stations {
    pub(super) const fn of(&self, sink: Sink) -> &Station {
        match sink {
            Sink::Mail => &self.mail,
            Sink::Sms => &self.sms,
            Sink::Codes => &self.codes,
            Sink::Notices => &self.notices,
            Sink::Click => &self.click,
        }
    }
}
