//! A provider's transaction: one try of a payer, as Payme and Click count them.
//!
//! At most one transaction of an order is open, over all providers; a constraint keeps that too. No call of a provider leaves an end, and whatever
//! is answered about a transaction is computed from what stands in its row, so that a repeat gets the same answer to the byte.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use crate::coded_enum;
use crate::ids::{PaymentId, TransactionId};
use crate::money::Money;
use crate::payment::Provider;

coded_enum! {
    /// Where a transaction stands.
    pub enum TransactionState {
        /// It holds its order: Payme's state 1, the attempt of Click that was prepared last.
        Open = "open",
        /// An attempt of Click that is prepared, while a newer one holds the order or nobody does any more.
        TakenOver = "taken_over",
        /// The money is here: Payme's state 2, a confirmed attempt of Click.
        Performed = "performed",
        /// Over before any money came: Payme's state -1, an attempt of Click that failed, expired or went with its order.
        Cancelled = "cancelled",
        /// Over after its money came, which is back: Payme's state -2, a reversed attempt of Click. An end.
        Reversed = "reversed",
    }
}

/// A moment in milliseconds since 1970 UTC, as Payme counts; zero where it was not reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(i64);

/// What the provider calls a transaction, as text: 24 hexadecimal digits of Payme, a 64-bit number of Click.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId(String);

/// A provider's transaction, as its row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Ours: what Payme is told as `transaction`, and Click as `merchant_prepare_id` and `merchant_confirm_id`.
    pub id: TransactionId,
    /// Payme or Click.
    pub provider: Provider,
    /// Theirs.
    pub external_id: ExternalId,
    /// The payment it is about.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: TransactionState,
    /// Why it was cancelled, in the provider's words: Payme's reason, Click's error. A performed attempt of Click has one where Click
    /// called it failed afterwards.
    pub reason: Option<i64>,
    /// When we made it.
    pub create_time: Millis,
    /// When the money came.
    pub perform_time: Millis,
    /// When it was cancelled, before or after the money came.
    pub cancel_time: Millis,
    /// The last moment at which it may still be performed.
    pub open_until: Millis,
    /// The number that Click shows its payer: what it reverses by. Nobody signed it.
    pub paydoc_id: Option<i64>,
}

impl TransactionState {
    /// Whether money may still come by it.
    #[must_use]
    pub const fn is_prepared(self) -> bool {
        match self {
            Self::Open | Self::TakenOver => true,
            Self::Performed | Self::Cancelled | Self::Reversed => false,
        }
    }

    /// Where it may go from here. A cancelled one is performed after all only where a person found that Click had taken the money; no call of
    /// a provider does it.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Open => &[Self::TakenOver, Self::Performed, Self::Cancelled],
            Self::TakenOver => &[Self::Performed, Self::Cancelled],
            Self::Performed => &[Self::Reversed],
            Self::Cancelled => &[Self::Performed],
            Self::Reversed => &[],
        }
    }

    /// The state in Payme's numbers (Payme Merchant API: 1, 2, -1, -2).
    #[must_use]
    pub const fn payme_number(self) -> i64 {
        match self {
            Self::Open | Self::TakenOver => 1,
            Self::Performed => 2,
            Self::Cancelled => -1,
            Self::Reversed => -2,
        }
    }
}

impl Millis {
    /// Not reached.
    pub const NONE: Self = Self(0);

    /// A moment that a provider sent, or a row holds.
    #[must_use]
    pub const fn new(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// A moment of ours, without what is shorter than a millisecond.
    #[must_use]
    pub const fn of(moment: DateTime<Utc>) -> Self {
        Self(moment.timestamp_millis())
    }

    /// The milliseconds.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// So much later; the last moment there is where it does not fit.
    #[must_use]
    pub const fn after(self, span: TimeDelta) -> Self {
        Self(self.0.saturating_add(span.num_milliseconds()))
    }
}

impl ExternalId {
    /// The longest that is kept, in characters.
    pub const LENGTH_MAX: usize = 64;

    /// An id as a provider sent it; `None` for one that no row could hold: empty, too long, or with a character that is not printed.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let is_kept = (1..=Self::LENGTH_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        is_kept.then(|| Self(text.to_owned()))
    }

    /// The id behind a number.
    #[must_use]
    pub fn of_number(number: i64) -> Self {
        Self(number.to_string())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Transaction {
    /// Where it stands after a step at `at`.
    pub(super) const fn set(&mut self, to: TransactionState, reason: Option<i64>, at: Millis) {
        self.state = to;
        if reason.is_some() {
            self.reason = reason;
        }
        match to {
            TransactionState::Open | TransactionState::TakenOver => {}
            TransactionState::Performed => self.perform_time = at,
            TransactionState::Cancelled | TransactionState::Reversed => self.cancel_time = at,
        }
    }

    /// Whether its time is over while it waits for its money.
    #[must_use]
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.state.is_prepared() && self.open_until < Millis::of(now)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{ExternalId, Millis, TransactionState};
    use crate::coded::Coded;

    #[test]
    fn a_transaction_goes_as_the_table_says() {
        let mut steps = Vec::new();
        for from in TransactionState::ALL {
            steps.extend(from.next().iter().map(|to| format!("{from} -> {to}")));
        }

        let expected = [
            "open -> taken_over",
            "open -> performed",
            "open -> cancelled",
            "taken_over -> performed",
            "taken_over -> cancelled",
            "performed -> reversed",
            "cancelled -> performed",
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn payme_counts_four_states() {
        let numbers: Vec<_> = TransactionState::ALL
            .iter()
            .map(|state| (state.code(), state.payme_number()))
            .collect();

        let expected = [
            ("open", 1),
            ("taken_over", 1),
            ("performed", 2),
            ("cancelled", -1),
            ("reversed", -2),
        ];
        assert_eq!(numbers, expected);
    }

    #[test]
    fn a_moment_is_counted_in_whole_milliseconds() {
        let moment = DateTime::UNIX_EPOCH + TimeDelta::microseconds(1_790_000_000_123_999);

        assert_eq!(Millis::of(moment), Millis::new(1_790_000_000_123));
        assert_eq!(Millis::new(5).after(TimeDelta::hours(12)), Millis::new(43_200_005));
        assert_eq!(Millis::new(i64::MAX).after(TimeDelta::hours(12)).get(), i64::MAX);
    }

    #[test]
    fn an_id_that_no_row_could_hold_is_none() {
        assert_eq!(ExternalId::new("5305e3bab097f420a62ced0b").unwrap().as_str().len(), 24);
        assert!(ExternalId::new(&"ы".repeat(64)).is_some());
        for text in ["", "a\0b", "a\nb", &"a".repeat(65)] {
            assert_eq!(ExternalId::new(text), None, "{text:?}");
        }
        assert_eq!(
            ExternalId::of_number(i64::MAX),
            ExternalId::new("9223372036854775807").unwrap()
        );
    }
}
