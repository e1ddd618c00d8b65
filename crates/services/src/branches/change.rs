//! A branch changes, closes, or opens again.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::LocationId;
use savdo_domain::stock::LocationKind;

use super::detail::{BranchDetailView, find};
use crate::audit::{Action, Author};
use crate::places::{ChangePlace, Changer};
use crate::{Context, Result};

/// What is to change of a branch.
pub type ChangeBranch = ChangePlace;

/// Changes a branch of the caller's store. One that closes serves no more online orders.
///
/// # Errors
/// A missing right; [`Refusal::EmptyPatch`]; [`Refusal::NotFound`] for an unknown one, a warehouse, or another store's; at
/// `name` one that another active branch has, also for a branch that opens again;
/// [`HasStock`](savdo_domain::catalog::CatalogRefusal::HasStock),
/// [`ShiftOpen`](savdo_domain::catalog::CatalogRefusal::ShiftOpen) and
/// [`HasOpenDocuments`](savdo_domain::catalog::CatalogRefusal::HasOpenDocuments) for one that is to close.
pub fn change(context: &Context, actor: &Actor, id: LocationId, command: ChangeBranch) -> Result<BranchDetailView> {
    actor.permit(Permission::ChangeBranch)?;
    if command == ChangeBranch::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    applied(context, actor, id, command, Action::Update)
}

/// Closes a branch of the caller's store; one that is closed already stays so.
///
/// # Errors
/// As [`change`].
pub fn close(context: &Context, actor: &Actor, id: LocationId) -> Result<BranchDetailView> {
    applied(context, actor, id, ChangeBranch::closing(), Action::Delete)
}

fn applied(
    context: &Context,
    actor: &Actor,
    id: LocationId,
    command: ChangeBranch,
    action: Action,
) -> Result<BranchDetailView> {
    let seat = actor.permit(Permission::ChangeBranch)?;
    let changer = Changer {
        store: seat.store.clone(),
        author: Author::from(actor),
        now: context.now(),
    };
    context.database().write("branch_change", move |tx| {
        changer.change(tx, (LocationKind::Branch, id), command.clone(), action)?;
        find(tx, &changer.store, id)
    })
}
