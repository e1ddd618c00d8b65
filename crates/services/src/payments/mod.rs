//! Money for online orders: a buyer starts a payment and people look at it; providers move it.
//!
//! Whatever moves money reads a bill under its locks, lets the domain decide, and carries the effects out literally in the same
//! transaction. The order's row is the lock of all that is about its money; its transactions and payments are read in later statements.
//! Deliberately absent: deciding, which the domain does, and the words of a provider, which the API knows.

pub(crate) mod bill;
mod caller;
pub(crate) mod carry_out;
pub mod click;
pub(crate) mod expire;
mod list;
mod logs;
pub(crate) mod merchant;
pub mod payme;
mod refund;
mod seen;
mod standing;
mod start;
mod view;

pub use list::{ListPayments, list};
pub use logs::{PaymentLogs, logs};
pub use merchant::{FindMoney, Found, FoundRefusal, found};
pub use refund::{RefundPayment, refund};
pub use savdo_persistence::payments::PAYMENTS;
pub use savdo_persistence::payments::{PaidOrderView, PaymentLogView, PaymentView};
pub use seen::PaymentSeen;
pub use standing::{MoneyStanding, standing};
pub use start::{StartPayment, StartedPayment, start};
pub use view::view;
