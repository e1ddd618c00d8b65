//! Which line of a document gets what was taken of which batch.

use crate::money::Money;
use crate::quantity::Quantity;
use crate::stock::allocate::Demand;
use crate::stock::movement::{BatchChange, Part};

/// Gives what was taken of each batch to the lines in their order.
///
/// The value of a batch is spread over its parts by running total, so that they sum to it to the
/// tiyin. `None` when the lines ask for less than was taken, or a sum does not fit.
pub(super) fn share_out(changes: &[BatchChange], lines: &[&Demand<'_>]) -> Option<Vec<Part>> {
    let mut parts = Vec::with_capacity(changes.len().saturating_add(lines.len()));
    let mut lines = lines.iter();
    let (mut line, mut wanted) = (0, Quantity::ZERO);
    for change in changes {
        let (mut quantity_left, mut value_given) = (change.quantity.checked_neg()?, Money::ZERO);
        let taken = quantity_left;
        while quantity_left.is_positive() {
            if wanted.is_zero() {
                let next = lines.next()?;
                (line, wanted) = (next.line, next.quantity);
            }
            let quantity = wanted.min(quantity_left);
            wanted = wanted.checked_sub(quantity)?;
            quantity_left = quantity_left.checked_sub(quantity)?;
            let given = taken.checked_sub(quantity_left)?;
            let running = change.value.scaled(given.thousandths(), taken.thousandths())?;
            let value = running.checked_sub(value_given)?;
            value_given = running;
            parts.push(Part {
                batch_id: change.batch_id,
                line,
                quantity: quantity.checked_neg()?,
                value,
                undoes: None,
            });
        }
    }
    Some(parts)
}
