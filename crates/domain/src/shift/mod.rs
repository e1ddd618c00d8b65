//! Shifts: who stands at the drawer of a branch from when to when, and what went through it.
//!
//! A branch has one open shift at most; what is done at its counter joins it. A report is a pure function of the documents
//! that joined and of the money counted; that of a closed shift is never computed again. Deliberately absent: how documents
//! find their shift, and the moment of freezing.

mod documents;
#[cfg(test)]
mod examples;
mod refusal;
mod report;
mod status;

pub use documents::{
    Cancelled, DebtPayments, Handed, ReturnedGoods, ReturnsOf, ShiftDocuments, SoldBy, SpentOn, Wastages,
};
pub use refusal::ShiftRefusal;
pub use report::{ByCategory, ByPayment, ByWorker, Drawer, ShiftReport};
pub use status::{Shift, ShiftStatus};
