//! When a sale may have been made.
//!
//! A counter that was cut off tells its sales later, and its clock may run ahead a little.

use chrono::{DateTime, TimeDelta, Utc};

use crate::fields::FieldProblem;
use crate::zone::Zone;

/// How far the clock of a counter may run ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// For how long a counter may have been cut off.
const BEHIND: TimeDelta = TimeDelta::days(30);

/// The moment of a sale that is told at `now`.
///
/// # Errors
/// The bounds, written in `zone`, of a moment outside them.
pub fn check_sold_at(sold_at: DateTime<Utc>, now: DateTime<Utc>, zone: Zone) -> Result<DateTime<Utc>, FieldProblem> {
    let (earliest, latest) = (now - BEHIND, now + AHEAD);
    if (earliest..=latest).contains(&sold_at) {
        return Ok(sold_at);
    }
    Err(FieldProblem::OutOfRange {
        min: zone.write(earliest),
        max: zone.write(latest),
    })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::check_sold_at;
    use crate::fields::FieldProblem;
    use crate::zone::Zone;

    #[test]
    fn a_sale_was_made_in_the_last_thirty_days_or_in_the_next_five_minutes() {
        let now: DateTime<Utc> = "2026-03-12T05:00:00Z".parse().unwrap();
        let judged = |at| check_sold_at(at, now, Zone::TASHKENT);
        let outside = Err(FieldProblem::OutOfRange {
            min: "2026-02-10T10:00:00+05:00".to_owned(),
            max: "2026-03-12T10:05:00+05:00".to_owned(),
        });

        for at in [now, now - TimeDelta::days(30), now + TimeDelta::minutes(5)] {
            assert_eq!(judged(at), Ok(at));
        }
        let moment = TimeDelta::microseconds(1);
        assert_eq!(judged(now - TimeDelta::days(30) - moment), outside);
        assert_eq!(judged(now + TimeDelta::minutes(5) + moment), outside);
    }
}
