//! Money for online orders: what is expected, what came in, and what providers say of it.
//!
//! Whoever writes here holds the order first, so that its row is the lock of all that is about its money; transactions come before payments.
//! A change is compared and set on the state that it was decided on. Deliberately absent: who may take money, and what becomes of it.

mod attempts;
mod bill;
pub mod comparisons;
mod fiscal;
mod list;
mod logs;
pub mod read;
mod rows;
pub mod transactions;
mod write;

pub use attempts::{AttemptView, desk_of, find_unscoped, of_period_unscoped, unsettled_unscoped};
pub use bill::{FiscalLineView, fiscal_lines, late_unscoped, of_order, store_of_unscoped};
pub use fiscal::{ReceiptView, keep, receipt};
pub use list::{PaymentFilter, list};
pub use logs::{NewLog, append};
pub use rows::{PaidOrderView, PaymentLogView, PaymentView};
pub use transactions::{DeskScope, NewTransactionRow, OverdueView, StatementView};
pub use write::{NewPayment, PAYMENTS, PaymentStep, advance, insert, keep_refund, receive_cash};
