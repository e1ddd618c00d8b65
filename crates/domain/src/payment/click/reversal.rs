//! Having Click give money back: when it can, and what follows a try (contract 3.6, refund job).
//!
//! A try whose outcome is unknown is never followed by another before Click was asked where the payment stands.

use chrono::{Datelike, NaiveDate};

use crate::payment::click::ClickStatus;

/// How a try to reverse ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReversalAnswer {
    /// Click reversed it.
    Done,
    /// Click will not.
    Refused,
    /// No answer, or none that says what happened.
    Unknown,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextTry {
    /// The money is back: the payment is refunded.
    Settle,
    /// Try once more, after a while.
    Reverse,
    /// Ask where the payment stands, after a while, before anything else.
    Ask,
    /// A person gives it back by hand; the order stays `refund_pending`.
    ByHand,
}

impl ReversalAnswer {
    /// What follows a try.
    #[must_use]
    pub const fn next(self) -> NextTry {
        match self {
            Self::Done => NextTry::Settle,
            Self::Refused => NextTry::ByHand,
            Self::Unknown => NextTry::Ask,
        }
    }
}

impl ClickStatus {
    /// What follows an answer to where a payment stands whose reversal has an unknown outcome.
    #[must_use]
    pub const fn next_try(self) -> NextTry {
        match self {
            Self::Failed => NextTry::Settle,
            Self::Successful => NextTry::Reverse,
            Self::UnderWay | Self::Unknown => NextTry::Ask,
        }
    }
}

/// Whether Click reverses a payment of `performed` on `today`, both days of Tashkent: one of this month, and on the first one of last month.
#[must_use]
pub fn is_reversible(performed: NaiveDate, today: NaiveDate) -> bool {
    let month = |day: NaiveDate| {
        i64::from(day.year())
            .saturating_mul(12)
            .saturating_add(i64::from(day.month0()))
    };
    match month(today).saturating_sub(month(performed)) {
        0 => true,
        1 => today.day() == 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{NextTry, ReversalAnswer, is_reversible};
    use crate::payment::click::ClickStatus;

    #[test]
    fn an_unknown_outcome_is_asked_for_before_another_try() {
        let next = [ReversalAnswer::Done, ReversalAnswer::Refused, ReversalAnswer::Unknown].map(ReversalAnswer::next);
        let after_asking = [-1, 0, 1, 2, 9].map(|number| ClickStatus::of(number).next_try());

        assert_eq!(next, [NextTry::Settle, NextTry::ByHand, NextTry::Ask]);
        let expected = [
            NextTry::Settle,
            NextTry::Ask,
            NextTry::Ask,
            NextTry::Reverse,
            NextTry::Ask,
        ];
        assert_eq!(after_asking, expected);
    }

    #[test]
    fn a_payment_is_reversed_in_its_month_and_on_the_first_of_the_next() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let performed = day(2026, 12, 5);

        let days = [
            day(2026, 12, 5),
            day(2026, 12, 31),
            day(2027, 1, 1),
            day(2027, 1, 2),
            day(2027, 2, 1),
            day(2026, 11, 30),
        ];
        let reversible = days.map(|today| is_reversible(performed, today));

        assert_eq!(reversible, [true, true, true, false, false, false]);
    }
}
