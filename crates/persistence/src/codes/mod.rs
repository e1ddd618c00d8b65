//! One-time codes, and what each phone asked for and tried.
//!
//! All of it goes by phone and needs no account, so that a phone that nobody has leaves the same rows as one that somebody has.
//! Whoever asks for a code or tries one holds the row of the phone. Only the hash of a code is kept.

mod phones;
mod rows;
mod write;

pub use phones::{keep, lock};
pub use rows::{CodeView, NewCode, PairView, find, newest_unscoped, open_unscoped};
pub use write::{close_open, decoy, forget_unscoped, insert, note_try};
