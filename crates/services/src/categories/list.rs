//! The categories of a store.

use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_persistence::categories::{self, CategoryColumn, CategoryFilter, CategoryView};

use crate::{Context, Listed, Page, Result, Search, SortBy};

/// Which categories are wanted.
#[derive(Debug, Clone)]
pub struct ListCategories {
    /// In these states.
    pub statuses: Vec<RowStatus>,
    /// With this text in their name; empty: all.
    pub search: String,
    /// In this order; by name when empty.
    pub sort: Vec<SortBy<CategoryColumn>>,
    /// Which page.
    pub page: Page,
}

/// The categories of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: ListCategories) -> Result<Listed<CategoryView>> {
    let Some(seat) = actor.permit_list(Permission::ViewCatalogue)? else {
        return Ok(Listed::none());
    };
    let filter = CategoryFilter {
        statuses: query.statuses,
        search: Search::phrase(&query.search),
        sort: query.sort,
    };
    let listed = context.database().read("category_list", |reader| {
        categories::list(reader, seat.store_id(), &filter, context.wanted(&query.page))
    })?;
    Ok(listed)
}
