//! Gives a product a name, barcode and slug that nobody else in the store has.

use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, RowStatus};
use savdo_domain::catalog::{barcode, slug};
use savdo_domain::ids::{ProductId, StoreId};
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::products::{self, Product, StoredProduct};
use savdo_persistence::{BusyCause, Constraint, Error as StorageError, Tx, categories, counters};

use crate::once::Once;
use crate::{Context, Error, Result};

/// How often a slug is tried that somebody else takes at the same moment; each time somebody did make a product.
const SLUG_TRIES: usize = 10;

/// Under which key a name and maker that are taken are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// The shop knows names alone.
    Shop,
    /// The pharmacy knows both.
    Pharmacy,
}

impl Naming {
    const fn name_field(self) -> &'static str {
        match self {
            Self::Shop => "name",
            Self::Pharmacy => FieldErrors::NON_FIELD,
        }
    }

    /// Names every other product that stands in the way of this one, under the keys of the request.
    pub(super) fn check(
        self,
        tx: &mut Tx<'_>,
        (store_id, id): (StoreId, Option<ProductId>),
        product: &Product,
        errors: &mut FieldErrors,
    ) -> Result<()> {
        let taken = products::taken_names(tx, store_id, &product.names(), id)?;
        let is_active = product.status == RowStatus::Active;
        if taken.name && is_active {
            errors.add(self.name_field(), FieldProblem::Taken);
        }
        if taken.barcode && is_active {
            errors.add("barcode", FieldProblem::Taken);
        }
        if taken.sku && product.archived_at.is_none() {
            errors.add("sku", FieldProblem::Taken);
        }
        Ok(())
    }

    /// Writes in one transaction; what a parallel request took first is reported as if it had always been taken.
    pub(super) fn write<T, O, F>(
        self,
        (context, actor): (&Context, &Actor),
        name: &'static str,
        once: &O,
        work: &F,
    ) -> Result<O::Answer>
    where
        O: Once<T>,
        F: Fn(&mut Tx<'_>) -> Result<T> + Clone + Send + 'static,
    {
        let mut tries = 0;
        loop {
            tries += 1;
            let field = match once.write(context, actor, name, work.clone()) {
                Err(Error::Storage(StorageError::Refused(Constraint::SlugTaken))) if tries < SLUG_TRIES => continue,
                Err(Error::Storage(StorageError::Refused(Constraint::SlugTaken))) => {
                    return Err(StorageError::Busy(BusyCause::Contention).into());
                }
                Err(Error::Storage(StorageError::Refused(Constraint::ProductNameTaken))) => self.name_field(),
                Err(Error::Storage(StorageError::Refused(Constraint::BarcodeTaken))) => "barcode",
                Err(Error::Storage(StorageError::Refused(Constraint::SkuTaken))) => "sku",
                outcome => return outcome,
            };
            return Err(FieldErrors::one(field, FieldProblem::Taken).into());
        }
    }
}

/// Notes a category that is none of the store's, or put aside; one in use stays so until the end of the transaction.
pub(super) fn check_category(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    product: &Product,
    errors: &mut FieldErrors,
) -> Result<()> {
    if let Some(category_id) = product.category_id
        && !categories::hold_active(tx, store_id, category_id)?
    {
        errors.add("category", FieldProblem::UnknownObject);
    }
    Ok(())
}

/// A barcode of the store's own; a number that some product has already is skipped, and none is given twice.
pub(super) fn made_barcode(tx: &mut Tx<'_>, store_id: StoreId) -> Result<String> {
    loop {
        let sequence = counters::advance(tx, store_id, counters::MADE_BARCODES)?;
        let made = barcode::made(store_id, sequence);
        if !products::is_barcode_known(tx, store_id, &made)? {
            return Ok(made);
        }
    }
}

/// The slug of the product's name and sku, numbered when another product has it.
pub(super) fn slug_for(
    tx: &mut Tx<'_>,
    (store_id, id): (StoreId, Option<ProductId>),
    product: &Product,
) -> Result<String> {
    let base = product.names().slug();
    let taken = products::taken_slugs(tx, store_id, &base, id)?;
    Ok(slug::free(&base, &taken))
}

/// Writes a product locked before: its slug follows its name and sku, its price is kept with its time.
pub(super) fn store(
    tx: &mut Tx<'_>,
    before: &StoredProduct,
    after: &mut StoredProduct,
    now: DateTime<Utc>,
    worker_id: Option<savdo_domain::ids::WorkerId>,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let key = (after.store_id, after.id);
    if before.product.names().slug() != after.product.names().slug() {
        after.product.slug = slug_for(tx, (after.store_id, Some(after.id)), &after.product)?;
    }
    products::update(tx, before, after, now)?;
    if before.product.sale_price != after.product.sale_price {
        products::insert_price(tx, key, after.product.sale_price, now, worker_id)?;
    }
    Ok(())
}
