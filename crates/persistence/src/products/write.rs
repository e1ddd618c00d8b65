//! Makes and changes products.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::RowStatus;
use savdo_domain::catalog::ProductNames;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{ProductId, StoreId, SubstanceId, WorkerId};

use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::products::rows::{Product, ProductColumns, ProductRow, StoredProduct, online_search};
use crate::schema::{product_prices, product_substances, products};
use crate::substances;

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
    let id = tx.statement("product_insert", |on| {
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
    })?;
    let id = ProductId::new(id);
    substances::link(tx, (store_id, id), &product.substances)?;
    Ok(id)
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
    let Some(row) = row else { return Ok(None) };
    // Read once the product is locked: a substance that is renamed has its products locked as well.
    let active = substances::of_product(tx, store_id, id)?;
    row.into_stored(active).map(Some)
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

/// Writes all that is said of a product locked before, which is as `before` says; its substances are held.
///
/// # Errors
/// As [`insert`].
pub fn update(
    tx: &mut Tx<'_>,
    before: &StoredProduct,
    stored: &StoredProduct,
    now: DateTime<Utc>,
) -> Result<(), Error> {
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
    if before.product.substances != product.substances {
        substances::relink(tx, (*store_id, *id), &product.substances)?;
    }
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

/// Writes anew what customers search of every product that has a substance, which was locked and renamed before. Locks the products in
/// the order of their ids.
///
/// # Errors
/// A failed statement.
pub fn rewrite_texts(tx: &mut Tx<'_>, store_id: StoreId, substance_id: SubstanceId) -> Result<(), Error> {
    type Names = (i64, String, String, String, String);
    let named: Vec<Names> = tx.statement("products_of_substance_lock", |on| {
        macro_rules! query {
            () => {
                products::table
                    .filter(products::store_id.eq(store_id.get()))
                    .filter(
                        products::id.eq_any(
                            product_substances::table
                                .filter(product_substances::store_id.eq(store_id.get()))
                                .filter(product_substances::substance_id.eq(substance_id.get()))
                                .select(product_substances::product_id),
                        ),
                    )
                    .order(products::id)
                    .select((
                        products::id,
                        products::name,
                        products::manufacturer,
                        products::sku,
                        products::barcode,
                    ))
            };
        }
        match on {
            AnyConnection::Sqlite(on) => query!().load(on),
            AnyConnection::Postgres(on) => query!().for_no_key_update().load(on),
        }
    })?;
    let keys: Vec<_> = named.iter().map(|(id, ..)| (store_id, ProductId::new(*id))).collect();
    let active = substances::of_products(tx, &keys)?;
    for (id, name, manufacturer, sku, barcode) in &named {
        let names = ProductNames {
            name,
            manufacturer,
            sku,
            barcode,
        };
        let of_product = active.get(&ProductId::new(*id)).map(Vec::as_slice).unwrap_or_default();
        tx.statement("product_texts_rewrite", |on| {
            diesel::update(products::table)
                .filter(products::store_id.eq(store_id.get()))
                .filter(products::id.eq(id))
                .set(products::online_search.eq(online_search(&names, of_product)))
                .execute(on)
        })?;
    }
    Ok(())
}
