//! Workers: who works in a store, as what, and what he may (shop.md 2.3, 4).
//!
//! Who may do what to whom is the domain's; here it is judged on locked rows. A change of role, status, sections or password
//! outdates every token of that worker, so that it counts on his next request.

mod assign;
mod change;
mod hire;
mod list;
mod own;
mod person;
mod post;
mod standing;
mod traces;
mod view;

use savdo_domain::FieldErrors;
use savdo_domain::FieldProblem;
use savdo_domain::Refusal;
use savdo_domain::access::{RowStatus, Seat};
use savdo_domain::ids::{LocationId, StoreId, WorkerId};
use savdo_domain::stock::LocationKind;
use savdo_persistence::{Reader, locations, staff};

use crate::Result;

pub use assign::{AssignSections, assign};
pub use change::{ChangeWorker, change};
pub use hire::{HireWorker, hire};
pub use list::{ListWorkers, WorkerColumn, list};
pub use own::{ChangeOwn, OwnChanged, change_own};
pub use person::ChangePerson;
pub use savdo_persistence::staff::StaffView;
pub use standing::{activate, deactivate, remove};
pub use view::{view, view_own};

/// A worker of the store, whatever his status.
fn found(reader: &mut Reader<'_>, store_id: StoreId, id: WorkerId) -> Result<StaffView> {
    staff::find(reader, store_id, id)?.ok_or_else(|| Refusal::NotFound.into())
}

/// A worker as the one at `seat` may see him: what owners and other managers earn is hidden from a manager.
fn shown_to(seat: &Seat<'_>, mut worker: StaffView) -> StaffView {
    if !seat.sees_salary_of(worker.post.worker_id, worker.post.role) {
        worker.salary = None;
    }
    worker
}

/// Notes a branch that is not an active one of the store.
fn check_branch(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    branch: Option<LocationId>,
    errors: &mut FieldErrors,
) -> Result<()> {
    let Some(branch) = branch else { return Ok(()) };
    let found = locations::find(reader, store_id, branch)?;
    let is_usable = found.is_some_and(|found| found.kind == LocationKind::Branch && found.status == RowStatus::Active);
    if !is_usable {
        errors.add("branch", FieldProblem::UnknownObject);
    }
    Ok(())
}
