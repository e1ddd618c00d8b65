//! Who has a name, a barcode, a slug already, and which orders hold a product: what is asked before a product is written.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use savdo_domain::access::RowStatus;
use savdo_domain::catalog::ProductNames;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{ProductId, StoreId};
use savdo_domain::order::OrderStatus;

use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::schema::{order_lines, orders, products};

fragments! {
    /// The product is in use at the counter, as its partial indexes say it.
    Active: Bool = "products.status = 'active'";
    /// It has a number of the article, as the partial index says it.
    HasSku: Bool = "products.sku_key <> ''";
}

/// Which names of a product another one has already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenNames {
    /// An active one has name and manufacturer.
    pub name: bool,
    /// An active one has the barcode.
    pub barcode: bool,
    /// One that is not archived has the sku.
    pub sku: bool,
}

/// Which of these names products other than `except` have already.
///
/// # Errors
/// A failed statement.
pub fn taken_names(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    names: &ProductNames<'_>,
    except: Option<ProductId>,
) -> Result<TakenNames, Error> {
    let except = except.map_or(0, ProductId::get);
    let (name_key, manufacturer_key, sku_key) = (names.name_key(), names.manufacturer_key(), names.sku_key());
    let others = || {
        products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.ne(except))
    };
    let same_name = others()
        .filter(products::name_key.eq(name_key))
        .filter(products::manufacturer_key.eq(manufacturer_key))
        .filter(Active);
    let same_barcode = others().filter(products::barcode.eq(names.barcode)).filter(Active);
    let same_sku = others()
        .filter(products::sku_key.eq(sku_key))
        .filter(HasSku)
        .filter(products::archived_at.is_null());
    let (name, barcode, sku) = reader.statement("product_names_taken", |on| {
        diesel::select((
            diesel::dsl::exists(same_name),
            diesel::dsl::exists(same_barcode),
            diesel::dsl::exists(same_sku),
        ))
        .get_result(on)
    })?;
    Ok(TakenNames { name, barcode, sku })
}

/// Whether any product of the store, active or not, has this barcode.
///
/// # Errors
/// A failed statement.
pub fn is_barcode_known(reader: &mut Reader<'_>, store_id: StoreId, barcode: &str) -> Result<bool, Error> {
    // Two questions, because each has an index of its own.
    let of_store = || {
        products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::barcode.eq(barcode))
    };
    let (active, inactive): (bool, bool) = reader.statement("product_barcode_known", |on| {
        diesel::select((
            diesel::dsl::exists(of_store().filter(Active)),
            diesel::dsl::exists(of_store().filter(products::status.eq(RowStatus::Inactive.code()))),
        ))
        .get_result(on)
    })?;
    Ok(active || inactive)
}

/// The active product of the store with this barcode.
///
/// # Errors
/// A failed statement.
pub fn find_by_barcode(reader: &mut Reader<'_>, store_id: StoreId, barcode: &str) -> Result<Option<ProductId>, Error> {
    let id: Option<i64> = reader.statement("product_of_barcode", |on| {
        products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::barcode.eq(barcode))
            .filter(Active)
            .select(products::id)
            .first(on)
            .optional()
    })?;
    Ok(id.map(ProductId::new))
}

/// `base` and the numbered forms of it that products other than `except` have; nothing when `base` itself is free.
///
/// # Errors
/// A failed statement.
pub fn taken_slugs(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    base: &str,
    except: Option<ProductId>,
) -> Result<Vec<String>, Error> {
    let except = except.map_or(0, ProductId::get);
    let others = || {
        products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.ne(except))
    };
    let is_taken: bool = reader.statement("product_slug_taken", |on| {
        diesel::select(diesel::dsl::exists(others().filter(products::slug.eq(base)))).get_result(on)
    })?;
    if !is_taken {
        return Ok(Vec::new());
    }
    // The character after the dash ends the range of all that begins with `base-`.
    let mut taken: Vec<String> = reader.statement("product_slugs_like", |on| {
        others()
            .filter(products::slug.ge(format!("{base}-")))
            .filter(products::slug.lt(format!("{base}.")))
            .select(products::slug)
            .load(on)
    })?;
    taken.push(base.to_owned());
    Ok(taken)
}

/// Whether an unfinished online order holds the product.
///
/// # Errors
/// A failed statement.
pub fn is_in_open_order(reader: &mut Reader<'_>, store_id: StoreId, id: ProductId) -> Result<bool, Error> {
    reader.statement("product_in_open_order", |on| {
        diesel::select(diesel::dsl::exists(
            order_lines::table
                .inner_join(orders::table.on(orders::id.eq(order_lines::order_id)))
                .filter(order_lines::store_id.eq(store_id.get()))
                .filter(order_lines::product_id.eq(id.get()))
                .filter(orders::status.ne(OrderStatus::Delivered.code()))
                .filter(orders::status.ne(OrderStatus::Cancelled.code())),
        ))
        .get_result(on)
    })
}
