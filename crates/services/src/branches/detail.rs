//! One branch.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission, Workplace};
use savdo_domain::ids::LocationId;
use savdo_domain::stock::LocationKind;
use savdo_persistence::Reader;
use savdo_persistence::locations::{self, LocationView};
use savdo_persistence::workers::{self, AtWorkView};

use crate::{Context, Result};

/// A branch with its store and those who work in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchDetailView {
    /// The branch.
    pub branch: LocationView,
    /// Its store.
    pub store: Workplace,
    /// Its active workers.
    pub workers: Vec<AtWorkView>,
}

/// One branch of the caller's store, in whatever status.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one, a warehouse, or another store's.
pub fn detail(context: &Context, actor: &Actor, id: LocationId) -> Result<BranchDetailView> {
    let seat = actor.permit(Permission::ViewBranches)?;
    context
        .database()
        .read_consistent("branch_detail", |reader| find(reader, seat.store, id))
}

/// The branch as the answer of a change shows it.
pub(super) fn find(reader: &mut Reader<'_>, store: &Workplace, id: LocationId) -> Result<BranchDetailView> {
    let branch = locations::find(reader, store.id, id)?
        .filter(|location| location.kind == LocationKind::Branch)
        .ok_or(Refusal::NotFound)?;
    let workers = workers::of_branch(reader, store.id, id)?;
    Ok(BranchDetailView {
        branch,
        store: store.clone(),
        workers,
    })
}
