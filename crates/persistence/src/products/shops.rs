//! The stores that are open online, and their categories.
//!
//! Public, and so without a scope: whether a store is open hides or shows it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use savdo_domain::access::{RowStatus, Scope};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{CategoryId, LocationId, StoreId};

use crate::database::Reader;
use crate::error::Error;
use crate::products::visibility::{IsStoreOpen, OfferedAlone, OnlineLocation, StoreOpen};
use crate::schema::{categories, locations, products, store_settings, stores};

/// A category of the public catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlineCategoryView {
    /// The category.
    pub id: CategoryId,
    /// Its store.
    pub store_id: StoreId,
    /// Its name.
    pub name: String,
    /// Its address part.
    pub slug: String,
    /// The name of a symbol that clients draw; empty without one.
    pub icon: String,
    /// How many products in it customers see.
    pub product_count: i64,
}

/// A store that is open online.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlineStoreView {
    /// The store.
    pub id: StoreId,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its phone.
    pub phone: String,
    /// Whether its online orders may be paid in cash.
    pub cash_enabled: bool,
}

/// A store and its settings and online location, as [`StoreOpen`] needs them.
macro_rules! open_stores {
    () => {
        stores::table
            .inner_join(store_settings::table.on(store_settings::store_id.eq(stores::id)))
            .inner_join(
                locations::table.on(locations::store_id
                    .eq(stores::id)
                    .and(locations::id.nullable().eq(OnlineLocation))),
            )
            .filter(StoreOpen)
    };
}

/// The branch that serves a store's online orders; none without an active branch.
///
/// # Errors
/// A failed statement.
pub fn online_location(reader: &mut Reader<'_>, store_id: StoreId) -> Result<Option<LocationId>, Error> {
    let id: Option<i64> = reader.statement("online_location", |on| {
        store_settings::table
            .find(store_id.get())
            .select(OnlineLocation)
            .first(on)
    })?;
    Ok(id.map(LocationId::new))
}

/// The stores that are open online, by name.
///
/// # Errors
/// A failed statement.
pub fn stores_unscoped(reader: &mut Reader<'_>) -> Result<Vec<OnlineStoreView>, Error> {
    let rows: Vec<(i64, String, String, String, bool)> = reader.statement("online_stores", |on| {
        open_stores!()
            .order((stores::name_key, stores::id))
            .select((
                stores::id,
                stores::name,
                stores::address,
                stores::phone,
                store_settings::cash_enabled,
            ))
            .load(on)
    })?;
    let view = |(id, name, address, phone, cash_enabled)| OnlineStoreView {
        id: StoreId::new(id),
        name,
        address,
        phone,
        cash_enabled,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The active categories of the stores that are open online, or of one of them, by name; `id` asks for one alone.
///
/// # Errors
/// A failed statement.
pub fn categories_unscoped(
    reader: &mut Reader<'_>,
    store: Option<StoreId>,
    id: Option<CategoryId>,
) -> Result<Vec<OnlineCategoryView>, Error> {
    let rows: Vec<(i64, i64, String, String, String)> = reader.statement("online_categories", |on| {
        let mut query = open_stores!()
            .inner_join(categories::table.on(categories::store_id.eq(stores::id)))
            .filter(categories::status.eq(RowStatus::Active.code()))
            .order((categories::name_key, categories::id))
            .select((
                categories::id,
                categories::store_id,
                categories::name,
                categories::slug,
                categories::icon,
            ))
            .into_boxed();
        if let Some(store) = store {
            query = query.filter(categories::store_id.eq(store.get()));
        }
        if let Some(id) = id {
            query = query.filter(categories::id.eq(id.get()));
        }
        query.load(on)
    })?;
    let ids: Vec<_> = rows.iter().map(|(id, ..)| *id).collect();
    let counts = product_counts(reader, &ids)?;
    let view = |(id, store_id, name, slug, icon)| OnlineCategoryView {
        id: CategoryId::new(id),
        store_id: StoreId::new(store_id),
        name,
        slug,
        icon,
        product_count: counts.get(&id).copied().unwrap_or_default(),
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Whether customers know the category: an active one of a store that is open online. The staff of this scope knows all of its own.
///
/// # Errors
/// A failed statement.
pub fn is_category_known(reader: &mut Reader<'_>, hidden_of: Option<Scope>, id: CategoryId) -> Result<bool, Error> {
    let found: Option<(i64, String, bool)> = reader.statement("category_known", |on| {
        categories::table
            .inner_join(stores::table.on(stores::id.eq(categories::store_id)))
            .inner_join(store_settings::table.on(store_settings::store_id.eq(categories::store_id)))
            .left_join(
                locations::table.on(locations::store_id
                    .eq(categories::store_id)
                    .and(locations::id.nullable().eq(OnlineLocation))),
            )
            .filter(categories::id.eq(id.get()))
            .select((categories::store_id, categories::status, IsStoreOpen))
            .first(on)
            .optional()
    })?;
    Ok(found.is_some_and(|(store_id, status, is_open)| match hidden_of {
        Some(Scope::All) => true,
        Some(Scope::Store(own) | Scope::StoreOrOwn { store: own, buyer: _ }) if own.get() == store_id => true,
        Some(Scope::Store(_) | Scope::StoreOrOwn { .. } | Scope::Own(_) | Scope::Assigned { .. }) | None => {
            is_open && status == RowStatus::Active.code()
        }
    }))
}

/// In the index alone: of each category of the stores that are open online, how many products customers see.
fn product_counts(reader: &mut Reader<'_>, categories: &[i64]) -> Result<BTreeMap<i64, i64>, Error> {
    let rows: Vec<(Option<i64>, i64)> = reader.statement("online_product_counts", |on| {
        products::table
            .filter(OfferedAlone)
            .filter(products::category_id.eq_any(categories))
            .group_by(products::category_id)
            .select((products::category_id, diesel::dsl::count_star()))
            .load(on)
    })?;
    Ok(rows.into_iter().filter_map(|(id, count)| Some((id?, count))).collect())
}
