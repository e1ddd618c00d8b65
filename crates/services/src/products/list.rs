//! The products of a store.

use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::catalog::Unit;
use savdo_domain::ids::CategoryId;
use savdo_persistence::products::{self, ProductColumn, ProductFilter, ProductRowView};

use crate::{Context, Listed, Page, Result, Search, SortBy};

/// Which products are wanted.
#[derive(Debug, Clone)]
pub struct ListProducts {
    /// Of this category.
    pub category: Option<CategoryId>,
    /// Of this subcategory; there is none yet, so that any finds nothing.
    pub subcategory: Option<i64>,
    /// In these states.
    pub statuses: Vec<RowStatus>,
    /// Sold in this unit.
    pub unit: Option<Unit>,
    /// With exactly this barcode.
    pub barcode: Option<String>,
    /// With this text in name, barcode or sku; empty: all.
    pub search: String,
    /// In this order; by name when empty.
    pub sort: Vec<SortBy<ProductColumn>>,
    /// Which page.
    pub page: Page,
}

/// The products of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: ListProducts) -> Result<Listed<ProductRowView>> {
    let Some(seat) = actor.permit_list(Permission::ViewCatalogue)? else {
        return Ok(Listed::none());
    };
    if query.subcategory.is_some() {
        return Ok(Listed::none());
    }
    let filter = ProductFilter {
        category: query.category,
        statuses: query.statuses,
        unit: query.unit,
        barcode: query.barcode,
        search: Search::phrase(&query.search),
        sort: query.sort,
    };
    let listed = context.list(actor, "product_list", &query.page, |reader, wanted| {
        products::list(reader, seat.store_id(), &filter, wanted)
    })?;
    Ok(listed)
}
