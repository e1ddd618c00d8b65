//! One shift.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::ShiftId;

use super::seen::{ShiftSeen, find};
use crate::{Context, Result};

/// One shift of the caller's store.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`](savdo_domain::Refusal::NotFound) for an unknown one or another store's.
pub fn detail(context: &Context, actor: &Actor, id: ShiftId) -> Result<ShiftSeen> {
    let seat = actor.permit(Permission::ViewShifts)?;
    context
        .database()
        .read_consistent("shift_detail", |reader| find(reader, seat.store, id))
}
