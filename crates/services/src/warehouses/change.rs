//! A warehouse changes, closes, or opens again.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::LocationId;
use savdo_domain::stock::LocationKind;

use super::detail::{WarehouseDetailView, find};
use crate::audit::{Action, Author};
use crate::places::{ChangePlace, Changer};
use crate::{Context, Result};

/// What is to change of a warehouse.
pub type ChangeWarehouse = ChangePlace;

/// Changes a warehouse of the caller's store.
///
/// # Errors
/// A missing right; [`Refusal::EmptyPatch`]; [`Refusal::NotFound`] for an unknown one, a branch, or another store's; at `name`
/// one that another active warehouse has, also for one that opens again;
/// [`HasStock`](savdo_domain::catalog::CatalogRefusal::HasStock) for one that is to close.
pub fn change(
    context: &Context,
    actor: &Actor,
    id: LocationId,
    command: ChangeWarehouse,
) -> Result<WarehouseDetailView> {
    actor.permit(Permission::ChangeStock)?;
    if command == ChangeWarehouse::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    applied(context, actor, id, command, Action::Update)
}

/// Closes a warehouse of the caller's store; one that is closed already stays so.
///
/// # Errors
/// As [`change`].
pub fn close(context: &Context, actor: &Actor, id: LocationId) -> Result<WarehouseDetailView> {
    applied(context, actor, id, ChangeWarehouse::closing(), Action::Delete)
}

fn applied(
    context: &Context,
    actor: &Actor,
    id: LocationId,
    command: ChangeWarehouse,
    action: Action,
) -> Result<WarehouseDetailView> {
    let seat = actor.permit(Permission::ChangeStock)?;
    let changer = Changer {
        store: seat.store.clone(),
        author: Author::from(actor),
        now: context.now(),
    };
    context.database().write("warehouse_change", move |tx| {
        changer.change(tx, (LocationKind::Warehouse, id), command.clone(), action)?;
        find(tx, &changer.store, id)
    })
}
