//! Returns: goods of a sale that a buyer brings back.
//!
//! A return is bound to the lines of its sale: no line comes back for more than was sold or for another price than was paid,
//! and returns of all of a line are worth exactly the line, in whatever steps it came back. Deliberately absent: the goods
//! themselves, which are the ledger's, and the moment of writing.

pub mod amount;
pub mod lines;
pub mod refund;
pub mod refusal;
pub mod status;

#[cfg(test)]
mod laws;

pub use amount::amount;
pub use lines::{AskedBack, BackOf, ReturnedLine, SoldLine, check, fill};
pub use refund::{Refund, RefundMethod, SalePaid};
pub use refusal::{ExceededLine, SaleReturnRefusal};
pub use status::SaleReturnStatus;
