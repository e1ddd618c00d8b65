//! Money for online orders as providers move it, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod attempts;
mod beside;
mod breaking;
mod checking;
mod clicking;
mod creating;
mod desks;
mod paying;
mod racing;
mod refunding;
mod shuffling;
mod starting;
mod stating;
mod support;
mod verifying;
