//! A product is made by the staff of the online pharmacy.

use savdo_domain::access::{Actor, Effect, RowStatus, Scope};
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{CategoryId, StoreId, SubstanceId};
use savdo_domain::{FieldErrors, Money, Percent, Refusal};
use savdo_persistence::products::shelf::{self, ShelfView};
use savdo_persistence::products::{self, Product, StoredProduct};

use super::change::changed_mxik;
use super::naming::{Naming, check_category, made_barcode, slug_for};
use super::offer::{at_work, hold_substances};
use super::traces;
use crate::audit::{self, Author};
use crate::catalogue::store_to_write;
use crate::files::{Attached, PICTURE, Upload};
use crate::once::Once;
use crate::stock::{Shelf, ShownStock};
use crate::{Context, Result};

/// A product to be made, counted in pieces.
#[derive(Debug, Clone)]
pub struct IntroduceProduct {
    /// In which store; only an admin of the installation says so.
    pub store: Option<StoreId>,
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: CategoryId,
    /// The number of the article.
    pub sku: String,
    /// Its maker.
    pub manufacturer: String,
    /// The price of one piece.
    pub price: Money,
    /// What it is.
    pub description: String,
    /// How it is used.
    pub usage: String,
    /// Its active substances.
    pub active_substances: Vec<SubstanceId>,
    /// Whether it is sold on prescription only.
    pub needs_prescription: bool,
    /// Whether it is offered online.
    pub is_active: bool,
    /// Its code in the state catalogue.
    pub mxik_code: Option<String>,
    /// The code of its packing in the state catalogue, possibly empty.
    pub package_code: String,
    /// The share of value added tax; none where it is not subject to it.
    pub vat_percent: Option<Percent>,
    /// The pieces that lie there at first; what they cost is the product's purchase price too.
    pub stock: ShownStock,
    /// Its picture, as it was sent.
    pub image: Option<Upload>,
}

/// Makes a product with a barcode of the store's own, which the counter sells too, and takes its first pieces in.
///
/// # Errors
/// A missing right; at their fields: no or an unknown store from an admin, an unknown category or substance, a taken sku, a day that
/// has passed, pieces where no branch serves online, a file that is no picture; between fields a name and maker that are taken.
pub fn introduce<O: Once<ShelfView>>(
    context: &Context,
    actor: &Actor,
    mut command: IntroduceProduct,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.catalogue_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let worker = at_work(actor);
    let now = context.now();
    let picture = Attached::of_new(context, PICTURE, command.image.take(), now)?;
    let (image, token) = (picture.name().to_owned(), picture.token());
    let made = Naming::Pharmacy.write((context, actor), "product_introduce", once, &move |tx| {
        let mut errors = FieldErrors::new();
        let store_id = store_to_write(tx, scope, command.store)?;
        let shelf = Shelf::hold(tx, store_id, (&author, now), &command.stock)?;
        let active = hold_substances(tx, store_id, Some(&command.active_substances), &mut errors)?;
        let mut product = command.clone().into_product(image.clone(), &mut errors);
        product.substances = active.unwrap_or_default();
        check_category(tx, store_id, &product, &mut errors)?;
        Naming::Pharmacy.check(tx, (store_id, None), &product, &mut errors)?;
        if let Some(shelf) = &shelf {
            shelf.check(&command.stock, &mut errors);
        }
        errors.into_result()?;
        product.barcode = made_barcode(tx, store_id)?;
        product.slug = slug_for(tx, (store_id, None), &product)?;
        let id = products::insert(tx, store_id, &product, now)?;
        let worker_id = worker.filter(|(store, _)| *store == store_id).map(|(_, worker)| worker);
        products::insert_price(tx, (store_id, id), product.sale_price, now, worker_id)?;
        let stored = StoredProduct {
            id,
            store_id,
            product,
            created_at: now,
        };
        if let Some(shelf) = &shelf {
            shelf.receive(tx, (id, &stored.product.name), &command.stock)?;
        }
        audit::record(tx, &author, now, traces::of_new(&stored))?;
        let view = shelf::find(tx, Some(Scope::Store(store_id)), now, id)?;
        token.used();
        view.ok_or_else(|| Refusal::NotFound.into())
    });
    picture.settle(made)
}

impl IntroduceProduct {
    fn into_product(self, image: String, errors: &mut FieldErrors) -> Product {
        let Self {
            store: _,
            name,
            category,
            sku,
            manufacturer,
            price,
            description,
            usage,
            active_substances: _,
            needs_prescription,
            is_active,
            mxik_code,
            package_code,
            vat_percent,
            stock,
            image: _,
        } = self;
        Product {
            category_id: Some(category),
            name,
            manufacturer,
            sku,
            slug: String::new(),
            barcode: String::new(),
            unit: Unit::Piece,
            sale_price: price,
            first_cost: stock.unit_cost.unwrap_or_default(),
            description,
            usage,
            mxik_code: changed_mxik(Some(mxik_code), errors).unwrap_or_default(),
            package_code,
            vat_percent,
            image,
            is_medicine: false,
            needs_prescription,
            is_online: is_active,
            archived_at: None,
            status: RowStatus::Active,
            substances: Vec::new(),
        }
    }
}
