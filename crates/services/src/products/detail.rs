//! One product.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::ProductId;
use savdo_persistence::products::{self, ProductView};

use crate::{Context, Result};

/// One product of the caller's store, in whatever state.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's.
pub fn detail(context: &Context, actor: &Actor, id: ProductId) -> Result<ProductView> {
    let seat = actor.permit(Permission::ViewCatalogue)?;
    let found = context
        .database()
        .read("product_detail", |reader| products::find(reader, seat.store_id(), id))?;
    found.ok_or_else(|| Refusal::NotFound.into())
}
