//! Shifts at the counters of a store: opened, joined, reported, closed once.
//!
//! Who joins a shift holds it until his transaction ends and queues for nobody; who closes it waits for those, reads what
//! joined in later statements, and freezes the report in the same transaction. How the report looks on paper, the API
//! decides.

mod close;
mod detail;
mod join;
mod list;
mod open;
mod report;
mod seen;
pub mod traces;
mod wrong;

pub use close::{CloseShift, ClosedShift, close};
pub use detail::detail;
pub(crate) use join::{check_open, may_join, must_join, to_undo_in};
pub use list::{ListShifts, list};
pub use open::{OpenShift, open};
pub use report::{ShiftReported, x_report, z_report};
pub use savdo_persistence::shifts::{ShiftColumn, ShiftView};
pub use seen::ShiftSeen;
pub(crate) use wrong::wrong_shifts;
