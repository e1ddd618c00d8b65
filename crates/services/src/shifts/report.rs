//! The report of a shift: as it stands now, or as it was frozen.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::ShiftId;
use savdo_domain::shift::{Drawer, ShiftRefusal, ShiftReport};
use savdo_persistence::shifts;

use super::seen::{ShiftSeen, find};
use crate::{Context, Result};

/// A shift and what went through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftReported {
    /// The shift.
    pub seen: ShiftSeen,
    /// What went through it.
    pub report: ShiftReport,
    /// Until when: its end, or now.
    pub until: DateTime<Utc>,
}

/// What went through a shift so far; of a closed one its frozen report.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`](savdo_domain::Refusal::NotFound) for an unknown one or another store's.
pub fn x_report(context: &Context, actor: &Actor, id: ShiftId) -> Result<ShiftReported> {
    let seat = actor.permit(Permission::ViewShifts)?;
    let now = context.now();
    context.database().read_consistent("shift_x_report", |reader| {
        let seen = find(reader, seat.store, id)?;
        let report = match &seen.report {
            Some(frozen) => frozen.clone(),
            None => {
                let drawer = Drawer {
                    cash_start: seen.shift.cash_start,
                    cash_end: None,
                };
                let documents = shifts::documents(reader, seat.store_id(), id)?;
                ShiftReport::of(&documents, drawer).with_context(|| format!("the sums of shift {id} fit"))?
            }
        };
        let until = seen.shift.closed_at.unwrap_or(now);
        Ok(ShiftReported { seen, report, until })
    })
}

/// The frozen report of a closed shift.
///
/// # Errors
/// As [`x_report`]; [`ShiftRefusal::StillOpen`].
pub fn z_report(context: &Context, actor: &Actor, id: ShiftId) -> Result<ShiftReported> {
    let seat = actor.permit(Permission::ViewShifts)?;
    let seen = context
        .database()
        .read_consistent("shift_z_report", |reader| find(reader, seat.store, id))?;
    ShiftReported::of_closed(seen)
}

impl ShiftReported {
    /// A closed shift with its frozen report.
    ///
    /// # Errors
    /// [`ShiftRefusal::StillOpen`].
    pub(super) fn of_closed(seen: ShiftSeen) -> Result<Self> {
        let ended = seen.report.clone().zip(seen.shift.closed_at);
        let (report, until) = ended.ok_or(ShiftRefusal::StillOpen)?;
        Ok(Self { seen, report, until })
    }
}
