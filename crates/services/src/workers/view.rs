//! Looking at one worker.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::WorkerId;

use super::{StaffView, found, shown_to};
use crate::{Context, Result};

/// A worker of the caller's store, whatever his status.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`](savdo_domain::Refusal) for another store's.
pub fn view(context: &Context, actor: &Actor, id: WorkerId) -> Result<StaffView> {
    let seat = actor.permit(Permission::ViewWorkers)?;
    let worker = context
        .database()
        .read("worker_view", |reader| found(reader, seat.store_id(), id))?;
    Ok(shown_to(&seat, worker))
}

/// The caller's own place of work, also while he is on leave or after he left.
///
/// # Errors
/// A missing right.
pub fn view_own(context: &Context, actor: &Actor) -> Result<StaffView> {
    let seat = actor.permit_own_work()?;
    context.database().read("worker_view_own", |reader| {
        found(reader, seat.store_id(), seat.worker_id())
    })
}
