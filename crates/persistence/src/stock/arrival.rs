//! Writes goods that come back at another place than they left: the level, a movement, batches like those they came from.
//!
//! One statement a row: this is rare, and its rows are few.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType};
use savdo_domain::coded::Coded;
use savdo_domain::ids::UserId;
use savdo_domain::stock::{Arrival, ArrivingPart, CarriedBatch};

use crate::connection::on_each;
use crate::database::Tx;
use crate::error::Error;
use crate::prepared::{cached, statement};
use crate::schema::{stock_levels, stock_movement_parts, stock_movements};
use crate::stock::document::Document;
use crate::stock::write::changed;

/// Writes what arrives of one product. The caller holds the locks of its level here and where its batches came from.
///
/// # Errors
/// [`Error::Corrupt`] when the level is not as it was when the change was decided, or a batch is not there.
pub fn arrive(tx: &mut Tx<'_>, document: &Document<'_>, arrival: &Arrival) -> Result<(), Error> {
    if !change_level(tx, document, arrival)? {
        return Err(changed(document, &format!("level of product {}", arrival.product_id)));
    }
    let movement_id = insert_movement(tx, document, arrival)?;
    let store_id = document.store_id.get();
    for batch in &arrival.batches {
        let copied = CopyBatch::of(&store_id, document, movement_id, batch);
        let batch_id = tx.statement("arrival_batch", |on| {
            on_each!(on, |c| copied.get_result::<i64>(c).optional())
        })?;
        let gone = || changed(document, &format!("batch {} is gone", batch.origin.id));
        let batch_id = batch_id.ok_or_else(gone)?;
        for part in &batch.parts {
            insert_part(tx, document, (movement_id, batch_id), part)?;
        }
    }
    Ok(())
}

fn change_level(tx: &mut Tx<'_>, document: &Document<'_>, arrival: &Arrival) -> Result<bool, Error> {
    let level = arrival.level;
    let before = level.on_hand.checked_sub(arrival.quantity).unwrap_or_default();
    let rows = tx.statement("arrival_level", |on| {
        diesel::update(
            stock_levels::table
                .filter(stock_levels::store_id.eq(document.store_id.get()))
                .filter(stock_levels::location_id.eq(document.place.location_id.get()))
                .filter(stock_levels::product_id.eq(arrival.product_id.get()))
                .filter(stock_levels::on_hand.eq(before.thousandths())),
        )
        .set((
            stock_levels::on_hand.eq(level.on_hand.thousandths()),
            stock_levels::sellable.eq(level.sellable.thousandths()),
            stock_levels::nearest_expiry.eq(level.nearest_expiry),
            stock_levels::is_hidden.eq(false),
            stock_levels::updated_at.eq(document.at.naive_utc()),
        ))
        .execute(on)
    })?;
    Ok(rows == 1)
}

fn insert_movement(tx: &mut Tx<'_>, document: &Document<'_>, arrival: &Arrival) -> Result<i64, Error> {
    tx.statement("arrival_movement", |on| {
        diesel::insert_into(stock_movements::table)
            .values((
                stock_movements::store_id.eq(document.store_id.get()),
                stock_movements::location_id.eq(document.place.location_id.get()),
                stock_movements::product_id.eq(arrival.product_id.get()),
                stock_movements::quantity.eq(arrival.quantity.thousandths()),
                stock_movements::value.eq(arrival.value.tiyin()),
                stock_movements::reason.eq(document.reason.code()),
                stock_movements::document_type.eq(document.document_type.code()),
                stock_movements::document_id.eq(document.document_id),
                stock_movements::description.eq(document.description),
                stock_movements::actor_id.eq(document.actor_id.map(UserId::get)),
                stock_movements::day.eq(document.day),
                stock_movements::created_at.eq(document.at.naive_utc()),
            ))
            .returning(stock_movements::id)
            .get_result(on)
    })
}

fn insert_part(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    (movement_id, batch_id): (i64, i64),
    part: &ArrivingPart,
) -> Result<(), Error> {
    tx.statement("arrival_part", |on| {
        diesel::insert_into(stock_movement_parts::table)
            .values((
                stock_movement_parts::store_id.eq(document.store_id.get()),
                stock_movement_parts::movement_id.eq(movement_id),
                stock_movement_parts::batch_id.eq(batch_id),
                stock_movement_parts::document_line.eq(part.line),
                stock_movement_parts::quantity.eq(part.quantity.thousandths()),
                stock_movement_parts::value.eq(part.value.tiyin()),
                stock_movement_parts::undoes_id.eq(part.undoes.get()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Cost, age and all that is said of it are those of the origin.
struct CopyBatch<'a> {
    store_id: &'a i64,
    location_id: i64,
    movement_id: i64,
    quantity: i64,
    value: i64,
    origin_id: i64,
}

impl<'a> CopyBatch<'a> {
    fn of(store_id: &'a i64, document: &Document<'_>, movement_id: i64, batch: &CarriedBatch) -> Self {
        Self {
            store_id,
            location_id: document.place.location_id.get(),
            movement_id,
            quantity: batch.quantity.thousandths(),
            value: batch.value.tiyin(),
            origin_id: batch.origin.id.get(),
        }
    }
}

cached!(CopyBatch -> BigInt);

impl<Db> QueryFragment<Db> for CopyBatch<'_>
where
    Db: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "INSERT INTO stock_batches (store_id, location_id, product_id, origin_movement_id, unit_cost, quantity_received, \
             quantity_left, value_left, is_spent, series, expires_on, is_blocked, block_reason, supplier_id, received_at) \
             SELECT origin.store_id, " (BigInt, &self.location_id)
            ", origin.product_id, " (BigInt, &self.movement_id)
            ", origin.unit_cost, " (BigInt, &self.quantity)
            ", " (BigInt, &self.quantity)
            ", " (BigInt, &self.value)
            ", FALSE, origin.series, origin.expires_on, origin.is_blocked, origin.block_reason, origin.supplier_id, \
             origin.received_at FROM stock_batches AS origin \
             WHERE origin.store_id = " (BigInt, self.store_id)
            " AND origin.id = " (BigInt, &self.origin_id)
            " RETURNING id"
        )
    }
}
