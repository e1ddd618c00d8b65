//! The stock of a store.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{CategoryId, LocationId, ProductId};
use savdo_persistence::paging::SortBy;
use savdo_persistence::search::Search;
use savdo_persistence::stock::{self, StockColumn, StockFilter, StockView};

use crate::{Context, Listed, Page, Result};

/// Which stock is wanted.
#[derive(Debug, Clone)]
pub struct ListStock {
    /// In this branch.
    pub branch: Option<LocationId>,
    /// In this warehouse.
    pub warehouse: Option<LocationId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of the products of this category.
    pub category: Option<CategoryId>,
    /// With this text in the product's name or barcode; empty: all.
    pub search: String,
    /// `Some(true)`: only where something lies; `Some(false)`: only where nothing does.
    pub is_nonzero: Option<bool>,
    /// In this order; by name of the product when empty.
    pub sort: Vec<SortBy<StockColumn>>,
    /// Which page.
    pub page: Page,
}

/// What lies at the places of the caller's store today.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: ListStock) -> Result<Listed<StockView>> {
    let Some(seat) = actor.permit_list(Permission::ViewStock)? else {
        return Ok(Listed::none());
    };
    let (store_id, day) = (seat.store_id(), seat.zone().day(context.now()));
    let filter = StockFilter {
        branch: query.branch,
        warehouse: query.warehouse,
        product: query.product,
        category: query.category,
        search: Search::phrase(&query.search),
        is_nonzero: query.is_nonzero,
        sort: query.sort,
    };
    context.list(actor, "stock_list", &query.page, |reader, wanted| {
        Ok(stock::list(reader, store_id, day, &filter, wanted)?)
    })
}
