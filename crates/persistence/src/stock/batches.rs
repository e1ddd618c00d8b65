//! Batches as the ledger reads them: always in a later statement than the one that locked their levels.

use std::collections::BTreeMap;

use diesel::backend::Backend;
use diesel::dsl::not;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, BigInt, Bool, Date, HasSqlType, Nullable, Text, Timestamp};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{BatchId, LocationId, ProductId, StoreId};
use savdo_domain::stock::{Batch, DocumentType, IssuedPart, Undoing};

use crate::connection::{AnyConnection, on_each};
use crate::database::Reader;
use crate::error::Error;
use crate::prepared::{cached, given, statement};
use crate::schema::stock_batches;
use crate::stock::levels::ascending;
use crate::stock::rows::{BatchRow, IssuedPartRow};

/// The batches with goods left of these products at a place, in no order.
///
/// # Errors
/// A failed statement.
pub fn unspent_batches(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    location_id: LocationId,
    products: &[ProductId],
) -> Result<Vec<Batch>, Error> {
    let product_ids = ascending(products);
    let (store, location) = (store_id.get(), location_id.get());
    let rows = reader.statement("batches_unspent", |on| match on {
        AnyConnection::Postgres(connection) => UnspentBatches {
            store_id: store,
            location_id: location,
            product_ids: &product_ids,
        }
        .load::<BatchRow>(connection),
        AnyConnection::Sqlite(connection) => {
            let mut rows = Vec::new();
            for product in &product_ids {
                rows.extend(unspent_of(connection, store, location, *product)?);
            }
            Ok(rows)
        }
    })?;
    Ok(rows.into_iter().map(Batch::from).collect())
}

/// Whether there is such a batch of the product at the place, spent or not.
///
/// # Errors
/// A failed statement.
pub fn lies_at(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    location_id: LocationId,
    product_id: ProductId,
    batch_id: BatchId,
) -> Result<bool, Error> {
    let found: Option<i64> = reader.statement("batch_at", |on| {
        stock_batches::table
            .filter(stock_batches::store_id.eq(store_id.get()))
            .filter(stock_batches::id.eq(batch_id.get()))
            .filter(stock_batches::location_id.eq(location_id.get()))
            .filter(stock_batches::product_id.eq(product_id.get()))
            .select(stock_batches::id)
            .first(on)
            .optional()
    })?;
    Ok(found.is_some())
}

/// The batches that `undoings` go back into, and all others of their products at the place with goods left.
///
/// # Errors
/// A failed statement.
pub fn put_back_batches(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    location_id: LocationId,
    undoings: &[Undoing],
) -> Result<Vec<Batch>, Error> {
    let products: Vec<ProductId> = undoings.iter().map(|undoing| undoing.product_id).collect();
    let unspent = unspent_batches(reader, store_id, location_id, &products)?;
    let named = origins(reader, store_id, undoings)?;
    let by_id: BTreeMap<_, _> = unspent
        .into_iter()
        .chain(named)
        .map(|batch| (batch.id, batch))
        .collect();
    Ok(by_id.into_values().collect())
}

/// The batches that the goods of `undoings` were taken from, wherever they lie.
///
/// # Errors
/// A failed statement.
pub fn origins(reader: &mut Reader<'_>, store_id: StoreId, undoings: &[Undoing]) -> Result<Vec<Batch>, Error> {
    let mut batch_ids: Vec<i64> = undoings.iter().map(|undoing| undoing.batch_id.get()).collect();
    batch_ids.sort_unstable();
    batch_ids.dedup();
    let store = store_id.get();
    let rows: Vec<BatchRow> = reader.statement("batches_named", |on| match on {
        AnyConnection::Postgres(connection) => stock_batches::table
            .filter(stock_batches::store_id.eq(store))
            .filter(stock_batches::id.eq_any(&batch_ids))
            .select(COLUMNS)
            .load(connection),
        AnyConnection::Sqlite(connection) => batch_ids
            .iter()
            .filter_map(|batch| batch_of(connection, store, *batch).transpose())
            .collect(),
    })?;
    Ok(rows.into_iter().map(Batch::from).collect())
}

/// The parts by which goods left a place for a document, with what has come back of each. Read under the document's lock.
///
/// # Errors
/// A failed statement.
pub fn issued_parts(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    location_id: LocationId,
    document_type: DocumentType,
    document_id: i64,
) -> Result<Vec<IssuedPart>, Error> {
    let parts = IssuedParts {
        store_id: store_id.get(),
        location_id: location_id.get(),
        document_type: document_type.code(),
        document_id,
    };
    let rows = reader.statement("parts_issued", |on| on_each!(on, |c| parts.load::<IssuedPartRow>(c)))?;
    Ok(rows.into_iter().map(IssuedPart::from).collect())
}

type BatchColumns = (
    stock_batches::id,
    stock_batches::product_id,
    stock_batches::quantity_left,
    stock_batches::value_left,
    stock_batches::expires_on,
    stock_batches::is_blocked,
    stock_batches::received_at,
);

const COLUMNS: BatchColumns = (
    stock_batches::id,
    stock_batches::product_id,
    stock_batches::quantity_left,
    stock_batches::value_left,
    stock_batches::expires_on,
    stock_batches::is_blocked,
    stock_batches::received_at,
);

fn unspent_of(
    connection: &mut SqliteConnection,
    store: i64,
    location: i64,
    product: i64,
) -> QueryResult<Vec<BatchRow>> {
    stock_batches::table
        .filter(stock_batches::store_id.eq(store))
        .filter(stock_batches::location_id.eq(location))
        .filter(stock_batches::product_id.eq(product))
        .filter(not(stock_batches::is_spent))
        .select(COLUMNS)
        .load(connection)
}

fn batch_of(connection: &mut SqliteConnection, store: i64, batch: i64) -> QueryResult<Option<BatchRow>> {
    stock_batches::table
        .filter(stock_batches::store_id.eq(store))
        .filter(stock_batches::id.eq(batch))
        .select(COLUMNS)
        .first(connection)
        .optional()
}

/// Binds: 1 store, 2 location, 3 products.
struct UnspentBatches<'a> {
    store_id: i64,
    location_id: i64,
    product_ids: &'a [i64],
}

cached!(UnspentBatches -> (BigInt, BigInt, BigInt, BigInt, Nullable<Date>, Bool, Timestamp));

impl QueryFragment<Pg> for UnspentBatches<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        given!(
            out,
            [
                (BigInt, &self.store_id),
                (BigInt, &self.location_id),
                (Array<BigInt>, self.product_ids),
            ],
            "SELECT batch.id, batch.product_id, batch.quantity_left, batch.value_left, batch.expires_on, \
             batch.is_blocked, batch.received_at \
             FROM stock_batches AS batch JOIN unnest((SELECT $3)) AS asked (product_id) USING (product_id) \
             WHERE batch.store_id = $1 AND batch.location_id = $2 AND NOT batch.is_spent"
        )
    }
}

struct IssuedParts<'a> {
    store_id: i64,
    location_id: i64,
    document_type: &'a str,
    document_id: i64,
}

cached!(IssuedParts -> (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt));

impl<Db> QueryFragment<Db> for IssuedParts<'_>
where
    Db: Backend + HasSqlType<BigInt> + HasSqlType<Text>,
    i64: ToSql<BigInt, Db>,
    str: ToSql<Text, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "SELECT part.id, movement.product_id, part.batch_id, part.document_line, part.quantity, part.value, \
             (SELECT CAST(COALESCE(SUM(undoing.quantity), 0) AS BIGINT) FROM stock_movement_parts AS undoing \
              WHERE undoing.store_id = part.store_id AND undoing.undoes_id = part.id), \
             (SELECT CAST(COALESCE(SUM(undoing.value), 0) AS BIGINT) FROM stock_movement_parts AS undoing \
              WHERE undoing.store_id = part.store_id AND undoing.undoes_id = part.id) \
             FROM stock_movements AS movement JOIN stock_movement_parts AS part \
             ON part.store_id = movement.store_id AND part.movement_id = movement.id \
             WHERE movement.store_id = " (BigInt, &self.store_id)
            " AND movement.location_id = " (BigInt, &self.location_id)
            " AND movement.document_type = " (Text, self.document_type)
            " AND movement.document_id = " (BigInt, &self.document_id)
            " AND part.quantity < 0 ORDER BY part.id"
        )
    }
}
