//! A product is changed at the counter's side of the catalogue.

use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::catalog::{CatalogRefusal, Unit, parse_mxik};
use savdo_domain::ids::{CategoryId, ProductId};
use savdo_domain::{FieldErrors, FieldProblem, Money, Quantity, Refusal};
use savdo_persistence::Tx;
use savdo_persistence::products::{self, Product, ProductView, StoredProduct};

use super::currency::PriceCurrency;
use super::naming::{self, Naming, check_category};
use super::traces;
use crate::audit::{self, Action, Author};
use crate::files::{Attached, PICTURE, Replaced, Upload};
use crate::once::Unkeyed;
use crate::{Context, Result};

/// What is to change of a product; `None` leaves it as it is, `Some(None)` clears it.
#[derive(Debug, Clone, Default)]
pub struct ChangeProduct {
    /// Its name.
    pub name: Option<String>,
    /// Its category.
    pub category: Option<Option<CategoryId>>,
    /// Its subcategory; there is none yet, so that any is unknown.
    pub subcategory: Option<i64>,
    /// The unit it is sold in.
    pub unit: Option<Unit>,
    /// What a unit cost: only where no batch says so.
    pub purchase_price: Option<Money>,
    /// The price of one unit.
    pub sale_price: Option<Money>,
    /// The currency of the price.
    pub currency: PriceCurrency,
    /// Its barcode.
    pub barcode: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Its code in the state catalogue.
    pub mxik_code: Option<Option<String>>,
    /// Whether it is received only with series and expiry.
    pub is_medicine: Option<bool>,
    /// Whether the counter sells it.
    pub status: Option<RowStatus>,
    /// Its picture, as it was sent.
    pub image: Option<Option<Upload>>,
}

/// Changes a product of the caller's store; what the pharmacy says of it stays.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`]; at their fields: what a new product would be refused for;
/// [`CatalogRefusal::PurchasePriceIsComputed`]; [`CatalogRefusal::HasStock`] and [`CatalogRefusal::HasOpenDocuments`] for
/// one that is to be put aside.
pub fn change(context: &Context, actor: &Actor, id: ProductId, command: ChangeProduct) -> Result<ProductView> {
    applied(context, actor, id, command, Action::Update)
}

/// Puts a product aside; one that is put aside stays so. Its name and barcode are free again, old documents keep it.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`]; [`CatalogRefusal::HasStock`], [`CatalogRefusal::HasOpenDocuments`].
pub fn put_aside(context: &Context, actor: &Actor, id: ProductId) -> Result<ProductView> {
    let command = ChangeProduct {
        status: Some(RowStatus::Inactive),
        ..ChangeProduct::default()
    };
    applied(context, actor, id, command, Action::Delete)
}

fn applied(
    context: &Context,
    actor: &Actor,
    id: ProductId,
    mut command: ChangeProduct,
    action: Action,
) -> Result<ProductView> {
    let seat = actor.permit(Permission::ChangeCatalogue)?;
    let (store_id, worker_id) = (seat.store_id(), seat.worker_id());
    let author = Author::from(actor);
    let now = context.now();
    let picture = Attached::of_change(context, PICTURE, command.image.take(), now)?;
    let (image, token) = (picture.change(), picture.token());
    let replaced = Replaced::default();
    let name_before = replaced.clone();
    let changed = Naming::Shop.write((context, actor), "product_change", &Unkeyed, &move |tx| {
        let before = products::lock(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let view = products::find(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let mut errors = FieldErrors::new();
        let mut after = before.clone();
        let purchase_price = changed_purchase_price(command.purchase_price, &view);
        command.clone().apply(&mut after.product, purchase_price, &mut errors);
        if command.status == Some(RowStatus::Active) && before.product.archived_at.is_some() {
            take_out_of_archive(tx, &mut after)?;
        }
        set(&mut after.product.image, image.clone());
        if before.product.category_id != after.product.category_id {
            check_category(tx, store_id, &after.product, &mut errors)?;
        }
        Naming::Shop.check(tx, (store_id, Some(id)), &after.product, &mut errors)?;
        errors.into_result()?;
        check_purchase_price(purchase_price, &view)?;
        check_put_aside(tx, &before, &after, &view)?;
        naming::store(tx, &before, &mut after, now, Some(worker_id))?;
        if let Some(entry) = traces::of_change(&before, &after, action) {
            audit::record(tx, &author, now, entry)?;
        }
        let view = products::find(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        token.used();
        name_before.note(&before.product.image);
        Ok(view)
    });
    picture.settle_change(changed, &replaced)
}

/// Brings a product back from the archive, still offline; its sku is gone if another product has it by now.
fn take_out_of_archive(tx: &mut Tx<'_>, stored: &mut StoredProduct) -> Result<()> {
    stored.product.archived_at = None;
    let taken = products::taken_names(tx, stored.store_id, &stored.product.names(), Some(stored.id))?;
    if taken.sku {
        stored.product.sku.clear();
    }
    Ok(())
}

/// The purchase price that is asked for, if it is another than the present one: one that is repeated changes nothing.
fn changed_purchase_price(wanted: Option<Money>, view: &ProductView) -> Option<Money> {
    wanted.filter(|wanted| *wanted != view.purchase_price)
}

/// The purchase price follows the batches: while any is left it can only be repeated.
fn check_purchase_price(changed: Option<Money>, view: &ProductView) -> Result<()> {
    match changed {
        Some(_) if view.left > Quantity::ZERO => Err(CatalogRefusal::PurchasePriceIsComputed.into()),
        Some(_) | None => Ok(()),
    }
}

/// Nothing may lie in stock or wait in a document when a product is put aside.
fn check_put_aside(tx: &mut Tx<'_>, before: &StoredProduct, after: &StoredProduct, view: &ProductView) -> Result<()> {
    match (before.product.status, after.product.status) {
        (RowStatus::Active, RowStatus::Inactive) => {}
        (RowStatus::Active | RowStatus::Inactive, RowStatus::Active) | (RowStatus::Inactive, RowStatus::Inactive) => {
            return Ok(());
        }
    }
    if view.stock_total > Quantity::ZERO {
        return Err(CatalogRefusal::HasStock.into());
    }
    if products::is_in_open_order(tx, after.store_id, after.id)? {
        return Err(CatalogRefusal::HasOpenDocuments.into());
    }
    // An order cancelled since the stock was read has put its goods back: read it once more, after the orders.
    let now = products::find(tx, after.store_id, after.id)?.ok_or(Refusal::NotFound)?;
    if now.stock_total > Quantity::ZERO {
        return Err(CatalogRefusal::HasStock.into());
    }
    Ok(())
}

impl ChangeProduct {
    fn apply(self, product: &mut Product, changed_purchase_price: Option<Money>, errors: &mut FieldErrors) {
        let Self {
            name,
            category,
            subcategory,
            unit,
            purchase_price: _,
            sale_price,
            currency,
            barcode,
            description,
            mxik_code,
            is_medicine,
            status,
            image: _,
        } = self;
        currency.check(errors);
        if subcategory.is_some() {
            errors.add("subcategory", FieldProblem::UnknownObject);
        }
        set(&mut product.name, name);
        set(&mut product.category_id, category);
        set(&mut product.unit, unit);
        set(&mut product.first_cost, changed_purchase_price);
        set(&mut product.sale_price, sale_price);
        set(&mut product.barcode, barcode);
        set(&mut product.description, description);
        set(&mut product.is_medicine, is_medicine);
        set(&mut product.status, status);
        set(&mut product.mxik_code, changed_mxik(mxik_code, errors));
    }
}

/// The new code in the state catalogue, if it is to change.
pub(super) fn changed_mxik(change: Option<Option<String>>, errors: &mut FieldErrors) -> Option<String> {
    match change? {
        Some(code) => errors.keep("mxik_code", parse_mxik(&code)),
        None => Some(String::new()),
    }
}

/// Puts a value in where one was sent.
pub(super) fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}
