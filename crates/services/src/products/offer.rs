//! A product is offered online, or taken from there.

use savdo_domain::access::{Actor, Effect, Scope};
use savdo_domain::catalog::OnlineOffer;
use savdo_domain::ids::{CategoryId, ProductId, StoreId, SubstanceId, WorkerId};
use savdo_domain::{FieldErrors, FieldProblem, Money, Percent, Refusal};
use savdo_persistence::Tx;
use savdo_persistence::products::shelf::{self, ShelfView};
use savdo_persistence::products::{self, Product};
use savdo_persistence::substances::{self, ActiveSubstance};

use super::change::{changed_mxik, set};
use super::naming::{self, Naming, check_category};
use super::traces;
use crate::audit::{self, Action, Author};
use crate::files::{Attached, PICTURE, Replaced, Upload};
use crate::once::Once;
use crate::stock::{Shelf, ShownStock};
use crate::{Context, Result};

/// What is to change of a product online; `None` leaves it as it is, `Some(None)` clears it.
#[derive(Debug, Clone, Default)]
pub struct OfferProduct {
    /// Its name.
    pub name: Option<String>,
    /// Its category.
    pub category: Option<CategoryId>,
    /// The number of the article.
    pub sku: Option<String>,
    /// Its maker.
    pub manufacturer: Option<String>,
    /// The price of one piece.
    pub price: Option<Money>,
    /// What it is.
    pub description: Option<String>,
    /// How it is used.
    pub usage: Option<String>,
    /// Its active substances.
    pub active_substances: Option<Vec<SubstanceId>>,
    /// Whether it is sold on prescription only.
    pub needs_prescription: Option<bool>,
    /// Whether it is offered online.
    pub is_active: Option<bool>,
    /// Its code in the state catalogue.
    pub mxik_code: Option<Option<String>>,
    /// The code of its packing in the state catalogue.
    pub package_code: Option<String>,
    /// The share of value added tax; none where it is not subject to it.
    pub vat_percent: Option<Option<Percent>>,
    /// The pieces that can be sold.
    pub stock: ShownStock,
    /// Its picture, as it was sent.
    pub image: Option<Option<Upload>>,
}

/// Changes what the online pharmacy says of a product, whether it is offered there, and the pieces that can be sold.
///
/// Where it is about stock, holds the settings and the branch that serves; then the substances, the product and its level.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store's or an archived one; at their fields: an unknown category, a
/// taken sku, a day that has passed, pieces where no branch serves online, a file that is no picture, and for one that goes online
/// everything it lacks; between fields a name and maker that are taken;
/// [`StockRefusal::Changed`](savdo_domain::stock::StockRefusal::Changed).
pub fn offer<O: Once<ShelfView>>(
    context: &Context,
    actor: &Actor,
    id: ProductId,
    mut command: OfferProduct,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.catalogue_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let worker = at_work(actor);
    let now = context.now();
    let picture = Attached::of_change(context, PICTURE, command.image.take(), now)?;
    let (image, token, replaced) = (picture.change(), picture.token(), Replaced::default());
    let name_before = replaced.clone();
    let offered = Naming::Pharmacy.write((context, actor), "product_offer", once, &move |tx| {
        let store_id = products::store_of(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        let mut errors = FieldErrors::new();
        let shelf = Shelf::hold(tx, store_id, (&author, now), &command.stock)?;
        let active = hold_substances(tx, store_id, command.active_substances.as_deref(), &mut errors)?;
        let before = products::lock(tx, store_id, id)?
            .filter(|stored| stored.product.archived_at.is_none())
            .ok_or(Refusal::NotFound)?;
        let mut after = before.clone();
        command.clone().apply(&mut after.product, &mut errors);
        set(&mut after.product.substances, active);
        set(&mut after.product.image, image.clone());
        if before.product.category_id != after.product.category_id {
            check_category(tx, store_id, &after.product, &mut errors)?;
        }
        Naming::Pharmacy.check(tx, (store_id, Some(id)), &after.product, &mut errors)?;
        if let Some(shelf) = &shelf {
            shelf.check(&command.stock, &mut errors);
        }
        errors.into_result()?;
        let worker_id = worker.filter(|(store, _)| *store == store_id).map(|(_, worker)| worker);
        naming::store(tx, &before, &mut after, now, worker_id)?;
        if let Some(entry) = traces::of_change(&before, &after, Action::Update) {
            audit::record(tx, &author, now, entry)?;
        }
        if let Some(shelf) = &shelf {
            shelf.set(tx, (id, &after.product.name), &command.stock)?;
        }
        let view = shelf::find(tx, Some(Scope::Store(store_id)), now, id)?.ok_or(Refusal::NotFound)?;
        name_before.note(&before.product.image);
        token.used();
        Ok(view)
    });
    picture.settle_change(offered, &replaced)
}

/// The substances that a product is to have; a problem where the store has not all of them. They come before the product in the
/// order of locks.
pub(super) fn hold_substances(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    wanted: Option<&[SubstanceId]>,
    errors: &mut FieldErrors,
) -> Result<Option<Vec<ActiveSubstance>>> {
    let Some(wanted) = wanted else { return Ok(None) };
    let mut ids = wanted.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let held = substances::hold(tx, store_id, &ids)?;
    let all = Some(held).filter(|held| held.len() == ids.len());
    Ok(errors.keep("active_substances", all.ok_or(FieldProblem::UnknownObject)))
}

/// Where the caller works, if he does.
pub(super) fn at_work(actor: &Actor) -> Option<(StoreId, WorkerId)> {
    let worker = actor.worker.as_ref()?;
    worker.store.as_ref().map(|store| (store.id, worker.id))
}

impl OfferProduct {
    fn apply(self, product: &mut Product, errors: &mut FieldErrors) {
        let Self {
            name,
            category,
            sku,
            manufacturer,
            price,
            description,
            usage,
            needs_prescription,
            is_active,
            mxik_code,
            package_code,
            vat_percent,
            active_substances: _,
            stock: _,
            image: _,
        } = self;
        set(&mut product.name, name);
        set(&mut product.category_id, category.map(Some));
        set(&mut product.sku, sku);
        set(&mut product.manufacturer, manufacturer);
        set(&mut product.sale_price, price);
        set(&mut product.description, description);
        set(&mut product.usage, usage);
        set(&mut product.needs_prescription, needs_prescription);
        set(&mut product.is_online, is_active);
        set(&mut product.package_code, package_code);
        set(&mut product.vat_percent, vat_percent);
        set(&mut product.mxik_code, changed_mxik(mxik_code, errors));
        if is_active == Some(true)
            && let Err(lacking) = lacking(product)
        {
            errors.merge(lacking);
        }
    }
}

fn lacking(product: &Product) -> std::result::Result<(), FieldErrors> {
    OnlineOffer {
        category: product.category_id,
        sku: &product.sku,
        manufacturer: &product.manufacturer,
        price: product.sale_price,
        unit: product.unit,
    }
    .check()
}
