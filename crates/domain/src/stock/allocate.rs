//! Which batches a document takes, and which of its lines gets what of them.
//!
//! First expired first out: goods that keep come last, ties go by time of receipt and then id. Quantities are summed
//! per product before anything is taken, so that a shortage names every short product and takes nothing. The caller
//! holds the locks and reads the batches after them; here nothing waits.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::ids::{BatchId, ProductId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::stock::batch::{Batch, of_product};
use crate::stock::level::Level;
use crate::stock::location::Place;
use crate::stock::movement::{self, BatchChange, Movement};
use crate::stock::refusal::{ShortLine, StockRefusal};
use crate::stock::share_out::share_out;

/// Which batches may be taken, and in what order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Sales, orders and transfers: neither expired nor blocked, first expired first out.
    SellableOnly,
    /// Write-offs, counts and corrections: what cannot be sold first, then the rest, both first expired first out.
    UnsellableFirst,
    /// This batch alone, sellable or not.
    ThisBatch(BatchId),
}

/// How goods are to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdraw {
    /// Where from.
    pub place: Place,
    /// From which batches.
    pub policy: Policy,
    /// The store's today, which decides what is expired.
    pub day: NaiveDate,
}

/// What one line of a document asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand<'a> {
    /// The line of the document, from 1; 0 where there is no document.
    pub line: i64,
    /// The product.
    pub product_id: ProductId,
    /// Its name, for the refusal.
    pub product_name: &'a str,
    /// How much, above zero.
    pub quantity: Quantity,
}

/// Goods taken out: one movement per product, in the order of product ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The movements, with quantities below zero.
    pub movements: Vec<Movement>,
}

impl Withdrawal {
    /// What the goods of each line cost, by line; `None` when a sum does not fit.
    #[must_use]
    pub fn costs_by_line(&self) -> Option<BTreeMap<i64, Money>> {
        movement::costs_by_line(&self.movements)
    }
}

impl Withdraw {
    /// Allocates the demands, in line order, over the batches of their products at the place, in any order.
    ///
    /// # Errors
    /// [`StockRefusal::Insufficient`] with every short product, [`StockRefusal::BatchShort`] for a named batch, and
    /// [`StockRefusal::AmountOutOfRange`] when a sum does not fit.
    pub fn allocate(&self, mut batches: Vec<Batch>, demands: &[Demand<'_>]) -> Result<Withdrawal, StockRefusal> {
        batches.sort_unstable_by_key(|batch| {
            let keeps = batch.expires_on.is_none();
            (
                batch.product_id,
                self.rank(batch),
                keeps,
                batch.expires_on,
                batch.received_at,
                batch.id,
            )
        });
        let mut lines: Vec<&Demand<'_>> = demands.iter().filter(|demand| demand.quantity.is_positive()).collect();
        lines.sort_by_key(|demand| demand.product_id);

        let mut movements = Vec::with_capacity(lines.len());
        let mut shortages = Vec::new();
        for lines in lines.chunk_by(|one, next| one.product_id == next.product_id) {
            let Some(first) = lines.first() else { continue };
            let drawn = self.draw(of_product(&mut batches, first.product_id), lines);
            match drawn.ok_or(StockRefusal::AmountOutOfRange)? {
                Drawn::Enough(movement) => movements.push(movement),
                Drawn::Short { available, requested } => shortages.push(self.short(first, available, requested)?),
            }
        }
        if shortages.is_empty() {
            Ok(Withdrawal { movements })
        } else {
            Err(StockRefusal::Insufficient(shortages))
        }
    }

    /// Takes what the lines of one product ask for from its sorted batches; `None` when a sum does not fit.
    fn draw(&self, batches: &mut [Batch], lines: &[&Demand<'_>]) -> Option<Drawn> {
        let requested = Quantity::checked_sum(lines.iter().map(|line| line.quantity))?;
        let takeable = batches.iter().filter(|batch| self.may_take(batch));
        let available = Quantity::checked_sum(takeable.map(|batch| batch.left))?;
        if available < requested {
            return Some(Drawn::Short { available, requested });
        }
        let changes = self.take(batches, requested)?;
        Some(Drawn::Enough(Movement {
            product_id: lines.first()?.product_id,
            quantity: requested.checked_neg()?,
            value: Money::checked_sum(changes.iter().map(|change| change.value))?,
            parts: share_out(&changes, lines)?,
            level: Level::of(batches, self.day)?,
            batches: changes,
        }))
    }

    /// Takes `requested` from the batches in their order.
    fn take(&self, batches: &mut [Batch], requested: Quantity) -> Option<Vec<BatchChange>> {
        let mut changes = Vec::new();
        let mut missing = requested;
        for batch in batches
            .iter_mut()
            .filter(|batch| batch.left.is_positive() && self.may_take(batch))
        {
            if missing.is_zero() {
                break;
            }
            let quantity = missing.min(batch.left);
            let value = batch.take(quantity)?;
            missing = missing.checked_sub(quantity)?;
            changes.push(BatchChange::of(batch, quantity.checked_neg()?, value.checked_neg()?));
        }
        Some(changes)
    }

    fn may_take(&self, batch: &Batch) -> bool {
        match self.policy {
            Policy::SellableOnly => batch.is_sellable_on(self.day),
            Policy::UnsellableFirst => true,
            Policy::ThisBatch(id) => batch.id == id,
        }
    }

    /// Batches of a higher rank are taken first.
    fn rank(&self, batch: &Batch) -> Reverse<bool> {
        match self.policy {
            Policy::SellableOnly | Policy::ThisBatch(_) => Reverse(true),
            Policy::UnsellableFirst => Reverse(!batch.is_sellable_on(self.day)),
        }
    }

    /// A product of which there is too little: one of the shortages, or the end of the named batch.
    fn short(&self, line: &Demand<'_>, available: Quantity, requested: Quantity) -> Result<ShortLine, StockRefusal> {
        match self.policy {
            Policy::ThisBatch(batch_id) => Err(StockRefusal::BatchShort {
                batch_id,
                available,
                requested,
            }),
            Policy::SellableOnly | Policy::UnsellableFirst => Ok(ShortLine {
                product_id: line.product_id,
                product_name: line.product_name.to_owned(),
                place: self.place,
                available,
                requested,
            }),
        }
    }
}

enum Drawn {
    Enough(Movement),
    Short { available: Quantity, requested: Quantity },
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;

    use super::{Demand, Policy, Withdraw};
    use crate::ids::{BatchId, LocationId, ProductId};
    use crate::stock::batch::Batch;
    use crate::stock::builders::{batch, day, money, pieces};
    use crate::stock::level::Level;
    use crate::stock::location::{LocationKind, Place};
    use crate::stock::movement::{BatchChange, Movement, Part};
    use crate::stock::refusal::{ShortLine, StockRefusal};

    const PLACE: Place = Place {
        location_id: LocationId::new(1),
        kind: LocationKind::Branch,
    };

    fn demand(line: i64, product: i64, quantity: i64) -> Demand<'static> {
        Demand {
            line,
            product_id: ProductId::new(product),
            product_name: "Aspirin",
            quantity: pieces(quantity),
        }
    }

    fn withdraw(policy: Policy) -> Withdraw {
        Withdraw {
            place: PLACE,
            policy,
            day: day(12),
        }
    }

    fn order_of_taking(policy: Policy, batches: Vec<Batch>, quantity: i64) -> Vec<i64> {
        let withdrawal = withdraw(policy).allocate(batches, &[demand(1, 1, quantity)]).unwrap();
        withdrawal.movements[0]
            .batches
            .iter()
            .map(|change| change.batch_id.get())
            .collect()
    }

    #[test]
    fn two_lines_of_one_product_share_its_batches_in_line_order() {
        let batches = vec![batch(2, 1, 5, "1000.00", None), batch(1, 1, 10, "1005.50", Some(20))];

        let withdrawal = withdraw(Policy::SellableOnly)
            .allocate(batches, &[demand(1, 1, 4), demand(2, 1, 8)])
            .unwrap();

        let change = |batch, moved: i64, value, left, value_left| BatchChange {
            batch_id: BatchId::new(batch),
            quantity: pieces(moved),
            value: money(value),
            left: pieces(left),
            value_left: money(value_left),
        };
        let part = |batch, line, moved: i64, value| Part {
            batch_id: BatchId::new(batch),
            line,
            quantity: pieces(moved),
            value: money(value),
            undoes: None,
        };
        let expected = Movement {
            product_id: ProductId::new(1),
            quantity: pieces(-12),
            value: money("-1405.50"),
            parts: vec![
                part(1, 1, -4, "-402.20"),
                part(1, 2, -6, "-603.30"),
                part(2, 2, -2, "-400.00"),
            ],
            batches: vec![
                change(1, -10, "-1005.50", 0, "0"),
                change(2, -2, "-400.00", 3, "600.00"),
            ],
            level: Level {
                on_hand: pieces(3),
                sellable: pieces(3),
                nearest_expiry: None,
            },
        };
        assert_eq!(
            withdrawal.costs_by_line(),
            Some(BTreeMap::from([(1, money("402.20")), (2, money("1003.30"))]))
        );
        assert_eq!(withdrawal.movements, [expected]);
        assert_eq!(money("1405.50").per(pieces(12)), Some(money("117.12")));
    }

    #[test]
    fn batches_are_taken_by_expiry_then_receipt_then_id() {
        let later = Batch {
            received_at: DateTime::from_timestamp(1, 0).unwrap(),
            ..batch(1, 1, 1, "1", Some(20))
        };
        let keeps = batch(2, 1, 1, "1", None);
        let batches = vec![
            keeps,
            later,
            batch(4, 1, 1, "1", Some(20)),
            batch(3, 1, 1, "1", Some(20)),
        ];

        assert_eq!(order_of_taking(Policy::SellableOnly, batches, 4), [3, 4, 1, 2]);
    }

    #[test]
    fn a_write_off_takes_what_cannot_be_sold_first() {
        let blocked = Batch {
            is_blocked: true,
            ..batch(1, 1, 1, "1", Some(30))
        };
        let batches = vec![
            batch(2, 1, 1, "1", Some(12)),
            blocked,
            batch(3, 1, 1, "1", Some(11)),
            batch(4, 1, 1, "1", None),
        ];

        assert_eq!(order_of_taking(Policy::UnsellableFirst, batches, 4), [3, 1, 2, 4]);
    }

    #[test]
    fn a_shortage_names_every_short_product_in_the_order_of_ids() {
        let batches = vec![
            batch(1, 1, 9, "9", None),
            batch(2, 2, 1, "1", None),
            batch(3, 3, 5, "5", Some(11)),
        ];
        let demands = [demand(1, 3, 1), demand(2, 2, 1), demand(3, 1, 2), demand(4, 2, 1)];

        let refused = withdraw(Policy::SellableOnly).allocate(batches, &demands);

        let short = |product, available, requested| ShortLine {
            product_id: ProductId::new(product),
            product_name: "Aspirin".to_owned(),
            place: PLACE,
            available: pieces(available),
            requested: pieces(requested),
        };
        assert_eq!(
            refused,
            Err(StockRefusal::Insufficient(vec![short(2, 1, 2), short(3, 0, 1)]))
        );
    }

    #[test]
    fn a_named_batch_is_taken_alone_even_when_expired() {
        let batches = vec![batch(1, 1, 3, "30", Some(1)), batch(2, 1, 9, "9", None)];
        let this = Policy::ThisBatch(BatchId::new(1));

        let short = withdraw(this).allocate(batches.clone(), &[demand(0, 1, 4)]);

        assert_eq!(order_of_taking(this, batches, 3), [1]);
        let expected = StockRefusal::BatchShort {
            batch_id: BatchId::new(1),
            available: pieces(3),
            requested: pieces(4),
        };
        assert_eq!(short, Err(expected));
    }
}
