//! The whole change as one prepared statement of PostgreSQL.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamp};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{MovementPartId, UserId};
use savdo_domain::stock::Movement;

use super::Written;
use crate::prepared::{cached, given};
use crate::stock::document::Document;

/// Binds: 1 store, 2 location, 3 reason, 4 document type, 5 document, 6 description, 7 actor, 8 day, 9 time; by product 10
/// product, 11 quantity, 12 value, 13 on hand, 14 sellable, 15 nearest expiry; by batch 16 batch, 17 quantity, 18 left,
/// 19 value left; by part 20 product, 21 batch, 22 line, 23 quantity, 24 value, 25 undone part.
pub(super) struct WriteMovements<'a> {
    store_id: i64,
    location_id: i64,
    reason: &'a str,
    document_type: &'a str,
    document_id: Option<i64>,
    description: &'a str,
    actor_id: Option<i64>,
    day: NaiveDate,
    at: NaiveDateTime,
    products: Products,
    batches: Batches,
    parts: Parts,
}

#[derive(Default)]
struct Products {
    product_id: Vec<i64>,
    quantity: Vec<i64>,
    value: Vec<i64>,
    on_hand: Vec<i64>,
    sellable: Vec<i64>,
    nearest_expiry: Vec<Option<NaiveDate>>,
}

#[derive(Default)]
struct Batches {
    batch_id: Vec<i64>,
    quantity: Vec<i64>,
    left: Vec<i64>,
    value_left: Vec<i64>,
}

#[derive(Default)]
struct Parts {
    product_id: Vec<i64>,
    batch_id: Vec<i64>,
    line: Vec<i64>,
    quantity: Vec<i64>,
    value: Vec<i64>,
    undoes: Vec<Option<i64>>,
}

impl<'a> WriteMovements<'a> {
    pub(super) fn new(document: &Document<'a>, movements: &[Movement]) -> Self {
        let (mut products, mut batches, mut parts) = (Products::default(), Batches::default(), Parts::default());
        for movement in movements {
            products.push(movement);
            batches.push(movement);
            parts.push(movement);
        }
        Self {
            store_id: document.store_id.get(),
            location_id: document.place.location_id.get(),
            reason: document.reason.code(),
            document_type: document.document_type.code(),
            document_id: document.document_id,
            description: document.description,
            actor_id: document.actor_id.map(UserId::get),
            day: document.day,
            at: document.at.naive_utc(),
            products,
            batches,
            parts,
        }
    }

    pub(super) fn run(self, connection: &mut PgConnection) -> QueryResult<Written> {
        let (levels, batches, movements, parts) = self.get_result::<(i64, i64, Vec<i64>, i64)>(connection)?;
        let count = |rows: i64| usize::try_from(rows).unwrap_or_default();
        Ok(Written {
            levels: count(levels),
            batches: count(batches),
            movements,
            parts: count(parts),
        })
    }
}

impl Products {
    fn push(&mut self, movement: &Movement) {
        self.product_id.push(movement.product_id.get());
        self.quantity.push(movement.quantity.thousandths());
        self.value.push(movement.value.tiyin());
        self.on_hand.push(movement.level.on_hand.thousandths());
        self.sellable.push(movement.level.sellable.thousandths());
        self.nearest_expiry.push(movement.level.nearest_expiry);
    }
}

impl Batches {
    fn push(&mut self, movement: &Movement) {
        for change in &movement.batches {
            self.batch_id.push(change.batch_id.get());
            self.quantity.push(change.quantity.thousandths());
            self.left.push(change.left.thousandths());
            self.value_left.push(change.value_left.tiyin());
        }
    }
}

impl Parts {
    fn push(&mut self, movement: &Movement) {
        for part in &movement.parts {
            self.product_id.push(movement.product_id.get());
            self.batch_id.push(part.batch_id.get());
            self.line.push(part.line);
            self.quantity.push(part.quantity.thousandths());
            self.value.push(part.value.tiyin());
            self.undoes.push(part.undoes.map(MovementPartId::get));
        }
    }
}

cached!(WriteMovements -> (BigInt, BigInt, Array<BigInt>, BigInt));

impl QueryFragment<Pg> for WriteMovements<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        given!(
            out,
            [
                (BigInt, &self.store_id),
                (BigInt, &self.location_id),
                (Text, self.reason),
                (Text, self.document_type),
                (Nullable<BigInt>, &self.document_id),
                (Text, self.description),
                (Nullable<BigInt>, &self.actor_id),
                (Date, &self.day),
                (Timestamp, &self.at),
                (Array<BigInt>, &self.products.product_id),
                (Array<BigInt>, &self.products.quantity),
                (Array<BigInt>, &self.products.value),
                (Array<BigInt>, &self.products.on_hand),
                (Array<BigInt>, &self.products.sellable),
                (Array<Nullable<Date>>, &self.products.nearest_expiry),
                (Array<BigInt>, &self.batches.batch_id),
                (Array<BigInt>, &self.batches.quantity),
                (Array<BigInt>, &self.batches.left),
                (Array<BigInt>, &self.batches.value_left),
                (Array<BigInt>, &self.parts.product_id),
                (Array<BigInt>, &self.parts.batch_id),
                (Array<BigInt>, &self.parts.line),
                (Array<BigInt>, &self.parts.quantity),
                (Array<BigInt>, &self.parts.value),
                (Array<Nullable<BigInt>>, &self.parts.undoes),
            ],
            SQL
        )
    }
}

/// Ids of movements follow the products, ids of parts the parts, so that both databases number them alike.
const SQL: &str = "\
, changed_levels AS (
    UPDATE stock_levels AS level
    SET on_hand = new.on_hand, sellable = new.sellable, nearest_expiry = new.nearest_expiry, is_hidden = FALSE,
        updated_at = $9
    FROM unnest((SELECT $10), (SELECT $11), (SELECT $13), (SELECT $14), (SELECT $15))
        AS new (product_id, quantity, on_hand, sellable, nearest_expiry)
    WHERE level.store_id = $1 AND level.location_id = $2 AND level.product_id = new.product_id
        AND level.on_hand = new.on_hand - new.quantity
    RETURNING 1
), changed_batches AS (
    UPDATE stock_batches AS batch
    SET quantity_left = new.quantity_left, value_left = new.value_left, is_spent = (new.quantity_left = 0)
    FROM unnest((SELECT $16), (SELECT $17), (SELECT $18), (SELECT $19))
        AS new (batch_id, quantity, quantity_left, value_left)
    WHERE batch.store_id = $1 AND batch.id = new.batch_id AND batch.location_id = $2
        AND batch.quantity_left = new.quantity_left - new.quantity
    RETURNING 1
), new_movements AS (
    INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id,
        supplier_id, description, actor_id, day, created_at)
    SELECT $1, $2, new.product_id, new.quantity, new.value, $3, $4, $5, NULL, $6, $7, $8, $9
    FROM unnest((SELECT $10), (SELECT $11), (SELECT $12))
        WITH ORDINALITY AS new (product_id, quantity, value, position)
    ORDER BY new.position
    RETURNING id, product_id
), new_parts AS (
    INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value, undoes_id)
    SELECT $1, movement.id, new.batch_id, new.line, new.quantity, new.value, new.undoes_id
    FROM unnest((SELECT $20), (SELECT $21), (SELECT $22), (SELECT $23), (SELECT $24), (SELECT $25))
        WITH ORDINALITY AS new (product_id, batch_id, line, quantity, value, undoes_id, position)
    JOIN new_movements AS movement ON movement.product_id = new.product_id
    ORDER BY new.position
    RETURNING 1
)
SELECT (SELECT count(*) FROM changed_levels), (SELECT count(*) FROM changed_batches),
    (SELECT array_agg(id ORDER BY id) FROM new_movements), (SELECT count(*) FROM new_parts)";
