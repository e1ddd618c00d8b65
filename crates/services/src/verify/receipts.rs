//! Whether what batches cost is what was paid when they came.

use savdo_domain::ids::BatchId;
use savdo_persistence::Reader;
use savdo_persistence::verify::{ReceiptView, receipts_unscoped};

use super::{Difference, walk};
use crate::Result;

pub(super) fn wrong(reader: &mut Reader<'_>) -> Result<Vec<Difference>> {
    let id_of = |receipt: &ReceiptView| receipt.batch_id;
    walk(reader, BatchId::new(0), receipts_unscoped, id_of, |_, receipts| {
        Ok(receipts.iter().filter_map(judge).collect())
    })
}

/// A batch that was taken in is worth its quantity times its unit cost. One that was made of goods that had left another
/// place has their value and its origin's cost, which other rules compare.
fn judge(receipt: &ReceiptView) -> Option<Difference> {
    let expected = receipt.unit_cost.times(receipt.quantity);
    (receipt.is_first && expected != Some(receipt.value)).then(|| Difference {
        table: "stock_batches",
        id: receipt.batch_id.get(),
        rule: "it came for its quantity times its unit cost",
        expected: expected.map_or_else(|| "an amount that fits".to_owned(), |value| value.tiyin().to_string()),
        found: receipt.value.tiyin().to_string(),
    })
}
