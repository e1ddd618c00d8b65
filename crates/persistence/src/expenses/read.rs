//! One expense, as the shop shows it.

use diesel::prelude::*;
use savdo_domain::ids::{ExpenseId, StoreId};

use crate::database::Reader;
use crate::error::Error;
use crate::expenses::rows::{ExpenseRow, StoredExpense};
use crate::schema::{expense_categories, expenses, locations, users, workers};
use crate::workers::full_name;

/// An expense with the names of what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpenseView {
    /// The expense.
    pub stored: StoredExpense,
    /// The name of its category, also of one put aside.
    pub category_name: String,
    /// The name of its branch.
    pub branch_name: String,
    /// The name of who wrote it down.
    pub worker_name: String,
}

/// An expense joined with its category, its branch and its writer's account.
pub(super) type JoinedRow = (ExpenseRow, String, String, (String, String, Option<String>));

/// The columns of a [`JoinedRow`].
macro_rules! joined_columns {
    () => {
        (
            ExpenseRow::as_select(),
            expense_categories::name,
            locations::name,
            (users::first_name, users::last_name, users::username),
        )
    };
}

pub(super) use joined_columns;

/// Expenses with all that is shown of them.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn joined() -> _ {
    expenses::table
        .inner_join(expense_categories::table)
        .inner_join(locations::table)
        .inner_join(workers::table.on(workers::id.eq(expenses::worker_id)))
        .inner_join(users::table.on(users::id.eq(workers::user_id)))
}

/// One expense of the store, in whatever state.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId, id: ExpenseId) -> Result<Option<ExpenseView>, Error> {
    let row: Option<JoinedRow> = reader.statement("expense_find", |on| {
        joined()
            .filter(expenses::store_id.eq(store_id.get()))
            .filter(expenses::id.eq(id.get()))
            .select(joined_columns!())
            .first(on)
            .optional()
    })?;
    row.map(view).transpose()
}

pub(super) fn view((row, category_name, branch_name, worker): JoinedRow) -> Result<ExpenseView, Error> {
    let (first_name, last_name, username) = worker;
    Ok(ExpenseView {
        stored: StoredExpense::try_from(row)?,
        category_name,
        branch_name,
        worker_name: full_name(&first_name, &last_name, username.as_deref().unwrap_or_default()),
    })
}
