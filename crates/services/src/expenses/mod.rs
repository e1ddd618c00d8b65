//! Expenses: what a store spends beside its goods, each with its receipt if there is one.
//!
//! An expense joins the open shift of its branch, if there is one. Once that is closed its sums stand in a frozen report, and
//! what would change them is refused.

mod change;
mod create;
mod detail;
mod list;
mod receipt;
mod traces;

pub use change::{ChangeExpense, change, put_aside};
pub use create::{CreateExpense, create};
pub use detail::detail;
pub use list::{ListExpenses, list};
pub use receipt::receipt;
pub use savdo_persistence::expenses::{Expense, ExpenseColumn, ExpenseView, StoredExpense};
