//! A warehouse opens.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::stock::LocationKind;
use savdo_persistence::locations::NewLocation;

use super::detail::{WarehouseDetailView, find};
use crate::audit::Author;
use crate::once::Once;
use crate::places::Changer;
use crate::{Context, Result};

/// A warehouse to be opened.
#[derive(Debug, Clone)]
pub struct CreateWarehouse {
    /// Its name.
    pub name: String,
    /// Its address, possibly empty.
    pub address: String,
}

/// Opens a warehouse of the caller's store.
///
/// # Errors
/// A missing right; a name that another active warehouse has.
pub fn create<O: Once<WarehouseDetailView>>(
    context: &Context,
    actor: &Actor,
    command: CreateWarehouse,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::ChangeStock)?;
    let changer = Changer {
        store: seat.store.clone(),
        author: Author::from(actor),
        now: context.now(),
    };
    let warehouse = NewLocation {
        store_id: changer.store.id,
        kind: LocationKind::Warehouse,
        name: command.name,
        address: command.address,
        phone: String::new(),
        created_at: changer.now,
    };
    once.write(context, actor, "warehouse_create", move |tx| {
        let id = changer.make(tx, &warehouse)?;
        find(tx, &changer.store, id)
    })
}
