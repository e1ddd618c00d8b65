//! Opens a shift, lets documents join it, closes it once.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, ShiftId, StoreId, WorkerId};
use savdo_domain::shift::ShiftStatus;

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::shifts;
use crate::shifts::rows::{LockedRow, LockedShift, locked};

/// A shift about to be opened.
#[derive(Debug, Clone)]
pub struct NewShift<'a> {
    /// The store.
    pub store_id: StoreId,
    /// Where.
    pub branch_id: LocationId,
    /// Who opens it.
    pub opened_by: WorkerId,
    /// What lies in the drawer.
    pub cash_start: Money,
    /// A remark, possibly empty.
    pub description: &'a str,
    /// The store's day.
    pub day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
}

/// The end of a shift.
#[derive(Debug, Clone)]
pub struct CloseShift<'a> {
    /// Who closes it.
    pub closed_by: WorkerId,
    /// What was counted, if it was.
    pub cash_end: Option<Money>,
    /// All remarks, possibly empty.
    pub description: &'a str,
    /// Its report, which stays as it is.
    pub z_report: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Opens a shift.
///
/// # Errors
/// [`Constraint::ShiftOpen`](crate::Constraint) for a branch that has an open one; a failed statement.
pub fn insert(tx: &mut Tx<'_>, shift: &NewShift<'_>) -> Result<ShiftId, Error> {
    tx.statement("shift_insert", |on| {
        diesel::insert_into(shifts::table)
            .values((
                shifts::store_id.eq(shift.store_id.get()),
                shifts::branch_id.eq(shift.branch_id.get()),
                shifts::status.eq(ShiftStatus::Open.code()),
                shifts::opened_by.eq(shift.opened_by.get()),
                shifts::cash_start.eq(shift.cash_start.tiyin()),
                shifts::z_report.eq(""),
                shifts::description.eq(shift.description),
                shifts::day.eq(shift.day),
                shifts::opened_at.eq(shift.at.naive_utc()),
            ))
            .returning(shifts::id)
            .get_result::<i64>(on)
    })
    .map(ShiftId::new)
}

/// The open shift of a branch, which stays open until the end of the transaction: whoever closes it waits, others who join
/// it do not. In the order of locks it comes after the document and before the levels.
///
/// # Errors
/// A failed statement.
pub fn hold_open(tx: &mut Tx<'_>, store_id: StoreId, branch_id: LocationId) -> Result<Option<ShiftId>, Error> {
    let id: Option<i64> = tx.statement("shift_hold_open", |on| {
        let query = shifts::table
            .filter(shifts::store_id.eq(store_id.get()))
            .filter(shifts::branch_id.eq(branch_id.get()))
            .filter(shifts::status.eq(ShiftStatus::Open.code()))
            .select(shifts::id);
        match on {
            AnyConnection::Postgres(on) => query.for_key_share().first(on).optional(),
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(on) => query.first(on).optional(),
        }
    })?;
    Ok(id.map(ShiftId::new))
}

/// Where this shift stands, and stands until the end of the transaction.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn hold(tx: &mut Tx<'_>, store_id: StoreId, id: ShiftId) -> Result<Option<ShiftStatus>, Error> {
    let status: Option<String> = tx.statement("shift_hold", |on| {
        let query = shifts::table
            .filter(shifts::store_id.eq(store_id.get()))
            .filter(shifts::id.eq(id.get()))
            .select(shifts::status);
        match on {
            AnyConnection::Postgres(on) => query.for_key_share().first(on).optional(),
            AnyConnection::Sqlite(on) => query.first(on).optional(),
        }
    })?;
    status
        .map(|status| columns::coded("shifts", id.get(), &status))
        .transpose()
}

/// Locks a shift that is to be closed: whoever joins it was waited for. What joined it is read in later statements.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: ShiftId) -> Result<Option<LockedShift>, Error> {
    let row: Option<LockedRow> = tx.statement("shift_lock", |on| {
        let query = shifts::table
            .filter(shifts::store_id.eq(store_id.get()))
            .filter(shifts::id.eq(id.get()))
            .select((
                shifts::id,
                shifts::status,
                shifts::opened_by,
                shifts::cash_start,
                shifts::description,
            ));
        match on {
            AnyConnection::Postgres(on) => query.for_update().first(on).optional(),
            AnyConnection::Sqlite(on) => query.first(on).optional(),
        }
    })?;
    row.map(locked).transpose()
}

/// Closes an open shift; false, and nothing is written, when it is not open any more.
///
/// # Errors
/// A failed statement.
pub fn close(tx: &mut Tx<'_>, store_id: StoreId, id: ShiftId, end: &CloseShift<'_>) -> Result<bool, Error> {
    let rows = tx.statement("shift_close", |on| {
        diesel::update(
            shifts::table
                .filter(shifts::store_id.eq(store_id.get()))
                .filter(shifts::id.eq(id.get()))
                .filter(shifts::status.eq(ShiftStatus::Open.code())),
        )
        .set((
            shifts::status.eq(ShiftStatus::Closed.code()),
            shifts::closed_by.eq(end.closed_by.get()),
            shifts::cash_end.eq(end.cash_end.map(Money::tiyin)),
            shifts::description.eq(end.description),
            shifts::z_report.eq(end.z_report),
            shifts::closed_at.eq(end.at.naive_utc()),
        ))
        .execute(on)
    })?;
    Ok(rows == 1)
}
