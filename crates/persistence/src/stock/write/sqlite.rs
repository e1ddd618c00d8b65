//! The same change on SQLite: one prepared statement a row.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{BigInt, Date, Nullable, Timestamp};
use diesel::sqlite::Sqlite;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{MovementPartId, ProductId, UserId};
use savdo_domain::stock::{BatchChange, Level, Movement, Part};
use savdo_domain::{Money, Quantity};

use super::Written;
use crate::prepared::{cached, statement};
use crate::schema::{stock_movement_parts, stock_movements};
use crate::stock::document::Document;

pub(super) fn write(
    connection: &mut SqliteConnection,
    document: &Document<'_>,
    movements: &[Movement],
) -> QueryResult<Written> {
    let mut written = Written::default();
    for movement in movements {
        written.levels += change_level(
            connection,
            document,
            movement.product_id,
            movement.quantity,
            movement.level,
        )?;
        for change in &movement.batches {
            written.batches += change_batch(connection, document, change)?;
        }
        let product_id = movement.product_id;
        let movement_id = insert_movement(connection, document, product_id, movement.quantity, movement.value)?;
        written.movements.push(movement_id);
        for part in &movement.parts {
            written.parts += insert_part(connection, document, movement_id, part)?;
        }
    }
    Ok(written)
}

/// Writes the level that `quantity` led to; no row when it was another before.
pub(in crate::stock) fn change_level(
    connection: &mut SqliteConnection,
    document: &Document<'_>,
    product_id: ProductId,
    quantity: Quantity,
    level: Level,
) -> QueryResult<usize> {
    ChangeLevel {
        key: &[
            document.store_id.get(),
            document.place.location_id.get(),
            product_id.get(),
        ],
        quantity: quantity.thousandths(),
        on_hand: level.on_hand.thousandths(),
        sellable: level.sellable.thousandths(),
        nearest_expiry: level.nearest_expiry,
        at: document.at.naive_utc(),
    }
    .execute(connection)
}

/// Appends a movement and answers its id.
pub(in crate::stock) fn insert_movement(
    connection: &mut SqliteConnection,
    document: &Document<'_>,
    product_id: ProductId,
    quantity: Quantity,
    value: Money,
) -> QueryResult<i64> {
    diesel::insert_into(stock_movements::table)
        .values((
            stock_movements::store_id.eq(document.store_id.get()),
            stock_movements::location_id.eq(document.place.location_id.get()),
            stock_movements::product_id.eq(product_id.get()),
            stock_movements::quantity.eq(quantity.thousandths()),
            stock_movements::value.eq(value.tiyin()),
            stock_movements::reason.eq(document.reason.code()),
            stock_movements::document_type.eq(document.document_type.code()),
            stock_movements::document_id.eq(document.document_id),
            stock_movements::description.eq(document.description),
            stock_movements::actor_id.eq(document.actor_id.map(UserId::get)),
            stock_movements::day.eq(document.day),
            stock_movements::created_at.eq(document.at.naive_utc()),
        ))
        .returning(stock_movements::id)
        .get_result(connection)
}

/// Appends the part of a movement.
pub(in crate::stock) fn insert_part(
    connection: &mut SqliteConnection,
    document: &Document<'_>,
    movement_id: i64,
    part: &Part,
) -> QueryResult<usize> {
    diesel::insert_into(stock_movement_parts::table)
        .values((
            stock_movement_parts::store_id.eq(document.store_id.get()),
            stock_movement_parts::movement_id.eq(movement_id),
            stock_movement_parts::batch_id.eq(part.batch_id.get()),
            stock_movement_parts::document_line.eq(part.line),
            stock_movement_parts::quantity.eq(part.quantity.thousandths()),
            stock_movement_parts::value.eq(part.value.tiyin()),
            stock_movement_parts::undoes_id.eq(part.undoes.map(MovementPartId::get)),
        ))
        .execute(connection)
}

fn change_batch(
    connection: &mut SqliteConnection,
    document: &Document<'_>,
    change: &BatchChange,
) -> QueryResult<usize> {
    ChangeBatch {
        key: &[
            document.store_id.get(),
            document.place.location_id.get(),
            change.batch_id.get(),
        ],
        quantity: change.quantity.thousandths(),
        quantity_left: change.left.thousandths(),
        value_left: change.value_left.tiyin(),
    }
    .execute(connection)
}

struct ChangeLevel<'a> {
    /// Store, location, product.
    key: &'a [i64; 3],
    quantity: i64,
    on_hand: i64,
    sellable: i64,
    nearest_expiry: Option<NaiveDate>,
    at: NaiveDateTime,
}

cached!(ChangeLevel);

impl QueryFragment<Sqlite> for ChangeLevel<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let [store_id, location_id, product_id] = self.key;
        statement!(
            out,
            "UPDATE stock_levels SET on_hand = " (BigInt, &self.on_hand)
            ", sellable = " (BigInt, &self.sellable)
            ", nearest_expiry = " (Nullable<Date>, &self.nearest_expiry)
            ", is_hidden = FALSE, updated_at = " (Timestamp, &self.at)
            " WHERE store_id = " (BigInt, store_id)
            " AND location_id = " (BigInt, location_id)
            " AND product_id = " (BigInt, product_id)
            " AND on_hand = " (BigInt, &self.on_hand)
            " - " (BigInt, &self.quantity)
        )
    }
}

struct ChangeBatch<'a> {
    /// Store, location, batch.
    key: &'a [i64; 3],
    quantity: i64,
    quantity_left: i64,
    value_left: i64,
}

cached!(ChangeBatch);

impl QueryFragment<Sqlite> for ChangeBatch<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let [store_id, location_id, batch_id] = self.key;
        statement!(
            out,
            "UPDATE stock_batches SET quantity_left = " (BigInt, &self.quantity_left)
            ", value_left = " (BigInt, &self.value_left)
            ", is_spent = (" (BigInt, &self.quantity_left)
            " = 0) WHERE store_id = " (BigInt, store_id)
            " AND location_id = " (BigInt, location_id)
            " AND id = " (BigInt, batch_id)
            " AND quantity_left = " (BigInt, &self.quantity_left)
            " - " (BigInt, &self.quantity)
        )
    }
}
