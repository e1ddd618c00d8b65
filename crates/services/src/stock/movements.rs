//! What came to the places of a store and what left them.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{LocationId, MovementId, ProductId, WorkerId};
use savdo_domain::stock::{MovementReason, MovementType};
use savdo_persistence::paging::SortBy;
use savdo_persistence::stock::{self, MovementColumn, MovementFilter, MovementView};

use crate::period::Period;
use crate::{Context, Listed, Page, Result};

/// Which movements are wanted.
#[derive(Debug, Clone)]
pub struct ListMovements {
    /// Of this product.
    pub product: Option<ProductId>,
    /// At this branch.
    pub branch: Option<LocationId>,
    /// At this warehouse.
    pub warehouse: Option<LocationId>,
    /// This way.
    pub movement_type: Option<MovementType>,
    /// For this reason.
    pub reason: Option<MovementReason>,
    /// From or to this supplier.
    pub supplier: Option<i64>,
    /// By this worker.
    pub worker: Option<WorkerId>,
    /// On these days.
    pub period: Period,
    /// In this order; newest first when empty.
    pub sort: Vec<SortBy<MovementColumn>>,
    /// Which page.
    pub page: Page,
}

/// The movements of the caller's store.
///
/// # Errors
/// A missing right; `date_from` after `date_to`.
pub fn list_movements(context: &Context, actor: &Actor, query: ListMovements) -> Result<Listed<MovementView>> {
    let Some(seat) = actor.permit_list(Permission::ViewStock)? else {
        return Ok(Listed::none());
    };
    let (from, before) = query.period.span(seat.zone())?;
    let filter = MovementFilter {
        product: query.product,
        branch: query.branch,
        warehouse: query.warehouse,
        movement_type: query.movement_type,
        reason: query.reason,
        supplier: query.supplier,
        worker: query.worker,
        from,
        before,
        sort: query.sort,
    };
    let store_id = seat.store_id();
    context.list(actor, "movements_list", &query.page, |reader, wanted| {
        Ok(stock::list_movements(reader, store_id, &filter, wanted)?)
    })
}

/// One movement of the caller's store.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`].
pub fn movement(context: &Context, actor: &Actor, id: MovementId) -> Result<MovementView> {
    let store_id = actor.permit(Permission::ViewStock)?.store_id();
    context.database().read_consistent("movement_find", |reader| {
        let found = stock::movements(reader, store_id, &[id])?.into_iter().next();
        Ok(found.ok_or(Refusal::NotFound)?)
    })
}
