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
use crate::once::Unkeyed;
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
}

/// Changes what the online pharmacy says of a product, and whether it is offered there.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store's or an archived one; at their fields: an unknown category, a
/// taken sku, and for one that goes online everything it lacks; between fields a name and maker that are taken.
pub fn offer(context: &Context, actor: &Actor, id: ProductId, command: OfferProduct) -> Result<ShelfView> {
    let scope = actor.catalogue_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let worker = at_work(actor);
    let now = context.now();
    Naming::Pharmacy.write((context, actor), "product_offer", &Unkeyed, &move |tx| {
        let store_id = products::store_of(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        let mut errors = FieldErrors::new();
        let active = hold_substances(tx, store_id, command.active_substances.as_deref(), &mut errors)?;
        let before = products::lock(tx, store_id, id)?
            .filter(|stored| stored.product.archived_at.is_none())
            .ok_or(Refusal::NotFound)?;
        let mut after = before.clone();
        command.clone().apply(&mut after.product, &mut errors);
        set(&mut after.product.substances, active);
        if before.product.category_id != after.product.category_id {
            check_category(tx, store_id, &after.product, &mut errors)?;
        }
        Naming::Pharmacy.check(tx, (store_id, Some(id)), &after.product, &mut errors)?;
        errors.into_result()?;
        let worker_id = worker.filter(|(store, _)| *store == store_id).map(|(_, worker)| worker);
        naming::store(tx, &before, &mut after, now, worker_id)?;
        if let Some(entry) = traces::of_change(&before, &after, Action::Update) {
            audit::record(tx, &author, now, entry)?;
        }
        shelf::find(tx, Some(Scope::Store(store_id)), now, id)?.ok_or_else(|| Refusal::NotFound.into())
    })
}

/// The substances that a product is to have; a problem where the store has not all of them. They come before the product in the
/// order of locks.
fn hold_substances(
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
fn at_work(actor: &Actor) -> Option<(StoreId, WorkerId)> {
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
