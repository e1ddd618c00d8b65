//! A product is made at the counter's side of the catalogue.

use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::catalog::{Unit, parse_mxik};
use savdo_domain::ids::CategoryId;
use savdo_domain::{FieldErrors, FieldProblem, Money, Refusal};
use savdo_persistence::products::{self, Product, ProductView, StoredProduct};

use super::currency::PriceCurrency;
use super::naming::{Naming, check_category, made_barcode, slug_for};
use super::traces;
use crate::audit::{self, Author};
use crate::files::{Attached, PICTURE, Upload};
use crate::once::Once;
use crate::{Context, Result};

/// A product to be made.
#[derive(Debug, Clone, Default)]
pub struct CreateProduct {
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: Option<CategoryId>,
    /// Its subcategory; there is none yet, so that any is unknown.
    pub subcategory: Option<i64>,
    /// The unit it is sold in.
    pub unit: Unit,
    /// What a unit cost, which counts while there is no batch.
    pub purchase_price: Money,
    /// The price of one unit.
    pub sale_price: Money,
    /// The currency of the price.
    pub currency: PriceCurrency,
    /// Its barcode; empty has one made.
    pub barcode: String,
    /// What it is.
    pub description: String,
    /// Its code in the state catalogue.
    pub mxik_code: Option<String>,
    /// Whether it is received only with series and expiry.
    pub is_medicine: bool,
    /// Its picture, as it was sent.
    pub image: Option<Upload>,
}

/// Makes a product in the caller's store; it is not offered online.
///
/// # Errors
/// A missing right; at their fields: a name or barcode that another active product has, an unknown category, subcategory
/// or currency, a code that is none, a picture that is none.
pub fn create<O: Once<ProductView>>(
    context: &Context,
    actor: &Actor,
    mut command: CreateProduct,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::ChangeCatalogue)?;
    let (store_id, worker_id) = (seat.store_id(), seat.worker_id());
    let author = Author::from(actor);
    let now = context.now();
    let picture = Attached::of_new(context, PICTURE, command.image.take(), now)?;
    let (image, token) = (picture.name().to_owned(), picture.token());
    let made = Naming::Shop.write((context, actor), "product_create", once, &move |tx| {
        let mut errors = FieldErrors::new();
        let mut product = command.clone().into_product(image.clone(), &mut errors);
        check_category(tx, store_id, &product, &mut errors)?;
        Naming::Shop.check(tx, (store_id, None), &product, &mut errors)?;
        errors.into_result()?;
        if product.barcode.is_empty() {
            product.barcode = made_barcode(tx, store_id)?;
        }
        product.slug = slug_for(tx, (store_id, None), &product)?;
        let id = products::insert(tx, store_id, &product, now)?;
        products::insert_price(tx, (store_id, id), product.sale_price, now, Some(worker_id))?;
        let stored = StoredProduct {
            id,
            store_id,
            product,
            created_at: now,
        };
        audit::record(tx, &author, now, traces::of_new(&stored))?;
        let view = products::find(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        token.used();
        Ok(view)
    });
    picture.settle(made)
}

impl CreateProduct {
    fn into_product(self, image: String, errors: &mut FieldErrors) -> Product {
        let Self {
            name,
            category,
            subcategory,
            unit,
            purchase_price,
            sale_price,
            currency,
            barcode,
            description,
            mxik_code,
            is_medicine,
            image: _,
        } = self;
        currency.check(errors);
        if subcategory.is_some() {
            errors.add("subcategory", FieldProblem::UnknownObject);
        }
        let mxik_code = mxik_code.and_then(|code| errors.keep("mxik_code", parse_mxik(&code)));
        Product {
            category_id: category,
            name,
            manufacturer: String::new(),
            sku: String::new(),
            slug: String::new(),
            barcode,
            unit,
            sale_price,
            first_cost: purchase_price,
            description,
            usage: String::new(),
            mxik_code: mxik_code.unwrap_or_default(),
            package_code: String::new(),
            vat_percent: None,
            image,
            is_medicine,
            needs_prescription: false,
            is_online: false,
            archived_at: None,
            status: RowStatus::Active,
            substances: Vec::new(),
        }
    }
}
