//! Goods that come back into the batches they were taken from.
//!
//! What is left to undo of each part returns at the value it left with, so that a document and its cancel leave the
//! ledger as it was; what comes back in part takes its share of that value, and all of it with the last piece. That nothing
//! is undone twice at once is held by the document's lock, not here.

use chrono::NaiveDate;

use crate::ids::{BatchId, MovementPartId, ProductId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::stock::batch::{Batch, of_product};
use crate::stock::level::Level;
use crate::stock::movement::{BatchChange, Movement, Part};

/// A part by which goods left, and how much of it has come back already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedPart {
    /// The part.
    pub id: MovementPartId,
    /// The product of its movement.
    pub product_id: ProductId,
    /// The batch it took from.
    pub batch_id: BatchId,
    /// The line of the document.
    pub line: i64,
    /// How much left, below zero.
    pub quantity: Quantity,
    /// What it was worth, zero or below.
    pub value: Money,
    /// How much came back already, zero or above.
    pub undone_quantity: Quantity,
    /// What that was worth, zero or above.
    pub undone_value: Money,
}

/// What of a part comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoing {
    /// The part.
    pub part_id: MovementPartId,
    /// Its product.
    pub product_id: ProductId,
    /// The batch it took from.
    pub batch_id: BatchId,
    /// The line of the document that brings the goods back.
    pub line: i64,
    /// How much, above zero.
    pub quantity: Quantity,
    /// What it is worth.
    pub value: Money,
}

/// How much of one line of a document comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineBack {
    /// The line.
    pub undone_line: i64,
    /// The line of the document that brings the goods back.
    pub line: i64,
    /// How much, above zero.
    pub quantity: Quantity,
}

/// Goods put back: one movement per product, in the order of product ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBack {
    /// The movements, with quantities above zero; empty when nothing was left to undo.
    pub movements: Vec<Movement>,
}

/// The ledger contradicts itself: never the caller's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Corrupt {
    /// A part names a batch that is not among those read.
    #[error("movement part {part_id} names batch {batch_id}, which is not there")]
    UnknownBatch {
        /// The part.
        part_id: MovementPartId,
        /// The batch it names.
        batch_id: BatchId,
    },
    /// More of a part has come back than had left, in goods or in value.
    #[error("movement part {0} is undone more than once")]
    UndoneTwice(MovementPartId),
    /// Less of a line is left to undo than is to come back.
    #[error("less is left to undo of line {0} than comes back")]
    LineShort(i64),
    /// The quantities or values of a product do not fit.
    #[error("the stock of product {0} is out of range")]
    OutOfRange(ProductId),
}

/// All that is left to undo of `parts`, by the same lines.
///
/// # Errors
/// [`Corrupt`] when more of a part came back than had left.
pub fn undo_all(parts: &[IssuedPart]) -> Result<Vec<Undoing>, Corrupt> {
    let undoings = parts.iter().map(|part| {
        let (quantity, value) = part.left_to_undo().ok_or(Corrupt::UndoneTwice(part.id))?;
        Ok(part.undoing(part.line, quantity, value))
    });
    let mut undoings: Vec<Undoing> = undoings.collect::<Result<_, _>>()?;
    undoings.retain(|undoing| undoing.quantity.is_positive());
    Ok(undoings)
}

/// As much of some lines as is told, each once: of a line what was taken last comes back first.
///
/// # Errors
/// [`Corrupt`] when less is left of a line, or more of a part came back than had left.
pub fn undo_lines(parts: &[IssuedPart], lines: &[LineBack]) -> Result<Vec<Undoing>, Corrupt> {
    let mut undoings = Vec::with_capacity(lines.len());
    for back in lines {
        let mut wanted = back.quantity;
        let mut of_line: Vec<&IssuedPart> = parts.iter().filter(|part| part.line == back.undone_line).collect();
        of_line.sort_by_key(|part| std::cmp::Reverse(part.id));
        for part in of_line {
            let (left, worth) = part.left_to_undo().ok_or(Corrupt::UndoneTwice(part.id))?;
            let quantity = wanted.min(left);
            if !quantity.is_positive() {
                continue;
            }
            let share = worth.scaled(quantity.thousandths(), left.thousandths());
            let value = share.ok_or(Corrupt::OutOfRange(part.product_id))?;
            undoings.push(part.undoing(back.line, quantity, value));
            wanted = wanted
                .checked_sub(quantity)
                .ok_or(Corrupt::OutOfRange(part.product_id))?;
        }
        if !wanted.is_zero() {
            return Err(Corrupt::LineShort(back.undone_line));
        }
    }
    Ok(undoings)
}

/// Puts back what of parts is undone into `batches`, both given in any order.
///
/// `batches` are all batches with goods left of the products concerned at the location, and the spent ones that the
/// parts name, so that the level afterwards can be told.
///
/// # Errors
/// [`Corrupt`] when parts and batches contradict each other.
pub fn put_back(undoings: &[Undoing], mut batches: Vec<Batch>, day: NaiveDate) -> Result<PutBack, Corrupt> {
    batches.sort_unstable_by_key(|batch| (batch.product_id, batch.id));
    let mut undoings: Vec<&Undoing> = undoings.iter().collect();
    undoings.sort_by_key(|undoing| undoing.product_id);

    let mut movements = Vec::new();
    for undoings in undoings.chunk_by(|one, next| one.product_id == next.product_id) {
        let Some(product_id) = undoings.first().map(|undoing| undoing.product_id) else {
            continue;
        };
        let mut returning = Returning::default();
        let batches = of_product(&mut batches, product_id);
        for undoing in undoings {
            returning.restore(undoing, batches)?;
        }
        let movement = returning.into_movement(product_id, batches, day);
        movements.push(movement.ok_or(Corrupt::OutOfRange(product_id))?);
    }
    Ok(PutBack { movements })
}

/// What came back of one product so far.
#[derive(Default)]
struct Returning {
    parts: Vec<Part>,
    changes: Vec<BatchChange>,
}

impl Returning {
    /// Puts what comes back of one part into its batch.
    fn restore(&mut self, undoing: &Undoing, batches: &mut [Batch]) -> Result<(), Corrupt> {
        let (part_id, batch_id) = (undoing.part_id, undoing.batch_id);
        let batch = batches.iter_mut().find(|batch| batch.id == batch_id);
        let batch = batch.ok_or(Corrupt::UnknownBatch { part_id, batch_id })?;
        self.note(batch, undoing.quantity, undoing.value)
            .ok_or(Corrupt::OutOfRange(undoing.product_id))?;
        self.parts.push(Part {
            batch_id,
            line: undoing.line,
            quantity: undoing.quantity,
            value: undoing.value,
            undoes: Some(part_id),
        });
        Ok(())
    }

    fn note(&mut self, batch: &mut Batch, quantity: Quantity, value: Money) -> Option<()> {
        batch.put_back(quantity, value)?;
        match self.changes.iter_mut().find(|change| change.batch_id == batch.id) {
            Some(change) => {
                let (quantity, value) = (change.quantity.checked_add(quantity)?, change.value.checked_add(value)?);
                *change = BatchChange::of(batch, quantity, value);
            }
            None => self.changes.push(BatchChange::of(batch, quantity, value)),
        }
        Some(())
    }

    fn into_movement(self, product_id: ProductId, batches: &[Batch], day: NaiveDate) -> Option<Movement> {
        Some(Movement {
            product_id,
            quantity: Quantity::checked_sum(self.changes.iter().map(|change| change.quantity))?,
            value: Money::checked_sum(self.changes.iter().map(|change| change.value))?,
            parts: self.parts,
            batches: self.changes,
            level: Level::of(batches, day)?,
        })
    }
}

impl IssuedPart {
    fn undoing(&self, line: i64, quantity: Quantity, value: Money) -> Undoing {
        Undoing {
            part_id: self.id,
            product_id: self.product_id,
            batch_id: self.batch_id,
            line,
            quantity,
            value,
        }
    }

    /// What has not come back yet; `None` when more came back than had left, or all the goods without all their value.
    fn left_to_undo(&self) -> Option<(Quantity, Money)> {
        let quantity = self.quantity.checked_neg()?.checked_sub(self.undone_quantity)?;
        let value = self.value.checked_neg()?.checked_sub(self.undone_value)?;
        let is_consistent = quantity.is_positive() || (quantity.is_zero() && value.is_zero());
        (is_consistent && !value.is_negative()).then_some((quantity, value))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Corrupt, IssuedPart, LineBack, PutBack, Undoing, put_back, undo_all, undo_lines};
    use crate::ids::{BatchId, MovementPartId, ProductId};
    use crate::money::Money;
    use crate::quantity::Quantity;
    use crate::stock::builders::{batch, money, pieces};
    use crate::stock::level::Level;
    use crate::stock::movement::{BatchChange, Movement, Part};

    const TODAY: NaiveDate = NaiveDate::MAX;

    fn issued(id: i64, batch: i64, quantity: i64, value: &str) -> IssuedPart {
        IssuedPart {
            id: MovementPartId::new(id),
            product_id: ProductId::new(1),
            batch_id: BatchId::new(batch),
            line: id,
            quantity: pieces(-quantity),
            value: money(value).checked_neg().unwrap(),
            undone_quantity: Quantity::ZERO,
            undone_value: Money::ZERO,
        }
    }

    #[test]
    fn what_is_left_to_undo_returns_to_its_batch() {
        let half = IssuedPart {
            undone_quantity: pieces(1),
            undone_value: money("3.33"),
            ..issued(1, 7, 3, "10.00")
        };
        let whole = IssuedPart {
            undone_quantity: pieces(2),
            undone_value: money("5"),
            ..issued(3, 7, 2, "5")
        };

        let undone = undo_all(&[half, issued(2, 7, 1, "4.00"), whole]).unwrap();
        let back = put_back(&undone, vec![batch(7, 1, 0, "0", None)], TODAY);

        let part = |id, quantity, value| Part {
            batch_id: BatchId::new(7),
            line: id,
            quantity: pieces(quantity),
            value: money(value),
            undoes: Some(MovementPartId::new(id)),
        };
        let change = BatchChange {
            batch_id: BatchId::new(7),
            quantity: pieces(3),
            value: money("10.67"),
            left: pieces(3),
            value_left: money("10.67"),
        };
        let movement = Movement {
            product_id: ProductId::new(1),
            quantity: pieces(3),
            value: money("10.67"),
            parts: vec![part(1, 2, "6.67"), part(2, 1, "4.00")],
            batches: vec![change],
            level: Level {
                on_hand: pieces(3),
                sellable: pieces(3),
                nearest_expiry: None,
            },
        };
        assert_eq!(
            back,
            Ok(PutBack {
                movements: vec![movement]
            })
        );
    }

    #[test]
    fn a_ledger_that_contradicts_itself_is_not_written_on() {
        let twice = IssuedPart {
            undone_quantity: pieces(2),
            ..issued(1, 7, 1, "1")
        };
        let unknown = Corrupt::UnknownBatch {
            part_id: MovementPartId::new(2),
            batch_id: BatchId::new(8),
        };

        let once_more = LineBack {
            undone_line: 1,
            line: 1,
            quantity: pieces(1),
        };
        assert_eq!(
            undo_all(std::slice::from_ref(&twice)),
            Err(Corrupt::UndoneTwice(MovementPartId::new(1)))
        );
        assert_eq!(
            undo_lines(&[twice], &[once_more]),
            Err(Corrupt::UndoneTwice(MovementPartId::new(1)))
        );
        let elsewhere = undo_all(&[issued(2, 8, 1, "1")]).unwrap();
        assert_eq!(
            put_back(&elsewhere, vec![batch(7, 1, 0, "0", None)], TODAY),
            Err(unknown)
        );
        let more = LineBack {
            quantity: pieces(2),
            ..once_more
        };
        assert_eq!(undo_lines(&[issued(1, 7, 1, "1")], &[more]), Err(Corrupt::LineShort(1)));
    }

    #[test]
    fn of_a_line_what_was_taken_last_comes_back_first_with_its_share_of_the_value() {
        let of_line = |line, part: IssuedPart| IssuedPart { line, ..part };
        let parts = [
            of_line(1, issued(1, 7, 2, "10.00")),
            of_line(2, issued(2, 8, 5, "1.00")),
            of_line(1, issued(3, 8, 3, "10.00")),
        ];
        let back = |quantity| LineBack {
            undone_line: 1,
            line: 9,
            quantity: pieces(quantity),
        };
        let undoing = |part, batch, quantity, value| Undoing {
            part_id: MovementPartId::new(part),
            product_id: ProductId::new(1),
            batch_id: BatchId::new(batch),
            line: 9,
            quantity: pieces(quantity),
            value: money(value),
        };

        let two = undo_lines(&parts, &[back(2)]);
        let four = undo_lines(&parts, &[back(4)]);

        assert_eq!(two, Ok(vec![undoing(3, 8, 2, "6.67")]));
        assert_eq!(four, Ok(vec![undoing(3, 8, 3, "10.00"), undoing(1, 7, 1, "5.00")]));
    }
}
