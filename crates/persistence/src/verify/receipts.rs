//! What came in each batch, for the domain to judge its cost.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool};
use savdo_domain::ids::BatchId;
use savdo_domain::{Money, Quantity};

use crate::columns;
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;

/// A batch and what the movement that made it brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptView {
    /// The batch.
    pub batch_id: BatchId,
    /// What one unit cost.
    pub unit_cost: Money,
    /// How much came.
    pub quantity: Quantity,
    /// What it was worth.
    pub value: Money,
    /// Whether the goods came for the first time, and not back.
    pub is_first: bool,
}

#[derive(QueryableByName)]
struct ReceiptRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    unit_cost: i64,
    #[diesel(sql_type = BigInt)]
    quantity_received: i64,
    #[diesel(sql_type = BigInt)]
    value: i64,
    #[diesel(sql_type = Bool)]
    is_first: bool,
}

/// The batches are counted off first: else each page would sum up all that are left. One whose receipt is lost other rules tell of.
const RECEIPTS: &str = "SELECT batch.id, batch.unit_cost, batch.quantity_received, \
        CAST(COALESCE(SUM(part.value), 0) AS BIGINT) AS value, \
        COUNT(part.id) > 0 AND COUNT(part.undoes_id) = 0 AS is_first \
    FROM (SELECT * FROM stock_batches WHERE id > $1 ORDER BY id LIMIT $2) AS batch \
    LEFT JOIN stock_movement_parts AS part ON part.store_id = batch.store_id \
        AND part.movement_id = batch.origin_movement_id AND part.batch_id = batch.id \
    GROUP BY batch.id, batch.unit_cost, batch.quantity_received ORDER BY batch.id";

/// The next batches after `after`, at most `count`; of all stores, for an operator of the installation.
///
/// # Errors
/// A failed statement.
pub fn receipts_unscoped(reader: &mut Reader<'_>, after: BatchId, count: i64) -> Result<Vec<ReceiptView>, Error> {
    let rows = reader.statement("verify_receipts", |on| {
        on_each!(on, |c| sql_query(RECEIPTS)
            .bind::<BigInt, _>(after.get())
            .bind::<BigInt, _>(count)
            .load::<ReceiptRow>(c))
    })?;
    let view = |row: ReceiptRow| ReceiptView {
        batch_id: BatchId::new(row.id),
        unit_cost: columns::money(row.unit_cost),
        quantity: Quantity::from_thousandths(row.quantity_received),
        value: columns::money(row.value),
        is_first: row.is_first,
    };
    Ok(rows.into_iter().map(view).collect())
}
