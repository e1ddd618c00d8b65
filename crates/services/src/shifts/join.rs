//! How a document finds the shift that it joins.
//!
//! The shift is held in a statement of its own, after the document and before the levels, and only in a store that has shifts.

use savdo_domain::ids::{LocationId, ShiftId, StoreId};
use savdo_domain::shift::{ShiftRefusal, ShiftStatus};
use savdo_persistence::sales::CounterView;
use savdo_persistence::{Tx, settings, shifts};

use crate::Result;

/// The open shift of a branch, without which nothing is done there; none in a store without shifts.
///
/// # Errors
/// [`ShiftRefusal::NoneOpen`].
pub(crate) fn must_join(tx: &mut Tx<'_>, store_id: StoreId, counter: &CounterView) -> Result<Option<ShiftId>> {
    let shift = may_join(tx, store_id, counter)?;
    if counter.has_shifts && shift.is_none() {
        return Err(ShiftRefusal::NoneOpen.into());
    }
    Ok(shift)
}

/// The open shift of a branch, if there is one.
///
/// # Errors
/// A failed statement.
pub(crate) fn may_join(tx: &mut Tx<'_>, store_id: StoreId, counter: &CounterView) -> Result<Option<ShiftId>> {
    if !counter.has_shifts {
        return Ok(None);
    }
    Ok(shifts::hold_open(tx, store_id, counter.location_id)?)
}

/// The open shift of a branch in which a document is undone that was made in `made_in`: that one in any case where it is still
/// open, another one in a store that has shifts.
///
/// # Errors
/// A failed statement.
pub(crate) fn to_undo_in(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    branch_id: LocationId,
    made_in: Option<ShiftId>,
) -> Result<Option<ShiftId>> {
    let Some(open) = shifts::hold_open(tx, store_id, branch_id)? else {
        return Ok(None);
    };
    let joins = made_in == Some(open) || settings::find(tx, store_id)?.shift_enabled;
    Ok(joins.then_some(open))
}

/// Judges whether what joined a shift may still change its sums; it then stays so until the end of the transaction.
///
/// # Errors
/// [`ShiftRefusal::AlreadyClosed`].
pub(crate) fn check_open(tx: &mut Tx<'_>, store_id: StoreId, joined: Option<ShiftId>) -> Result<()> {
    let Some(id) = joined else { return Ok(()) };
    match shifts::hold(tx, store_id, id)? {
        Some(ShiftStatus::Closed) => Err(ShiftRefusal::AlreadyClosed.into()),
        Some(ShiftStatus::Open) | None => Ok(()),
    }
}
