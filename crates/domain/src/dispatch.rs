//! What becomes of a message on its way out: sent, tried again, given up.
//!
//! A dispatch is one message to one sink. Each try ends in an [`Outcome`]; [`Patience`] says what follows, so that a sink that is
//! down is asked ever more rarely and not by all at once. Deliberately absent: what a message says and how it travels.

use chrono::{DateTime, TimeDelta, Utc};

use crate::coded_enum;

coded_enum! {
    /// Where a dispatch stands.
    pub enum DispatchStatus {
        /// To be sent when it is due.
        Waiting = "waiting",
        /// Somebody is sending it.
        Leased = "leased",
        /// The sink took it.
        Sent = "sent",
        /// The sink will never take it.
        Failed = "failed",
        /// Given up after many tries; may be sent again by hand.
        Dead = "dead",
        /// There is nothing to send any more.
        Dismissed = "dismissed",
        /// The sink may or may not have taken it, and it must not come twice.
        Unknown = "unknown",
    }
}

coded_enum! {
    /// What a provider reports of a message that it took, in the order of its way: a later one is never taken back by an earlier.
    pub enum Report {
        /// It is on its way.
        Accepted = "accepted",
        /// It did not arrive in time, or nobody can get it.
        Undelivered = "undelivered",
        /// It arrived.
        Delivered = "delivered",
    }
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The sink took it.
    Sent,
    /// The sink surely did not take it now and may later.
    Retry {
        /// What it said.
        why: String,
        /// How long it asks to be left alone.
        after: Option<TimeDelta>,
    },
    /// The sink will never take it.
    Permanent {
        /// What it said.
        why: String,
    },
    /// The connection was lost between handing it over and the answer.
    Unknown {
        /// What happened.
        why: String,
    },
    /// It turned out that there is nothing to send.
    Pointless {
        /// Why.
        why: String,
    },
}

/// What follows a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is over.
    Over(DispatchStatus),
    /// It is tried again at this time.
    Again(DateTime<Utc>),
}

/// How often a message is tried, and what if nobody knows whether it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The most tries.
    pub tries_max: i64,
    /// Whether a message that may have arrived is sent again.
    pub repeats_unknown: bool,
}

/// The waits after the first try, the second, and so on; the last one for all further.
const WAITS_SECONDS: [i64; 6] = [10, 60, 5 * 60, 30 * 60, 2 * 60 * 60, 6 * 60 * 60];
/// A wait is up to a fifth shorter or longer, so that what failed together does not come back together.
const JITTER_PER_MILLE: i64 = 200;

impl Patience {
    /// What follows the try number `tries`, from 1, that ended at `now`; `chance` is any random number.
    #[must_use]
    pub fn after(self, tries: i64, outcome: &Outcome, now: DateTime<Utc>, chance: u32) -> Fate {
        match outcome {
            Outcome::Sent => Fate::Over(DispatchStatus::Sent),
            Outcome::Permanent { .. } => Fate::Over(DispatchStatus::Failed),
            Outcome::Pointless { .. } => Fate::Over(DispatchStatus::Dismissed),
            Outcome::Unknown { .. } if !self.repeats_unknown => Fate::Over(DispatchStatus::Unknown),
            Outcome::Unknown { .. } => self.again(tries, None, now, chance),
            Outcome::Retry { after, .. } => self.again(tries, *after, now, chance),
        }
    }

    /// Whether a message that was tried so often is tried no more, whatever became of the last try.
    #[must_use]
    pub const fn is_spent(self, tries: i64) -> bool {
        tries >= self.tries_max
    }

    fn again(self, tries: i64, asked: Option<TimeDelta>, now: DateTime<Utc>, chance: u32) -> Fate {
        if self.is_spent(tries) {
            return Fate::Over(DispatchStatus::Dead);
        }
        let wait = wait(tries, chance).max(asked.unwrap_or_default());
        Fate::Again(now.checked_add_signed(wait).unwrap_or(now))
    }
}

fn wait(tries: i64, chance: u32) -> TimeDelta {
    let index = usize::try_from(tries.saturating_sub(1)).unwrap_or_default();
    let [.., longest] = WAITS_SECONDS;
    let seconds = WAITS_SECONDS.get(index).copied().unwrap_or(longest);
    let per_mille = 1000 - JITTER_PER_MILLE + i64::from(chance) % (2 * JITTER_PER_MILLE + 1);
    TimeDelta::milliseconds(seconds * per_mille)
}

impl Outcome {
    /// What the sink said, for whoever looks after failures.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Sent => "",
            Self::Retry { why, .. } | Self::Permanent { why } | Self::Unknown { why } | Self::Pointless { why } => why,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;

    use super::{DispatchStatus, Fate, Outcome, Patience, WAITS_SECONDS};

    const MAIL: Patience = Patience {
        tries_max: 6,
        repeats_unknown: false,
    };

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap()
    }

    fn retry(after: Option<TimeDelta>) -> Outcome {
        let why = "451".to_owned();
        Outcome::Retry { why, after }
    }

    fn waits(chance: u32) -> Vec<i64> {
        let fates = (1..=6).map(|tries| MAIL.after(tries, &retry(None), now(), chance));
        let waits = fates.map(|fate| match fate {
            Fate::Again(at) => (at - now()).num_milliseconds(),
            Fate::Over(_) => -1,
        });
        waits.collect()
    }

    #[test]
    fn waits_grow_and_end_in_a_dead_letter() {
        assert_eq!(waits(200), [10_000, 60_000, 300_000, 1_800_000, 7_200_000, -1]);
        assert_eq!(waits(0), [8_000, 48_000, 240_000, 1_440_000, 5_760_000, -1]);
        assert_eq!(waits(400), [12_000, 72_000, 360_000, 2_160_000, 8_640_000, -1]);
        assert_eq!(MAIL.after(6, &retry(None), now(), 0), Fate::Over(DispatchStatus::Dead));
    }

    #[test]
    fn each_outcome_leads_where_it_must() {
        let why = || "x".to_owned();
        let over = |outcome| MAIL.after(1, &outcome, now(), 0);

        assert_eq!(over(Outcome::Sent), Fate::Over(DispatchStatus::Sent));
        assert_eq!(
            over(Outcome::Permanent { why: why() }),
            Fate::Over(DispatchStatus::Failed)
        );
        assert_eq!(
            over(Outcome::Pointless { why: why() }),
            Fate::Over(DispatchStatus::Dismissed)
        );
        assert_eq!(
            over(Outcome::Unknown { why: why() }),
            Fate::Over(DispatchStatus::Unknown)
        );
        let code = Patience {
            repeats_unknown: true,
            ..MAIL
        };
        assert_eq!(
            code.after(1, &Outcome::Unknown { why: why() }, now(), 200),
            Fate::Again(now() + TimeDelta::seconds(10))
        );
    }

    #[test]
    fn a_sink_that_asks_to_be_left_alone_is() {
        let asked = TimeDelta::minutes(10);

        let fate = MAIL.after(1, &retry(Some(asked)), now(), 400);

        assert_eq!(fate, Fate::Again(now() + asked));
    }

    proptest! {
        // A wait is within a fifth of the one in the table, whatever the chance.
        #[test]
        fn jitter_stays_within_a_fifth(tries in 1_i64..6, chance: u32) {
            let Fate::Again(at) = MAIL.after(tries, &retry(None), now(), chance) else {
                return Err(TestCaseError::fail("given up too early"));
            };
            let plain = WAITS_SECONDS[usize::try_from(tries).unwrap() - 1] * 1000;
            let wait = (at - now()).num_milliseconds();
            prop_assert!(wait * 10 >= plain * 8 && wait * 10 <= plain * 12, "{wait} of {plain}");
        }
    }
}
