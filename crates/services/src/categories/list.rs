//! The categories of a store.

use savdo_domain::access::{Actor, Permission};
use savdo_persistence::categories::{self, CategoryColumn, CategoryView};

use crate::{Context, ListRows, Listed, Result};

/// Which categories are wanted.
pub type ListCategories = ListRows<CategoryColumn>;

/// The categories of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: ListCategories) -> Result<Listed<CategoryView>> {
    let Some(seat) = actor.permit_list(Permission::ViewCatalogue)? else {
        return Ok(Listed::none());
    };
    let (page, filter) = query.split();
    let listed = context.list(actor, "category_list", &page, |reader, wanted| {
        categories::list(reader, seat.store_id(), &filter, wanted)
    })?;
    Ok(listed)
}
