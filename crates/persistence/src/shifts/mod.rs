//! Shifts: opened, closed once, and all that joined them.
//!
//! Whoever joins a shift holds its row as a foreign key does, so that joiners never wait for each other; who closes it locks
//! the row for himself and reads the documents in later statements. Deliberately absent: what the report says.

mod documents;
mod list;
mod read;
mod returns;
mod rows;
mod write;

pub use documents::{ShiftSpan, documents, documents_between, spans};
pub use list::{ShiftColumn, ShiftFilter, list};
pub use read::{ShiftView, count_of_day, find, in_branch, open};
pub use rows::LockedShift;
pub use write::{CloseShift, NewShift, close, hold, hold_open, insert, lock};
