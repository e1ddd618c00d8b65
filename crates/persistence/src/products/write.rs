//! Makes and changes products.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{ProductId, StoreId, WorkerId};

use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::products::rows::{Product, ProductColumns, ProductRow, StoredProduct};
use crate::schema::{product_prices, products};

/// The so'm, in which every price is until there are currencies.
pub(super) const SOM: i64 = 1;

/// Makes a product.
///
/// # Errors
/// A [`Constraint`](crate::Constraint) on name, barcode, sku or slug; a failed statement.
pub fn insert(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    product: &Product,
    created_at: DateTime<Utc>,
) -> Result<ProductId, Error> {
    tx.statement("product_insert", |on| {
        diesel::insert_into(products::table)
            .values((
                products::store_id.eq(store_id.get()),
                products::currency_id.eq(SOM),
                products::order_count.eq(0),
                products::created_at.eq(created_at.naive_utc()),
                products::updated_at.eq(created_at.naive_utc()),
                ProductColumns::from(product),
            ))
            .returning(products::id)
            .get_result::<i64>(on)
    })
    .map(ProductId::new)
}

/// Reads a product that is about to be changed and locks its row; sales and receipts go on meanwhile.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: ProductId) -> Result<Option<StoredProduct>, Error> {
    let row: Option<ProductRow> = tx.statement("product_lock", |on| {
        macro_rules! query {
            () => {
                products::table
                    .filter(products::store_id.eq(store_id.get()))
                    .filter(products::id.eq(id.get()))
                    .select(ProductRow::as_select())
            };
        }
        match on {
            AnyConnection::Sqlite(on) => query!().first(on).optional(),
            AnyConnection::Postgres(on) => query!().for_no_key_update().first(on).optional(),
        }
    })?;
    row.map(StoredProduct::try_from).transpose()
}

/// Keeps a product as it is until the end of the transaction: whoever changes it waits. Read it in a later statement.
///
/// # Errors
/// A failed statement.
pub fn hold(tx: &mut Tx<'_>, store_id: StoreId, id: ProductId) -> Result<(), Error> {
    tx.statement("product_hold", |on| match on {
        // SQLite's one writer is the lock.
        AnyConnection::Sqlite(_) => Ok(None),
        AnyConnection::Postgres(on) => products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.eq(id.get()))
            .select(products::id)
            .for_share()
            .first::<i64>(on)
            .optional(),
    })?;
    Ok(())
}

/// Whether all of these products are in use; they stay so until the end of the transaction. Locks them in the order of their ids.
///
/// # Errors
/// A failed statement.
pub fn hold_active(tx: &mut Tx<'_>, store_id: StoreId, ids: &[ProductId]) -> Result<bool, Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.get()).collect();
    let statuses: Vec<String> = tx.statement("products_hold", |on| {
        macro_rules! query {
            () => {
                products::table
                    .filter(products::store_id.eq(store_id.get()))
                    .filter(products::id.eq_any(ids))
                    .select(products::status)
                    .order(products::id)
            };
        }
        match on {
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(on) => query!().load(on),
            // What was read before the lock was had is read again with it.
            AnyConnection::Postgres(on) => query!().for_share().load(on),
        }
    })?;
    Ok(statuses.iter().all(|status| status == RowStatus::Active.code()))
}

/// Writes all that is said of a product locked before.
///
/// # Errors
/// As [`insert`].
pub fn update(tx: &mut Tx<'_>, stored: &StoredProduct, now: DateTime<Utc>) -> Result<(), Error> {
    let StoredProduct {
        id,
        store_id,
        product,
        created_at: _,
    } = stored;
    tx.statement("product_update", |on| {
        diesel::update(products::table)
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.eq(id.get()))
            .set((ProductColumns::from(product), products::updated_at.eq(now.naive_utc())))
            .execute(on)
    })?;
    Ok(())
}

/// Notes from when on a price holds.
///
/// # Errors
/// A failed statement.
pub fn insert_price(
    tx: &mut Tx<'_>,
    (store_id, product_id): (StoreId, ProductId),
    price: Money,
    valid_from: DateTime<Utc>,
    worker_id: Option<WorkerId>,
) -> Result<(), Error> {
    tx.statement("product_price_insert", |on| {
        diesel::insert_into(product_prices::table)
            .values((
                product_prices::store_id.eq(store_id.get()),
                product_prices::product_id.eq(product_id.get()),
                product_prices::price.eq(price.tiyin()),
                product_prices::currency_id.eq(SOM),
                product_prices::valid_from.eq(valid_from.naive_utc()),
                product_prices::worker_id.eq(worker_id.map(WorkerId::get)),
            ))
            .execute(on)
    })?;
    Ok(())
}
