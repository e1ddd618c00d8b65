//! Returns of what was sold: written down, confirmed or dropped once, and the lines of the sale that they take.
//!
//! Whoever writes here holds the lock of the sale, and reads what of its lines is free in a later statement. Deliberately
//! absent: what the goods are worth, and the goods themselves.

mod lines;
mod list;
mod read;
mod rows;
mod settle;
mod write;

pub use list::{SaleReturnColumn, SaleReturnFilter, list};
pub use read::{
    SaleReturnDetailView, SaleReturnLineView, SaleReturnView, find, is_any_of, refunded, sale_of, sold_lines,
};
pub use settle::{ConfirmReturn, SettledLine, add_returned, cancel, confirm, confirm_lines};
pub use write::{LockedReturn, NewReturnLine, NewSaleReturn, insert, insert_lines, lines_of, lock};
