//! One sale.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{SaleId, StoreId};
use savdo_persistence::Reader;
use savdo_persistence::sales::{self, SaleDetailView};

use crate::{Context, Result};

/// One sale of the caller's store, in whatever status.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's.
pub fn view(context: &Context, actor: &Actor, id: SaleId) -> Result<SaleDetailView> {
    let seat = actor.permit(Permission::ViewSales)?;
    context
        .database()
        .read_consistent("sale_view", |reader| find(reader, seat.store_id(), id))
}

/// The sale as the answer of a change shows it.
pub(super) fn find(reader: &mut Reader<'_>, store_id: StoreId, id: SaleId) -> Result<SaleDetailView> {
    Ok(sales::find(reader, store_id, id)?.ok_or(Refusal::NotFound)?)
}
