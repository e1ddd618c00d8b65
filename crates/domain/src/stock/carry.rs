//! Goods that come back at another place than they left: batches of their own there, like those they came from.
//!
//! What comes back of one batch is one batch at the new place, with the cost, series, expiry and age of its origin, and in
//! quarantine where that is. Its value is what the goods had left with, so that none is made or lost on the way.

use chrono::NaiveDate;

use crate::ids::{BatchId, MovementPartId, ProductId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::stock::batch::Batch;
use crate::stock::level::Level;
use crate::stock::put_back::{Corrupt, Undoing};

/// All that one document brings of one product to a place, in batches that are made there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The product.
    pub product_id: ProductId,
    /// How much, above zero.
    pub quantity: Quantity,
    /// What it is worth.
    pub value: Money,
    /// The same by batch.
    pub batches: Vec<CarriedBatch>,
    /// What the level of the place keeps afterwards.
    pub level: Level,
}

/// A batch to be made like another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedBatch {
    /// The other one: of it are cost, series, expiry, age and quarantine.
    pub origin: Batch,
    /// How much.
    pub quantity: Quantity,
    /// What it is worth.
    pub value: Money,
    /// The same by line of the document and by the part whose goods come back.
    pub parts: Vec<ArrivingPart>,
}

/// The share of a batch that one line of the document brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivingPart {
    /// The line.
    pub line: i64,
    /// How much.
    pub quantity: Quantity,
    /// What it is worth.
    pub value: Money,
    /// The part whose goods these are.
    pub undoes: MovementPartId,
}

/// Carries what of parts is undone to a place where `lying` are all batches with goods left of the products concerned;
/// `origins` are the batches that the parts name. Answers one arrival a product, in the order of product ids.
///
/// # Errors
/// [`Corrupt`] when a batch is not there or a sum does not fit.
pub fn carry(
    undoings: &[Undoing],
    origins: &[Batch],
    lying: &[Batch],
    day: NaiveDate,
) -> Result<Vec<Arrival>, Corrupt> {
    let mut undoings: Vec<&Undoing> = undoings.iter().collect();
    undoings.sort_by_key(|undoing| undoing.product_id);

    let mut arrivals = Vec::new();
    for undoings in undoings.chunk_by(|one, next| one.product_id == next.product_id) {
        let Some(product_id) = undoings.first().map(|undoing| undoing.product_id) else {
            continue;
        };
        let mut batches: Vec<CarriedBatch> = Vec::new();
        for undoing in undoings {
            match batches.iter_mut().find(|batch| batch.origin.id == undoing.batch_id) {
                Some(batch) => batch.add(undoing).ok_or(Corrupt::OutOfRange(product_id))?,
                None => batches.push(CarriedBatch::of(undoing, origins)?),
            }
        }
        let lying = lying.iter().filter(|batch| batch.product_id == product_id);
        let arrival = Arrival::of(product_id, batches, lying.cloned().collect(), day);
        arrivals.push(arrival.ok_or(Corrupt::OutOfRange(product_id))?);
    }
    Ok(arrivals)
}

impl Arrival {
    fn of(product_id: ProductId, batches: Vec<CarriedBatch>, mut lying: Vec<Batch>, day: NaiveDate) -> Option<Self> {
        lying.extend(batches.iter().map(CarriedBatch::lying));
        Some(Self {
            product_id,
            quantity: Quantity::checked_sum(batches.iter().map(|batch| batch.quantity))?,
            value: Money::checked_sum(batches.iter().map(|batch| batch.value))?,
            level: Level::of(&lying, day)?,
            batches,
        })
    }
}

impl CarriedBatch {
    fn of(undoing: &Undoing, origins: &[Batch]) -> Result<Self, Corrupt> {
        let (part_id, batch_id): (MovementPartId, BatchId) = (undoing.part_id, undoing.batch_id);
        let origin = origins.iter().find(|batch| batch.id == batch_id);
        Ok(Self {
            origin: origin.ok_or(Corrupt::UnknownBatch { part_id, batch_id })?.clone(),
            quantity: undoing.quantity,
            value: undoing.value,
            parts: vec![ArrivingPart::of(undoing)],
        })
    }

    fn add(&mut self, undoing: &Undoing) -> Option<()> {
        self.quantity = self.quantity.checked_add(undoing.quantity)?;
        self.value = self.value.checked_add(undoing.value)?;
        self.parts.push(ArrivingPart::of(undoing));
        Some(())
    }

    /// The batch as it lies at the new place.
    fn lying(&self) -> Batch {
        Batch {
            left: self.quantity,
            value: self.value,
            ..self.origin.clone()
        }
    }
}

impl ArrivingPart {
    const fn of(undoing: &Undoing) -> Self {
        Self {
            line: undoing.line,
            quantity: undoing.quantity,
            value: undoing.value,
            undoes: undoing.part_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arrival, ArrivingPart, CarriedBatch, carry};
    use crate::ids::{BatchId, MovementPartId, ProductId};
    use crate::stock::batch::Batch;
    use crate::stock::builders::{batch, day, money, pieces};
    use crate::stock::level::Level;
    use crate::stock::put_back::{Corrupt, Undoing};

    fn undoing(part: i64, batch: i64, line: i64, quantity: i64, value: &str) -> Undoing {
        Undoing {
            part_id: MovementPartId::new(part),
            product_id: ProductId::new(1),
            batch_id: BatchId::new(batch),
            line,
            quantity: pieces(quantity),
            value: money(value),
        }
    }

    fn part(undoes: i64, line: i64, quantity: i64, value: &str) -> ArrivingPart {
        ArrivingPart {
            line,
            quantity: pieces(quantity),
            value: money(value),
            undoes: MovementPartId::new(undoes),
        }
    }

    #[test]
    fn what_comes_back_of_one_batch_is_one_batch_elsewhere() {
        let blocked = Batch {
            is_blocked: true,
            ..batch(8, 1, 4, "40", Some(20))
        };
        let dated = batch(7, 1, 0, "0", Some(15));
        let undone = [
            undoing(3, 7, 1, 1, "3.33"),
            undoing(2, 8, 1, 2, "20"),
            undoing(1, 7, 2, 1, "3.34"),
        ];

        let arrivals = carry(
            &undone,
            &[dated.clone(), blocked.clone()],
            &[batch(9, 1, 5, "5", Some(18))],
            day(12),
        );

        let expected = Arrival {
            product_id: ProductId::new(1),
            quantity: pieces(4),
            value: money("26.67"),
            batches: vec![
                CarriedBatch {
                    origin: dated,
                    quantity: pieces(2),
                    value: money("6.67"),
                    parts: vec![part(3, 1, 1, "3.33"), part(1, 2, 1, "3.34")],
                },
                CarriedBatch {
                    origin: blocked,
                    quantity: pieces(2),
                    value: money("20"),
                    parts: vec![part(2, 1, 2, "20")],
                },
            ],
            level: Level {
                on_hand: pieces(9),
                sellable: pieces(7),
                nearest_expiry: Some(day(15)),
            },
        };
        assert_eq!(arrivals, Ok(vec![expected]));
    }

    #[test]
    fn a_batch_that_is_not_there_is_copied_by_nobody() {
        let unknown = Corrupt::UnknownBatch {
            part_id: MovementPartId::new(1),
            batch_id: BatchId::new(7),
        };

        assert_eq!(carry(&[undoing(1, 7, 1, 1, "1")], &[], &[], day(12)), Err(unknown));
    }
}
