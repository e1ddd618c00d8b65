//! Categories of expenses: how a store sorts what it spends.

mod change;
mod create;
mod detail;
mod list;

pub use change::{ChangeExpenseCategory, change, put_aside};
pub use create::{CreateExpenseCategory, create};
pub use detail::detail;
pub use list::{ListExpenseCategories, list};
pub use savdo_persistence::expenses::categories::{ExpenseCategoryColumn, ExpenseCategoryView};
