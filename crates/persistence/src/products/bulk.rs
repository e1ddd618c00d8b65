//! Makes many products at once, for a demo as large as a chain's catalogue.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use savdo_domain::ids::{ProductId, StoreId, WorkerId};

use super::rows::{Product, ProductColumns};
use crate::bulk::leave_products;
use crate::connection::on_each;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::{product_prices, products};

/// How many rows go into one statement: PostgreSQL takes 65535 values in one.
const ROWS: usize = 500;

/// A product to be made, and how many orders with it were handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderedProduct {
    /// The product.
    pub product: Product,
    /// How many orders.
    pub order_count: i64,
}

/// Makes products with their first prices, without active substances, numbered from `first`. The caller knows that no two have the
/// same names and that no product has these ids or later ones.
///
/// # Errors
/// A [`Constraint`](crate::Constraint) on name, barcode, sku or slug; a failed statement.
pub fn insert_many(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    (first, many): (ProductId, &[OrderedProduct]),
    (created_at, worker_id): (DateTime<Utc>, WorkerId),
) -> Result<(), Error> {
    let at = created_at.naive_utc();
    let mut id = first.get();
    for some in many.chunks(ROWS) {
        let rows: Vec<_> = (id..)
            .zip(some)
            .map(|(id, OrderedProduct { product, order_count })| {
                (
                    products::id.eq(id),
                    products::store_id.eq(store_id.get()),
                    products::currency_id.eq(super::write::SOM),
                    products::order_count.eq(*order_count),
                    products::created_at.eq(at),
                    products::updated_at.eq(at),
                    ProductColumns::from(product),
                )
            })
            .collect();
        id = id.saturating_add(i64::try_from(some.len()).unwrap_or(i64::MAX));
        tx.statement("products_insert", |on| {
            on_each!(on, |c| diesel::insert_into(products::table).values(rows).execute(c))
        })?;
    }
    leave_products(tx, ProductId::new(id))?;
    // Each price looks for its product, by a plan that was made when there were few.
    if first.get() <= i64::try_from(many.len()).unwrap_or(i64::MAX) {
        tx.statement("products_analyze", |on| on.batch_execute("ANALYZE products"))?;
    }
    tx.statement("product_prices_insert", |on| {
        let prices = products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.ge(first.get()))
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
