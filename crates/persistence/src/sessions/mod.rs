//! Sessions: one row is one family of refresh tokens.
//!
//! The row is what makes a token live: every request reads it by its primary key, with the account and its place of work
//! joined on, and every rotation is a compare-and-set on it. Queries go by the session's own id and take no scope.

mod read;
mod write;

pub use read::{SessionView, find};
pub use write::{NewSession, Rotation, insert, revoke, revoke_with, rotate};
