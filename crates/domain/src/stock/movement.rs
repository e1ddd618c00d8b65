//! What a change of stock writes: one movement per product, its parts, its batches and the level afterwards.
//!
//! Quantities and values are signed as the ledger keeps them: below zero where goods leave. Parts sum to their
//! movement, and so do the changes of batches, to the tiyin.

use std::collections::BTreeMap;

use crate::ids::{BatchId, MovementPartId, ProductId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::stock::batch::Batch;
use crate::stock::level::Level;

/// All that one document moves of one product at one location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The product.
    pub product_id: ProductId,
    /// How much moved, below zero where it left.
    pub quantity: Quantity,
    /// What it was worth, with the sign of the quantity or zero.
    pub value: Money,
    /// The same by batch and line of the document.
    pub parts: Vec<Part>,
    /// The same by batch, with what each batch holds afterwards.
    pub batches: Vec<BatchChange>,
    /// What the level keeps afterwards.
    pub level: Level,
}

/// The share of a movement that one batch carries for one line of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The batch.
    pub batch_id: BatchId,
    /// The line of the document, from 1; 0 where there is no document.
    pub line: i64,
    /// How much, below zero where it left.
    pub quantity: Quantity,
    /// What it was worth, with the sign of the quantity or zero.
    pub value: Money,
    /// The part whose goods come back with this one.
    pub undoes: Option<MovementPartId>,
}

/// What a movement does to one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchChange {
    /// The batch.
    pub batch_id: BatchId,
    /// How much moved, below zero where it left.
    pub quantity: Quantity,
    /// What it was worth, with the sign of the quantity or zero.
    pub value: Money,
    /// What is left in the batch afterwards; zero means spent.
    pub left: Quantity,
    /// What the rest is worth afterwards.
    pub value_left: Money,
}

impl BatchChange {
    /// The change that left `batch` as it is now.
    pub(super) fn of(batch: &Batch, quantity: Quantity, value: Money) -> Self {
        Self {
            batch_id: batch.id,
            quantity,
            value,
            left: batch.left,
            value_left: batch.value,
        }
    }
}

/// What the goods of each line of the document cost, by line: above zero where they left.
///
/// `None` when a sum does not fit.
#[must_use]
pub fn costs_by_line(movements: &[Movement]) -> Option<BTreeMap<i64, Money>> {
    let mut costs = BTreeMap::new();
    for part in movements.iter().flat_map(|movement| &movement.parts) {
        let cost = costs.entry(part.line).or_insert(Money::ZERO);
        *cost = cost.checked_sub(part.value)?;
    }
    Some(costs)
}
