//! Rows of shifts and what they are in the domain.

use chrono::NaiveDateTime;
use diesel::Queryable;
use savdo_domain::ids::{LocationId, ShiftId, WorkerId};
use savdo_domain::shift::Shift;

use crate::columns;
use crate::error::Error;
use crate::shifts::read::ShiftView;
use crate::workers::full_name;

/// A shift joined with its branch and the account of who opened it.
#[derive(Debug, Queryable)]
pub(super) struct ShiftRow {
    pub(super) id: i64,
    branch: (i64, String),
    status: String,
    opener: (i64, String, String, Option<String>),
    closed_by: Option<i64>,
    cash_start: i64,
    cash_end: Option<i64>,
    description: String,
    pub(super) opened_at: NaiveDateTime,
    closed_at: Option<NaiveDateTime>,
}

impl TryFrom<ShiftRow> for ShiftView {
    type Error = Error;

    fn try_from(row: ShiftRow) -> Result<Self, Error> {
        let ShiftRow {
            id,
            branch: (branch_id, branch_name),
            status,
            opener: (opened_by, first_name, last_name, username),
            closed_by,
            cash_start,
            cash_end,
            description,
            opened_at,
            closed_at,
        } = row;
        Ok(Self {
            id: ShiftId::new(id),
            branch_id: LocationId::new(branch_id),
            branch_name,
            status: columns::coded("shifts", id, &status)?,
            opened_by: WorkerId::new(opened_by),
            opened_by_name: full_name(&first_name, &last_name, username.as_deref().unwrap_or_default()),
            closed_by: closed_by.map(WorkerId::new),
            closed_by_name: None,
            cash_start: columns::money(cash_start),
            cash_end: cash_end.map(columns::money),
            description,
            opened_at: columns::time(opened_at),
            closed_at: closed_at.map(columns::time),
            z_report: None,
        })
    }
}

/// A shift that nobody else joins, leaves or closes until the end of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedShift {
    /// The shift.
    pub id: ShiftId,
    /// What its end depends on.
    pub shift: Shift,
    /// A remark, possibly empty.
    pub description: String,
}

pub(super) type LockedRow = (i64, String, i64, i64, String);

pub(super) fn locked((id, status, opened_by, cash_start, description): LockedRow) -> Result<LockedShift, Error> {
    Ok(LockedShift {
        id: ShiftId::new(id),
        shift: Shift {
            status: columns::coded("shifts", id, &status)?,
            opened_by: WorkerId::new(opened_by),
            cash_start: columns::money(cash_start),
        },
        description,
    })
}
