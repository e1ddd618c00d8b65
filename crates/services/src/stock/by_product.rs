//! The stock of a store by product.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::ProductId;
use savdo_persistence::search::Search;
use savdo_persistence::stock::{self, ByProductFilter, ProductStockView};

use crate::{Context, Listed, Page, Result};

/// Of which products the places are wanted.
#[derive(Debug, Clone)]
pub struct ListByProduct {
    /// This one.
    pub product: Option<ProductId>,
    /// With this text in name or barcode; empty: all.
    pub search: String,
    /// Which page.
    pub page: Page,
}

/// The products of the caller's store that are kept somewhere, by name, each with all its places.
///
/// # Errors
/// A missing right.
pub fn list_by_product(context: &Context, actor: &Actor, query: ListByProduct) -> Result<Listed<ProductStockView>> {
    let Some(seat) = actor.permit_list(Permission::ViewStock)? else {
        return Ok(Listed::none());
    };
    let (store_id, day) = (seat.store_id(), seat.zone().day(context.now()));
    let filter = ByProductFilter {
        product: query.product,
        search: Search::phrase(&query.search),
    };
    context.list(actor, "stock_by_product", &query.page, |reader, wanted| {
        Ok(stock::by_product(reader, store_id, day, &filter, wanted)?)
    })
}
