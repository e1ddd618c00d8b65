//! Shifts as the counter shows them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, ShiftId, StoreId, WorkerId};
use savdo_domain::shift::ShiftStatus;

use crate::database::Reader;
use crate::error::Error;
use crate::schema::{locations, shifts, users, workers};
use crate::shifts::rows::ShiftRow;
use crate::workers::name_of;

/// A shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftView {
    /// The shift.
    pub id: ShiftId,
    /// Where.
    pub branch_id: LocationId,
    /// The name of the branch.
    pub branch_name: String,
    /// Where it stands.
    pub status: ShiftStatus,
    /// Who opened it.
    pub opened_by: WorkerId,
    /// His name.
    pub opened_by_name: String,
    /// Who closed it.
    pub closed_by: Option<WorkerId>,
    /// His name; a list does not ask for it.
    pub closed_by_name: Option<String>,
    /// What lay in the drawer at the beginning.
    pub cash_start: Money,
    /// What was counted at the end, if it was.
    pub cash_end: Option<Money>,
    /// A remark, possibly empty.
    pub description: String,
    /// When it began.
    pub opened_at: DateTime<Utc>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// Its report as it was frozen; a list does not ask for it.
    pub z_report: Option<String>,
}

/// Shifts with their branch and who opened them.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn shifts_with_opener() -> _ {
    shifts::table
        .inner_join(locations::table)
        .inner_join(workers::table.on(workers::id.eq(shifts::opened_by)))
        .inner_join(users::table.on(users::id.eq(workers::user_id)))
}

type ShiftColumns = (
    shifts::id,
    (locations::id, locations::name),
    shifts::status,
    (workers::id, users::first_name, users::last_name, users::username),
    shifts::closed_by,
    shifts::cash_start,
    shifts::cash_end,
    shifts::description,
    shifts::opened_at,
    shifts::closed_at,
);

/// The columns of a [`ShiftRow`].
pub(super) const SHIFT_COLUMNS: ShiftColumns = (
    shifts::id,
    (locations::id, locations::name),
    shifts::status,
    (workers::id, users::first_name, users::last_name, users::username),
    shifts::closed_by,
    shifts::cash_start,
    shifts::cash_end,
    shifts::description,
    shifts::opened_at,
    shifts::closed_at,
);

/// One shift of the store with all that is known of it.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId, id: ShiftId) -> Result<Option<ShiftView>, Error> {
    let row: Option<(ShiftRow, String)> = reader.statement("shift_find", |on| {
        shifts_with_opener()
            .filter(shifts::store_id.eq(store_id.get()))
            .filter(shifts::id.eq(id.get()))
            .select((SHIFT_COLUMNS, shifts::z_report))
            .first(on)
            .optional()
    })?;
    let Some((row, z_report)) = row else { return Ok(None) };
    let mut view = ShiftView::try_from(row)?;
    view.z_report = Some(z_report).filter(|text| !text.is_empty());
    if let Some(closed_by) = view.closed_by {
        view.closed_by_name = name_of(reader, store_id, closed_by)?;
    }
    Ok(Some(view))
}

/// The shifts of the store that are open, by id: at most one a branch.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn open(reader: &mut Reader<'_>, store_id: StoreId) -> Result<Vec<ShiftView>, Error> {
    let rows: Vec<ShiftRow> = reader.statement("shifts_open", |on| {
        shifts_with_opener()
            .filter(shifts::store_id.eq(store_id.get()))
            .filter(shifts::status.eq(ShiftStatus::Open.code()))
            .order(shifts::id)
            .select(SHIFT_COLUMNS)
            .load(on)
    })?;
    rows.into_iter().map(ShiftView::try_from).collect()
}

/// The shift that is open in a branch, as it is seen now.
///
/// # Errors
/// A failed statement.
pub fn in_branch(reader: &mut Reader<'_>, store_id: StoreId, branch_id: LocationId) -> Result<Option<ShiftId>, Error> {
    let id: Option<i64> = reader.statement("shift_in_branch", |on| {
        shifts::table
            .filter(shifts::store_id.eq(store_id.get()))
            .filter(shifts::branch_id.eq(branch_id.get()))
            .filter(shifts::status.eq(ShiftStatus::Open.code()))
            .select(shifts::id)
            .first(on)
            .optional()
    })?;
    Ok(id.map(ShiftId::new))
}

/// How many shifts were opened in a branch on a day.
///
/// # Errors
/// A failed statement.
pub fn count_of_day(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    branch_id: LocationId,
    day: NaiveDate,
) -> Result<i64, Error> {
    reader.statement("shifts_count_day", |on| {
        shifts::table
            .filter(shifts::store_id.eq(store_id.get()))
            .filter(shifts::branch_id.eq(branch_id.get()))
            .filter(shifts::day.eq(day))
            .count()
            .get_result(on)
    })
}
