//! A branch opens.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::stock::LocationKind;
use savdo_persistence::locations::{self, NewLocation};

use super::change::name_taken;
use super::detail::{BranchDetailView, find};
use crate::audit::{self, Action, Author, Entry};
use crate::once::Once;
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
    let store = seat.store.clone();
    let author = Author::from(actor);
    let now = context.now();
    let branch = NewLocation {
        store_id: store.id,
        kind: LocationKind::Branch,
        name: command.name,
        address: command.address,
        phone: command.phone,
        created_at: now,
    };
    once.write(context, actor, "branch_create", move |tx| {
        let id = locations::insert(tx, &branch).map_err(name_taken)?;
        let entry = Entry {
            store_id: Some(store.id),
            action: Action::Create,
            subject_type: "branch",
            subject_id: id.get(),
            description: format!("Filial yaratildi: {}", branch.name),
            details: None,
        };
        audit::record(tx, &author, now, entry)?;
        find(tx, &store, id)
    })
}
