//! Makes many products at once, for a demo as large as a chain's catalogue.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, sql_query};
use savdo_domain::ids::{StoreId, WorkerId};

use super::rows::{Product, ProductColumns};
use crate::connection::{AnyConnection, on_each};
use crate::database::{Database, Tx};
use crate::error::Error;
use crate::schema::{product_prices, products};

/// How many rows go into one statement: PostgreSQL takes 65535 values in one.
const ROWS: usize = 500;

/// What follows every product that is made, as the database itself says how to make it. Taken away while very many are made, and
/// then made for all of them at once: in a fifth of the time.
const INDEXES: &str = "SELECT indexname::text AS name, indexdef AS sql FROM pg_indexes \
    WHERE schemaname = current_schema() AND indexname IN ('product_texts_grams_index', 'shelf_texts_grams_index')";
const TRIGGERS: &str = "SELECT name, sql FROM sqlite_schema \
    WHERE type = 'trigger' AND name IN ('products_grams_insert', 'shelf_grams_insert')";

#[derive(QueryableByName)]
struct Dropped {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

/// Makes very many products by `fill`, which changes no other, in this one transaction: whatever fails, the database stays as it
/// was, with its indexes. Others wait meanwhile; for an installation that nobody uses yet.
///
/// # Errors
/// Those of `fill`; a failed statement.
pub fn load_unscoped<E: From<Error>>(
    tx: &mut Tx<'_>,
    fill: impl FnOnce(&mut Tx<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let last = last(tx)?.unwrap_or_default();
    let dropped = tx.statement("search_index_drop", |on| {
        let (indexes, noun) = match on {
            AnyConnection::Sqlite(on) => (sql_query(TRIGGERS).load::<Dropped>(on)?, "TRIGGER"),
            AnyConnection::Postgres(on) => (sql_query(INDEXES).load::<Dropped>(on)?, "INDEX"),
        };
        for index in &indexes {
            on.batch_execute(&format!("DROP {noun} {}", index.name))?;
        }
        Ok(indexes)
    })?;
    fill(tx)?;
    tx.statement("search_index_build", |on| {
        match on {
            AnyConnection::Sqlite(on) => on.batch_execute(&format!(
                "INSERT INTO product_grams (rowid, text) \
                 SELECT id, replace(shop_search, ' ', '  ') FROM products WHERE id > {last} ORDER BY id; \
                 INSERT INTO shelf_grams (rowid, text) \
                 SELECT id, replace(online_search, ' ', '  ') FROM shelf_texts WHERE id > {last} ORDER BY id"
            )),
            AnyConnection::Postgres(on) => on.batch_execute("SET LOCAL maintenance_work_mem = '256MB'"),
        }?;
        dropped.iter().try_for_each(|index| on.batch_execute(&index.sql))
    })?;
    Ok(())
}

fn last(tx: &mut Tx<'_>) -> Result<Option<i64>, Error> {
    tx.statement("products_last", |on| {
        products::table.select(diesel::dsl::max(products::id)).get_result(on)
    })
}

/// Makes products with their first prices, without active substances. The caller knows that no two have the same names.
///
/// # Errors
/// A [`Constraint`](crate::Constraint) on name, barcode, sku or slug; a failed statement.
pub fn insert_many(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    many: &[Product],
    (created_at, worker_id): (DateTime<Utc>, WorkerId),
) -> Result<(), Error> {
    let last = last(tx)?.unwrap_or_default();
    let at = created_at.naive_utc();
    for some in many.chunks(ROWS) {
        tx.statement("products_insert", |on| {
            let row = |product| {
                (
                    products::store_id.eq(store_id.get()),
                    products::currency_id.eq(super::write::SOM),
                    products::order_count.eq(0),
                    products::created_at.eq(at),
                    products::updated_at.eq(at),
                    ProductColumns::from(product),
                )
            };
            let rows: Vec<_> = some.iter().map(row).collect();
            on_each!(on, |c| diesel::insert_into(products::table).values(rows).execute(c))
        })?;
    }
    // Each price looks for its product, by a plan that was made when there were few.
    if last < i64::try_from(many.len()).unwrap_or(i64::MAX) {
        tx.statement("products_analyze", |on| on.batch_execute("ANALYZE products"))?;
    }
    tx.statement("product_prices_insert", |on| {
        let prices = products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.gt(last))
            .select((
                products::store_id,
                products::id,
                products::sale_price,
                products::currency_id,
                products::created_at,
                worker_id.get().into_sql::<Nullable<BigInt>>(),
            ));
        on_each!(on, |c| diesel::insert_into(product_prices::table)
            .values(prices)
            .into_columns((
                product_prices::store_id,
                product_prices::product_id,
                product_prices::price,
                product_prices::currency_id,
                product_prices::valid_from,
                product_prices::worker_id,
            ))
            .execute(c))
    })?;
    Ok(())
}

/// Brings about at once what comes by itself with time: PostgreSQL learns how the table looks now, and that all see its pages, so
/// that an index can be read alone; SQLite's search indexes are each merged into one piece. All stores' products, for who filled the
/// installation.
///
/// # Errors
/// A failed statement.
pub fn settle_unscoped(database: &Database) -> Result<(), Error> {
    if database.is_postgres() {
        return database.read("products_settle", |reader| {
            reader.statement("products_settle", |on| {
                on.batch_execute("VACUUM (ANALYZE) products, product_texts, shelf_texts, product_prices")
            })
        });
    }
    database.write("products_settle", |tx| {
        let merge = "INSERT INTO product_grams (product_grams) VALUES ('optimize'); \
            INSERT INTO shelf_grams (shelf_grams) VALUES ('optimize')";
        tx.statement("products_settle", |on| on.batch_execute(merge))
    })
}
