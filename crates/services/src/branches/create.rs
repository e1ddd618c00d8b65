//! A branch opens.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::stock::LocationKind;
use savdo_persistence::locations::NewLocation;

use super::detail::{BranchDetailView, find};
use crate::audit::Author;
use crate::once::Once;
use crate::places::Changer;
use crate::{Context, Result};

/// A branch to be opened.
#[derive(Debug, Clone)]
pub struct CreateBranch {
    /// Its name.
    pub name: String,
    /// Its address, possibly empty.
    pub address: String,
    /// Its phone as it is shown, possibly empty.
    pub phone: String,
}

/// Opens a branch of the caller's store.
///
/// # Errors
/// A missing right; a name that another active branch has.
pub fn create<O: Once<BranchDetailView>>(
    context: &Context,
    actor: &Actor,
    command: CreateBranch,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::CreateBranch)?;
    let changer = Changer {
        store: seat.store.clone(),
        author: Author::from(actor),
        now: context.now(),
    };
    let branch = NewLocation {
        store_id: changer.store.id,
        kind: LocationKind::Branch,
        name: command.name,
        address: command.address,
        phone: command.phone,
        created_at: changer.now,
    };
    once.write(context, actor, "branch_create", move |tx| {
        let id = changer.make(tx, &branch)?;
        find(tx, &changer.store, id)
    })
}
