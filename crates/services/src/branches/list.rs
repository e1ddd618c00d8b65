//! The branches of a store.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::stock::LocationKind;
use savdo_persistence::locations::{self, LocationColumn, LocationView};
use savdo_persistence::workers;

use crate::{Context, Error, ListRows, Listed, Result};

/// Which branches are wanted.
pub type ListBranches = ListRows<LocationColumn>;

/// A branch in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchView {
    /// The branch.
    pub branch: LocationView,
    /// The name of its store.
    pub store_name: String,
    /// How many active workers it has.
    pub workers_count: i64,
}

/// The branches of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: ListBranches) -> Result<Listed<BranchView>> {
    let Some(seat) = actor.permit_list(Permission::ViewBranches)? else {
        return Ok(Listed::none());
    };
    let store_id = seat.store_id();
    let (page, filter) = query.split();
    let (branches, counts) = context.list(actor, "branch_list", &page, |reader, wanted| {
        let branches = locations::list(reader, (store_id, LocationKind::Branch), &filter, wanted)?;
        let counts = workers::count_by_branch(reader, store_id)?;
        Ok::<_, Error>((branches, counts))
    })?;
    Ok(branches.map(|branch| BranchView {
        store_name: seat.store.name.clone(),
        workers_count: counts.get(&branch.id).copied().unwrap_or_default(),
        branch,
    }))
}
