//! Levels: made when goods first come to a place, locked before anything else of the ledger is read.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Date, Nullable, Timestamp};
use savdo_domain::ids::{LevelId, LocationId, ProductId, StoreId};
use savdo_domain::stock::Level;

use crate::connection::{AnyConnection, on_each};
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::prepared::{cached, given, statement};
use crate::schema::stock_levels;
use crate::stock::rows::LevelRow;

/// A level that nobody else changes until the end of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedLevel {
    /// Its product.
    pub product_id: ProductId,
    /// What it keeps.
    pub level: Level,
}

/// Makes an empty level where there is none. Another's level that is not committed yet is waited for, so this counts as a lock:
/// whoever holds levels already makes one in the order in which they are locked, by product and then by place.
///
/// # Errors
/// A failed statement.
pub fn make_level(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    location_id: LocationId,
    product_id: ProductId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let level = MakeLevel {
        store_id: &store_id.get(),
        location_id: location_id.get(),
        product_id: product_id.get(),
        at: at.naive_utc(),
    };
    tx.statement("level_make", |on| on_each!(on, |c| level.execute(c)))?;
    Ok(())
}

/// Makes an empty level where there is none, or shows the one that was put aside again; answers its id, none where goods
/// are kept already. Waits as [`make_level`] does.
///
/// # Errors
/// A failed statement.
pub fn open_level(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    location_id: LocationId,
    product_id: ProductId,
    at: DateTime<Utc>,
) -> Result<Option<LevelId>, Error> {
    let level = OpenLevel(MakeLevel {
        store_id: &store_id.get(),
        location_id: location_id.get(),
        product_id: product_id.get(),
        at: at.naive_utc(),
    });
    let opened = tx.statement("level_open", |on| {
        on_each!(on, |c| level.get_result::<i64>(c).optional())
    })?;
    Ok(opened.map(LevelId::new))
}

/// Puts an empty level aside until goods move there again; answers whether it did. The caller holds its lock.
///
/// # Errors
/// A failed statement.
pub fn hide_level(tx: &mut Tx<'_>, store_id: StoreId, id: LevelId, at: DateTime<Utc>) -> Result<bool, Error> {
    let hidden = tx.statement("level_hide", |on| {
        diesel::update(stock_levels::table)
            .filter(stock_levels::store_id.eq(store_id.get()))
            .filter(stock_levels::id.eq(id.get()))
            .filter(stock_levels::on_hand.eq(0))
            .filter(diesel::dsl::not(stock_levels::is_hidden))
            .set((
                stock_levels::is_hidden.eq(true),
                stock_levels::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(hidden == 1)
}

/// The place and the product of a level of the store, also of one that was put aside.
///
/// # Errors
/// A failed statement.
pub fn place_of_level(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    id: LevelId,
) -> Result<Option<(LocationId, ProductId)>, Error> {
    let row: Option<(i64, i64)> = reader.statement("level_place", |on| {
        stock_levels::table
            .filter(stock_levels::store_id.eq(store_id.get()))
            .filter(stock_levels::id.eq(id.get()))
            .select((stock_levels::location_id, stock_levels::product_id))
            .first(on)
            .optional()
    })?;
    Ok(row.map(|(location_id, product_id)| (LocationId::new(location_id), ProductId::new(product_id))))
}

/// Locks the levels of these products at a place, in the order of product ids; a product that was never there has none.
///
/// # Errors
/// A failed statement.
pub fn lock_levels(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    location_id: LocationId,
    products: &[ProductId],
) -> Result<Vec<LockedLevel>, Error> {
    let product_ids = ascending(products);
    let (store, location) = (store_id.get(), location_id.get());
    let rows = tx.statement("levels_lock", |on| match on {
        AnyConnection::Postgres(connection) => LockLevels {
            store_id: store,
            location_id: location,
            product_ids: &product_ids,
        }
        .load::<LevelRow>(connection),
        // SQLite's one writer is the lock.
        AnyConnection::Sqlite(connection) => product_ids
            .iter()
            .filter_map(|product| level_of(connection, store, location, *product).transpose())
            .collect(),
    })?;
    Ok(rows.into_iter().map(LockedLevel::from).collect())
}

/// The ids of the products, each once, in the order in which their levels are locked.
pub(crate) fn ascending(products: &[ProductId]) -> Vec<i64> {
    let mut ids: Vec<i64> = products.iter().map(|product| product.get()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn level_of(
    connection: &mut SqliteConnection,
    store: i64,
    location: i64,
    product: i64,
) -> QueryResult<Option<LevelRow>> {
    stock_levels::table
        .filter(stock_levels::store_id.eq(store))
        .filter(stock_levels::location_id.eq(location))
        .filter(stock_levels::product_id.eq(product))
        .select((
            stock_levels::product_id,
            stock_levels::on_hand,
            stock_levels::sellable,
            stock_levels::nearest_expiry,
        ))
        .first(connection)
        .optional()
}

/// Binds: 1 store, 2 location, 3 products.
struct LockLevels<'a> {
    store_id: i64,
    location_id: i64,
    product_ids: &'a [i64],
}

cached!(LockLevels -> (BigInt, BigInt, BigInt, Nullable<Date>));

impl QueryFragment<Pg> for LockLevels<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        given!(
            out,
            [
                (BigInt, &self.store_id),
                (BigInt, &self.location_id),
                (Array<BigInt>, self.product_ids),
            ],
            "SELECT level.product_id, level.on_hand, level.sellable, level.nearest_expiry \
             FROM stock_levels AS level JOIN unnest((SELECT $3)) AS asked (product_id) USING (product_id) \
             WHERE level.store_id = $1 AND level.location_id = $2 \
             ORDER BY level.product_id FOR UPDATE OF level"
        )
    }
}

struct MakeLevel<'a> {
    store_id: &'a i64,
    location_id: i64,
    product_id: i64,
    at: NaiveDateTime,
}

cached!(MakeLevel);

impl MakeLevel<'_> {
    /// Up to what happens where there is one already.
    fn insert<'b, Db>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()>
    where
        Db: diesel::backend::Backend + diesel::sql_types::HasSqlType<BigInt> + diesel::sql_types::HasSqlType<Timestamp>,
        i64: diesel::serialize::ToSql<BigInt, Db>,
        NaiveDateTime: diesel::serialize::ToSql<Timestamp, Db>,
    {
        statement!(
            out,
            "INSERT INTO stock_levels \
             (store_id, location_id, product_id, on_hand, sellable, nearest_expiry, is_hidden, updated_at) VALUES ("
            (BigInt, self.store_id)
            ", " (BigInt, &self.location_id)
            ", " (BigInt, &self.product_id)
            ", 0, 0, NULL, FALSE, " (Timestamp, &self.at)
            ") ON CONFLICT (store_id, location_id, product_id) "
        )
    }
}

impl<Db> QueryFragment<Db> for MakeLevel<'_>
where
    Db: diesel::backend::Backend + diesel::sql_types::HasSqlType<BigInt> + diesel::sql_types::HasSqlType<Timestamp>,
    i64: diesel::serialize::ToSql<BigInt, Db>,
    NaiveDateTime: diesel::serialize::ToSql<Timestamp, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.insert(out.reborrow())?;
        out.push_sql("DO NOTHING");
        Ok(())
    }
}

/// The same, but a level that was put aside comes back.
struct OpenLevel<'a>(MakeLevel<'a>);

cached!(OpenLevel -> BigInt);

impl<Db> QueryFragment<Db> for OpenLevel<'_>
where
    Db: diesel::backend::Backend + diesel::sql_types::HasSqlType<BigInt> + diesel::sql_types::HasSqlType<Timestamp>,
    i64: diesel::serialize::ToSql<BigInt, Db>,
    NaiveDateTime: diesel::serialize::ToSql<Timestamp, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.0.insert(out.reborrow())?;
        out.push_sql(
            "DO UPDATE SET is_hidden = FALSE, updated_at = excluded.updated_at WHERE stock_levels.is_hidden \
             RETURNING id",
        );
        Ok(())
    }
}
