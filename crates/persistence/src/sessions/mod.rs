//! Sessions: one row is one family of refresh tokens.
//!
//! The row is what makes a token live: every request reads it by its primary key, with the account and its place of work
//! joined on, and every rotation is a compare-and-set on it. Beside it stand the tokens that were spent a moment ago: whoever
//! still holds one lost a race and is no thief. Queries go by the session's own id and take no scope.

mod read;
mod write;

pub use read::{SessionView, find, was_spent_since};
pub use write::{NewSession, Rotation, forget_unscoped, insert, revoke, revoke_all, revoke_with, rotate};
