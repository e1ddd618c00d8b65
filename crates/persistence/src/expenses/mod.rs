//! What a store spends beside its goods, and how it sorts that.
//!
//! An expense is put aside, never removed; a category that is put aside keeps its expenses and their name.

pub mod categories;
mod list;
mod read;
mod receipts;
mod rows;
mod write;

pub use list::{ExpenseColumn, ExpenseFilter, list};
pub use read::{ExpenseView, find};
pub use receipts::{named_receipts_unscoped, receipts_unscoped};
pub use rows::{Expense, StoredExpense};
pub use write::{NewExpense, insert, lock, update};
