//! Makes many products at once, for a demo as large as a chain's catalogue.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use savdo_domain::ids::{StoreId, WorkerId};

use super::rows::{Product, ProductColumns};
use crate::connection::on_each;
use crate::database::{Database, Tx};
use crate::error::Error;
use crate::schema::{product_prices, products};

/// How many rows go into one statement: PostgreSQL takes 65535 values in one.
const ROWS: usize = 500;

/// Makes products with their first prices. The caller knows that no two have the same names.
///
/// # Errors
/// A [`Constraint`](crate::Constraint) on name, barcode, sku or slug; a failed statement.
pub fn insert_many(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    many: &[Product],
    (created_at, worker_id): (DateTime<Utc>, WorkerId),
) -> Result<(), Error> {
    let last: Option<i64> = tx.statement("products_last", |on| {
        products::table.select(diesel::dsl::max(products::id)).get_result(on)
    })?;
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
    tx.statement("product_prices_insert", |on| {
        let prices = products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.gt(last.unwrap_or_default()))
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
/// that an index can be read alone; SQLite's search index is merged into one piece. All stores' products, for who filled the installation.
///
/// # Errors
/// A failed statement.
pub fn settle_unscoped(database: &Database) -> Result<(), Error> {
    if database.is_postgres() {
        return database.read("products_settle", |reader| {
            reader.statement("products_settle", |on| on.batch_execute("VACUUM (ANALYZE) products"))
        });
    }
    database.write("products_settle", |tx| {
        let merge = "INSERT INTO product_grams (product_grams) VALUES ('optimize')";
        tx.statement("products_settle", |on| on.batch_execute(merge))
    })
}
