//! Writes expenses down and changes them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{ExpenseId, LocationId, ShiftId, StoreId, WorkerId};

use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::expenses::rows::{Expense, ExpenseColumns, ExpenseRow, StoredExpense};
use crate::schema::expenses;

/// An expense about to be written down.
#[derive(Debug, Clone)]
pub struct NewExpense {
    /// The store.
    pub store_id: StoreId,
    /// Where it was spent.
    pub branch_id: LocationId,
    /// Who writes it down.
    pub worker_id: WorkerId,
    /// The shift that it joins.
    pub shift_id: Option<ShiftId>,
    /// What is said of it.
    pub expense: Expense,
    /// When it is written down.
    pub created_at: DateTime<Utc>,
}

/// Writes an expense down.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, new: &NewExpense) -> Result<ExpenseId, Error> {
    let NewExpense {
        store_id,
        branch_id,
        worker_id,
        shift_id,
        expense,
        created_at,
    } = new;
    tx.statement("expense_insert", |on| {
        diesel::insert_into(expenses::table)
            .values((
                expenses::store_id.eq(store_id.get()),
                expenses::branch_id.eq(branch_id.get()),
                expenses::worker_id.eq(worker_id.get()),
                expenses::shift_id.eq(shift_id.map(ShiftId::get)),
                expenses::created_at.eq(created_at.naive_utc()),
                ExpenseColumns::from(expense),
            ))
            .returning(expenses::id)
            .get_result::<i64>(on)
    })
    .map(ExpenseId::new)
}

/// Reads an expense that is about to be changed and locks its row.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: ExpenseId) -> Result<Option<StoredExpense>, Error> {
    let row: Option<ExpenseRow> = tx.statement("expense_lock", |on| {
        macro_rules! query {
            () => {
                expenses::table
                    .filter(expenses::store_id.eq(store_id.get()))
                    .filter(expenses::id.eq(id.get()))
                    .select(ExpenseRow::as_select())
            };
        }
        match on {
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(on) => query!().first(on).optional(),
            AnyConnection::Postgres(on) => query!().for_no_key_update().first(on).optional(),
        }
    })?;
    row.map(StoredExpense::try_from).transpose()
}

/// Writes all that is said of an expense locked before.
///
/// # Errors
/// A failed statement.
pub fn update(tx: &mut Tx<'_>, store_id: StoreId, id: ExpenseId, expense: &Expense) -> Result<(), Error> {
    tx.statement("expense_update", |on| {
        diesel::update(expenses::table)
            .filter(expenses::store_id.eq(store_id.get()))
            .filter(expenses::id.eq(id.get()))
            .set(ExpenseColumns::from(expense))
            .execute(on)
    })?;
    Ok(())
}
