//! Leaves a gateway alone that keeps failing.

use chrono::{DateTime, TimeDelta, Utc};

const FAILURES_MAX: u32 = 5;
const OPEN_FOR: TimeDelta = TimeDelta::seconds(30);

/// Five failures in a row open it for half a minute; then one message tries whether the gateway is back.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    open_until: Option<DateTime<Utc>>,
}

impl Breaker {
    /// How many of `wanted` messages may be tried now.
    pub(super) fn admits(&self, wanted: i64, now: DateTime<Utc>) -> i64 {
        match self.open_until {
            Some(until) if now < until => 0,
            Some(_) => wanted.min(1),
            None => wanted,
        }
    }

    /// The gateway answered, be it a refusal of this one message.
    pub(super) fn note_answer(&mut self) {
        *self = Self::default();
    }

    /// The gateway did not take it and may not take others.
    pub(super) fn note_failure(&mut self, now: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES_MAX {
            self.open_until = now.checked_add_signed(OPEN_FOR);
        }
    }

    /// Whether nothing may be tried now.
    pub(super) fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.admits(1, now) == 0
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Breaker;

    #[test]
    fn five_failures_in_a_row_leave_the_gateway_alone_for_a_while() {
        let now = DateTime::<Utc>::from_timestamp(1_790_000_000, 0).unwrap();
        let later = |seconds| now + TimeDelta::seconds(seconds);
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            breaker.note_failure(now);
        }
        breaker.note_answer();
        for _ in 0..4 {
            breaker.note_failure(now);
        }
        assert_eq!(breaker.admits(4, now), 4);

        breaker.note_failure(now);

        assert!(breaker.is_open(later(29)));
        assert_eq!(breaker.admits(4, later(30)), 1);
        breaker.note_failure(later(30));
        assert!(breaker.is_open(later(59)));
        assert_eq!(breaker.admits(4, later(60)), 1);
        breaker.note_answer();
        assert_eq!(breaker.admits(4, later(60)), 4);
    }
}
