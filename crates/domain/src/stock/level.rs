//! What a level keeps of its batches, and what a product costs.
//!
//! `sellable` and `nearest_expiry` are a summary written with each change. It is right while [`Level::is_current_on`]
//! says so and else taken anew from the batches; no job is needed for it to be right.

use chrono::NaiveDate;

use crate::money::Money;
use crate::quantity::Quantity;
use crate::stock::batch::Batch;

/// The stock of one product at one location.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Level {
    /// All that lies there: the sum over its batches.
    pub on_hand: Quantity,
    /// What of it can be sold: neither expired nor blocked.
    pub sellable: Quantity,
    /// The earliest expiry day among the sellable batches that have one.
    pub nearest_expiry: Option<NaiveDate>,
}

impl Level {
    /// The summary of all batches of one product at one location on `day`; `None` when a sum does not fit.
    #[must_use]
    pub fn of(batches: &[Batch], day: NaiveDate) -> Option<Self> {
        batches
            .iter()
            .try_fold(Self::default(), |level, batch| level.with(batch.left, batch, day))
    }

    /// This level after `quantity` came in a new batch with this expiry; `None` when a sum does not fit.
    ///
    /// A summary that was no longer current stays marked so: its nearest expiry is never moved past.
    #[must_use]
    pub fn after_receipt(self, quantity: Quantity, expires_on: Option<NaiveDate>, day: NaiveDate) -> Option<Self> {
        let on_hand = self.on_hand.checked_add(quantity)?;
        if expires_on.is_some_and(|expires_on| expires_on < day) {
            return Some(Self { on_hand, ..self });
        }
        let sellable = self.sellable.checked_add(quantity)?;
        Some(Self {
            on_hand,
            sellable,
            nearest_expiry: earliest(self.nearest_expiry, expires_on),
        })
    }

    /// Whether the summary still holds on `day`: no batch counted as sellable has expired meanwhile.
    #[must_use]
    pub fn is_current_on(&self, day: NaiveDate) -> bool {
        self.nearest_expiry.is_none_or(|nearest_expiry| day <= nearest_expiry)
    }

    fn with(self, left: Quantity, batch: &Batch, day: NaiveDate) -> Option<Self> {
        let on_hand = self.on_hand.checked_add(left)?;
        if left.is_zero() || !batch.is_sellable_on(day) {
            return Some(Self { on_hand, ..self });
        }
        let sellable = self.sellable.checked_add(left)?;
        Some(Self {
            on_hand,
            sellable,
            nearest_expiry: earliest(self.nearest_expiry, batch.expires_on),
        })
    }
}

/// The average purchase price of a product: value left over quantity left in all its batches of the store, half to
/// even.
///
/// With nothing left it is the unit cost of the newest batch, and without any batch the price given at creation.
#[must_use]
pub fn purchase_price(
    value_left: Money,
    quantity_left: Quantity,
    newest_cost: Option<Money>,
    first_cost: Money,
) -> Money {
    value_left.per(quantity_left).or(newest_cost).unwrap_or(first_cost)
}

fn earliest(one: Option<NaiveDate>, other: Option<NaiveDate>) -> Option<NaiveDate> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::{Level, purchase_price};
    use crate::money::Money;
    use crate::quantity::Quantity;
    use crate::stock::batch::Batch;
    use crate::stock::builders::{batch, day, money, pieces};

    #[test]
    fn a_level_counts_the_blocked_and_expired_only_as_on_hand() {
        let blocked = Batch {
            is_blocked: true,
            ..batch(1, 1, 1, "0", Some(20))
        };
        let dated = [(2, 11), (4, 12), (0, 12)].map(|(left, expires_on)| batch(1, 1, left, "0", Some(expires_on)));
        let batches: Vec<Batch> = dated.into_iter().chain([batch(1, 1, 8, "0", None), blocked]).collect();

        let level = Level::of(&batches, day(12));

        let expected = Level {
            on_hand: pieces(15),
            sellable: pieces(12),
            nearest_expiry: Some(day(12)),
        };
        assert_eq!(level, Some(expected));
        assert_eq!([12, 13].map(|on| expected.is_current_on(day(on))), [true, false]);
    }

    #[test]
    fn goods_received_late_are_on_hand_but_not_sellable() {
        let level = Level {
            on_hand: pieces(5),
            sellable: pieces(5),
            nearest_expiry: Some(day(15)),
        };

        let after =
            [Some(day(11)), Some(day(12)), None].map(|expires| level.after_receipt(pieces(1), expires, day(12)));

        let expected = [(5, 15), (6, 12), (6, 15)].map(|(sellable, nearest)| {
            Some(Level {
                on_hand: pieces(6),
                sellable: pieces(sellable),
                nearest_expiry: Some(day(nearest)),
            })
        });
        assert_eq!(after, expected);
    }

    #[test]
    fn the_purchase_price_is_the_average_of_what_is_left() {
        let price = |value, left| purchase_price(money(value), pieces(left), Some(money("7")), money("3"));

        assert_eq!(price("2005.50", 15), money("133.70"));
        assert_eq!(price("1603.30", 11), money("145.75"));
        assert_eq!(price("0", 0), money("7"));
        assert_eq!(
            purchase_price(Money::ZERO, Quantity::ZERO, None, money("3")),
            money("3")
        );
    }
}
