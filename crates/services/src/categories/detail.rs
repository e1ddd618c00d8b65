//! One category.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::CategoryId;
use savdo_persistence::categories::{self, CategoryView};

use crate::{Context, Result};

/// One category of the caller's store, in whatever state.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's.
pub fn detail(context: &Context, actor: &Actor, id: CategoryId) -> Result<CategoryView> {
    let seat = actor.permit(Permission::ViewCatalogue)?;
    let found = context.database().read("category_detail", |reader| {
        categories::find(reader, seat.store_id(), id)
    })?;
    found.ok_or_else(|| Refusal::NotFound.into())
}
