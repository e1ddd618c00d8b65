//! Which product has which substances.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use savdo_domain::ids::{ProductId, StoreId, SubstanceId};

use crate::among::Ids;
use crate::connection::{AnyConnection, on_each};
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{product_substances, substances};

/// A substance as its products name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveSubstance {
    /// The substance.
    pub id: SubstanceId,
    /// Its name.
    pub name: String,
}

/// Those of these substances that the store has, by id; they stay as they are until the end of the transaction. Locks them in
/// that order.
///
/// # Errors
/// A failed statement.
pub fn hold(tx: &mut Tx<'_>, store_id: StoreId, ids: &[SubstanceId]) -> Result<Vec<ActiveSubstance>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, String)> = tx.statement("substances_hold", |on| {
        macro_rules! query {
            () => {
                substances::table
                    .filter(substances::store_id.eq(store_id.get()))
                    .filter(substances::id.eq_any(ids))
                    .order(substances::id)
                    .select((substances::id, substances::name))
            };
        }
        match on {
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(on) => query!().load(on),
            AnyConnection::Postgres(on) => query!().for_share().load(on),
        }
    })?;
    Ok(rows.into_iter().map(ActiveSubstance::from).collect())
}

/// The substances of a product, by id.
///
/// # Errors
/// A failed statement.
pub(crate) fn of_product(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    product_id: ProductId,
) -> Result<Vec<ActiveSubstance>, Error> {
    let mut of_products = of_products(reader, &[(store_id, product_id)])?;
    Ok(of_products.remove(&product_id).unwrap_or_default())
}

/// The substances of each of these products, by id; a product without any is left out.
///
/// # Errors
/// A failed statement.
pub(crate) fn of_products(
    reader: &mut Reader<'_>,
    products: &[(StoreId, ProductId)],
) -> Result<BTreeMap<ProductId, Vec<ActiveSubstance>>, Error> {
    if products.is_empty() {
        return Ok(BTreeMap::new());
    }
    let stores: BTreeSet<i64> = products.iter().map(|(store_id, _)| store_id.get()).collect();
    let stores: Ids = stores.into_iter().collect();
    let ids: Ids = products.iter().map(|(_, id)| id.get()).collect();
    let rows: Vec<(i64, i64, String)> = reader.statement("product_substances", |on| {
        on_each!(on, |c| product_substances::table
            .inner_join(
                substances::table.on(substances::store_id
                    .eq(product_substances::store_id)
                    .and(substances::id.eq(product_substances::substance_id))),
            )
            .filter(stores.hold(product_substances::store_id))
            .filter(ids.hold(product_substances::product_id))
            .order((product_substances::product_id, product_substances::substance_id))
            .select((product_substances::product_id, substances::id, substances::name))
            .load(c))
    })?;
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (product_id, id, name) in rows {
        let of_product = found.entry(ProductId::new(product_id)).or_default();
        of_product.push(ActiveSubstance::from((id, name)));
    }
    Ok(found)
}

/// Whether any product has the substance, in whatever state it is.
///
/// # Errors
/// A failed statement.
pub fn is_used(reader: &mut Reader<'_>, store_id: StoreId, id: SubstanceId) -> Result<bool, Error> {
    reader.statement("substance_used", |on| {
        diesel::select(diesel::dsl::exists(
            product_substances::table
                .filter(product_substances::store_id.eq(store_id.get()))
                .filter(product_substances::substance_id.eq(id.get())),
        ))
        .get_result(on)
    })
}

/// Gives a product these substances besides those that it has.
///
/// # Errors
/// A failed statement.
pub(crate) fn link(
    tx: &mut Tx<'_>,
    (store_id, product_id): (StoreId, ProductId),
    active: &[ActiveSubstance],
) -> Result<(), Error> {
    if active.is_empty() {
        return Ok(());
    }
    let row = |substance: &ActiveSubstance| {
        (
            product_substances::store_id.eq(store_id.get()),
            product_substances::product_id.eq(product_id.get()),
            product_substances::substance_id.eq(substance.id.get()),
        )
    };
    let rows: Vec<_> = active.iter().map(row).collect();
    tx.statement("product_substances_insert", |on| {
        on_each!(on, |c| diesel::insert_into(product_substances::table)
            .values(rows)
            .execute(c))
    })?;
    Ok(())
}

/// Gives a product locked before these substances in place of those that it has.
///
/// # Errors
/// A failed statement.
pub(crate) fn relink(
    tx: &mut Tx<'_>,
    (store_id, product_id): (StoreId, ProductId),
    active: &[ActiveSubstance],
) -> Result<(), Error> {
    tx.statement("product_substances_delete", |on| {
        diesel::delete(
            product_substances::table
                .filter(product_substances::store_id.eq(store_id.get()))
                .filter(product_substances::product_id.eq(product_id.get())),
        )
        .execute(on)
    })?;
    link(tx, (store_id, product_id), active)
}

impl From<(i64, String)> for ActiveSubstance {
    fn from((id, name): (i64, String)) -> Self {
        Self {
            id: SubstanceId::new(id),
            name,
        }
    }
}
