//! Writes goods that come in: the level, the movement, its one batch and its one part.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamp};
use savdo_domain::Quantity;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{BatchId, MovementId, ProductId, UserId};
use savdo_domain::stock::{Level, NewBatch, Part};

use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::prepared::{cached, given};
use crate::schema::stock_batches;
use crate::stock::document::Document;
use crate::stock::write::{changed, sqlite};

/// Goods taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// The movement.
    pub movement_id: MovementId,
    /// The batch that was made.
    pub batch_id: BatchId,
    /// How much lies there now.
    pub on_hand: Quantity,
}

/// Writes a new batch and the `level` it leads to. The caller holds the level's lock.
///
/// # Errors
/// [`Error::Corrupt`] when the level is not as it was when the change was decided.
pub fn receive(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    product_id: ProductId,
    batch: &NewBatch,
    level: Level,
) -> Result<Received, Error> {
    let written = tx.statement("receipt_write", |on| match on {
        AnyConnection::Postgres(connection) => WriteReceipt::new(document, product_id, batch, level)
            .get_result::<(i64, i64, i64)>(connection)
            .map(|(movement_id, batch_id, levels)| (movement_id, batch_id, levels == 1)),
        AnyConnection::Sqlite(connection) => on_sqlite(connection, document, product_id, batch, level),
    })?;
    match written {
        (movement_id, batch_id, true) => Ok(Received {
            movement_id: MovementId::new(movement_id),
            batch_id: BatchId::new(batch_id),
            on_hand: level.on_hand,
        }),
        (_, _, false) => Err(changed(document, &format!("level of product {product_id}"))),
    }
}

fn on_sqlite(
    connection: &mut SqliteConnection,
    document: &Document<'_>,
    product_id: ProductId,
    batch: &NewBatch,
    level: Level,
) -> QueryResult<(i64, i64, bool)> {
    let levels = sqlite::change_level(connection, document, product_id, batch.quantity, level)?;
    let movement_id = sqlite::insert_movement(connection, document, product_id, batch.quantity, batch.value)?;
    let batch_id = insert_batch(connection, document, movement_id, product_id, batch)?;
    let part = Part {
        batch_id: BatchId::new(batch_id),
        line: 0,
        quantity: batch.quantity,
        value: batch.value,
        undoes: None,
    };
    sqlite::insert_part(connection, document, movement_id, &part)?;
    Ok((movement_id, batch_id, levels == 1))
}

fn insert_batch(
    connection: &mut SqliteConnection,
    document: &Document<'_>,
    movement_id: i64,
    product_id: ProductId,
    batch: &NewBatch,
) -> QueryResult<i64> {
    diesel::insert_into(stock_batches::table)
        .values((
            stock_batches::store_id.eq(document.store_id.get()),
            stock_batches::location_id.eq(document.place.location_id.get()),
            stock_batches::product_id.eq(product_id.get()),
            stock_batches::origin_movement_id.eq(movement_id),
            stock_batches::unit_cost.eq(batch.unit_cost.tiyin()),
            stock_batches::quantity_received.eq(batch.quantity.thousandths()),
            stock_batches::quantity_left.eq(batch.quantity.thousandths()),
            stock_batches::value_left.eq(batch.value.tiyin()),
            stock_batches::is_spent.eq(false),
            stock_batches::series.eq(&batch.series),
            stock_batches::expires_on.eq(batch.expires_on),
            stock_batches::is_blocked.eq(false),
            stock_batches::block_reason.eq(""),
            stock_batches::received_at.eq(document.at.naive_utc()),
        ))
        .returning(stock_batches::id)
        .get_result(connection)
}

/// Binds: 1 store, 2 location, 3 product, 4 quantity, 5 value, 6 reason, 7 document type, 8 document, 9 description,
/// 10 actor, 11 day, 12 time, 13 unit cost, 14 series, 15 expiry, 16 on hand, 17 sellable, 18 nearest expiry.
struct WriteReceipt<'a> {
    document: &'a Document<'a>,
    batch: &'a NewBatch,
    store_id: i64,
    location_id: i64,
    product_id: i64,
    quantity: i64,
    value: i64,
    reason: &'a str,
    document_type: &'a str,
    actor_id: Option<i64>,
    at: NaiveDateTime,
    unit_cost: i64,
    on_hand: i64,
    sellable: i64,
    nearest_expiry: Option<NaiveDate>,
}

impl<'a> WriteReceipt<'a> {
    fn new(document: &'a Document<'a>, product_id: ProductId, batch: &'a NewBatch, level: Level) -> Self {
        Self {
            document,
            batch,
            store_id: document.store_id.get(),
            location_id: document.place.location_id.get(),
            product_id: product_id.get(),
            quantity: batch.quantity.thousandths(),
            value: batch.value.tiyin(),
            reason: document.reason.code(),
            document_type: document.document_type.code(),
            actor_id: document.actor_id.map(UserId::get),
            at: document.at.naive_utc(),
            unit_cost: batch.unit_cost.tiyin(),
            on_hand: level.on_hand.thousandths(),
            sellable: level.sellable.thousandths(),
            nearest_expiry: level.nearest_expiry,
        }
    }
}

cached!(WriteReceipt -> (BigInt, BigInt, BigInt));

impl QueryFragment<Pg> for WriteReceipt<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        given!(
            out,
            [
                (BigInt, &self.store_id),
                (BigInt, &self.location_id),
                (BigInt, &self.product_id),
                (BigInt, &self.quantity),
                (BigInt, &self.value),
                (Text, self.reason),
                (Text, self.document_type),
                (Nullable<BigInt>, &self.document.document_id),
                (Text, self.document.description),
                (Nullable<BigInt>, &self.actor_id),
                (Date, &self.document.day),
                (Timestamp, &self.at),
                (BigInt, &self.unit_cost),
                (Text, &self.batch.series),
                (Nullable<Date>, &self.batch.expires_on),
                (BigInt, &self.on_hand),
                (BigInt, &self.sellable),
                (Nullable<Date>, &self.nearest_expiry),
            ],
            SQL
        )
    }
}

const SQL: &str = "\
, changed_level AS (
    UPDATE stock_levels
    SET on_hand = $16, sellable = $17, nearest_expiry = $18, is_hidden = FALSE, updated_at = $12
    WHERE store_id = $1 AND location_id = $2 AND product_id = $3 AND on_hand = $16 - $4
    RETURNING 1
), new_movement AS (
    INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id,
        supplier_id, description, actor_id, day, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $10, $11, $12)
    RETURNING id
), new_batch AS (
    INSERT INTO stock_batches (store_id, location_id, product_id, origin_movement_id, unit_cost, quantity_received,
        quantity_left, value_left, is_spent, series, expires_on, is_blocked, block_reason, supplier_id, received_at)
    SELECT $1, $2, $3, movement.id, $13, $4, $4, $5, FALSE, $14, $15, FALSE, '', NULL, $12
    FROM new_movement AS movement
    RETURNING id
), new_part AS (
    INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value, undoes_id)
    SELECT $1, movement.id, batch.id, 0, $4, $5, NULL
    FROM new_movement AS movement, new_batch AS batch
    RETURNING 1
)
SELECT movement.id, batch.id, (SELECT count(*) FROM changed_level)
FROM new_movement AS movement, new_batch AS batch";
