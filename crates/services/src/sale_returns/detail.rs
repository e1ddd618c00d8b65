//! One return.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::SaleReturnId;
use savdo_persistence::sale_returns::SaleReturnDetailView;

use super::find;
use crate::{Context, Result};

/// One return of the caller's store, in whatever status.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`](savdo_domain::Refusal::NotFound) for an unknown one or another store's.
pub fn detail(context: &Context, actor: &Actor, id: SaleReturnId) -> Result<SaleReturnDetailView> {
    let seat = actor.permit(Permission::ViewSales)?;
    let store_id = seat.store_id();
    context
        .database()
        .read_consistent("sale_return_detail", |reader| find(reader, store_id, id))
}
