//! Expenses: what a store spends beside its goods, each with its receipt if there is one.
//!
//! There are no shifts yet: an expense joins none. Where they close, `change` is the place that asks whether the books on an
//! expense are closed, before it writes.

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
