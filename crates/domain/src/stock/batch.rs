//! A batch: goods that came together, with one cost and one expiry.
//!
//! Keeps the law of value: taking q of a batch with L left and value V takes `V x q / L`, rounded half to even, and all
//! of V with the last piece. The unit cost is deliberately absent: only what is left of the value counts.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ids::{BatchId, ProductId, StoreId};
use crate::money::Money;
use crate::quantity::Quantity;

/// What is left of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The batch.
    pub id: BatchId,
    /// Its product.
    pub product_id: ProductId,
    /// How much is left, never below zero.
    pub left: Quantity,
    /// What the rest is worth; zero when nothing is left.
    pub value: Money,
    /// The last day on which it may be sold; `None` for goods that keep.
    pub expires_on: Option<NaiveDate>,
    /// In quarantine or recalled: never sold, ordered or transferred.
    pub is_blocked: bool,
    /// When it came, the tie-breaker of its expiry.
    pub received_at: DateTime<Utc>,
}

impl Batch {
    /// Whether it may be sold on `day`: not blocked and not past its expiry day.
    #[must_use]
    pub fn is_sellable_on(&self, day: NaiveDate) -> bool {
        !self.is_blocked && self.expires_on.is_none_or(|expires_on| day <= expires_on)
    }

    /// Takes `quantity` out and answers its value; `None`, and nothing is taken, for more than is left or less than
    /// nothing.
    pub fn take(&mut self, quantity: Quantity) -> Option<Money> {
        if quantity < Quantity::ZERO || quantity > self.left {
            return None;
        }
        let value = if quantity == self.left {
            self.value
        } else {
            self.value.scaled(quantity.thousandths(), self.left.thousandths())?
        };
        let (left, rest) = (self.left.checked_sub(quantity)?, self.value.checked_sub(value)?);
        (self.left, self.value) = (left, rest);
        Some(value)
    }

    /// Puts goods back with the value they left with; `None`, and nothing is put back, when the sums do not fit.
    #[must_use]
    pub fn put_back(&mut self, quantity: Quantity, value: Money) -> Option<()> {
        let (left, worth) = (self.left.checked_add(quantity)?, self.value.checked_add(value)?);
        (self.left, self.value) = (left, worth);
        Some(())
    }
}

/// The code printed on a batch: store, the day it came and its own id, which makes it unique.
#[must_use]
pub fn code(store_id: StoreId, received_on: NaiveDate, batch_id: BatchId) -> String {
    format!("S{store_id}-{}-{:04}", received_on.format("%y-%m-%d"), batch_id.get())
}

/// The batches of one product among batches sorted by product.
pub(super) fn of_product(batches: &mut [Batch], product_id: ProductId) -> &mut [Batch] {
    let start = batches.partition_point(|batch| batch.product_id < product_id);
    let end = batches.partition_point(|batch| batch.product_id <= product_id);
    batches.get_mut(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Batch, code};
    use crate::ids::{BatchId, StoreId};
    use crate::money::Money;
    use crate::quantity::Quantity;
    use crate::stock::builders::{batch, day};

    #[test]
    fn a_batch_is_sold_up_to_and_including_its_expiry_day() {
        let mut sold = batch(1, 1, 1, "1", Some(12));

        assert_eq!([11, 12, 13].map(|on| sold.is_sellable_on(day(on))), [true, true, false]);

        sold.expires_on = None;
        assert!(sold.is_sellable_on(NaiveDate::MAX));
    }

    #[test]
    fn a_blocked_batch_is_never_sold() {
        let blocked = Batch {
            is_blocked: true,
            ..batch(1, 1, 1, "1", Some(12))
        };

        assert!(!blocked.is_sellable_on(day(11)));
    }

    #[test]
    fn the_last_piece_takes_all_that_is_left_of_the_value() {
        let mut thirds = batch(1, 1, 3, "100", Some(12));

        let taken: Vec<_> = (0..3)
            .map(|_| thirds.take(Quantity::ONE).unwrap().to_string())
            .collect();

        assert_eq!(taken, ["33.33", "33.34", "33.33"]);
        assert_eq!((thirds.left, thirds.value), (Quantity::ZERO, Money::ZERO));
    }

    #[test]
    fn more_than_is_left_is_not_taken() {
        let mut short = batch(1, 1, 2, "10", Some(12));

        assert_eq!(short.take(Quantity::parse("2.001").unwrap()), None);
        assert_eq!(short.take(Quantity::parse("-1").unwrap()), None);
        assert_eq!(short, batch(1, 1, 2, "10", Some(12)));
    }

    #[test]
    fn the_code_ends_in_the_padded_id() {
        let codes = [7, 12_345].map(|id| code(StoreId::new(3), day(5), BatchId::new(id)));

        assert_eq!(codes, ["S3-26-03-05-0007", "S3-26-03-05-12345"]);
    }
}
