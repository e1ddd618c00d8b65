//! Money that Click took: how it goes back, where it is asked for, and what people are told of it, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod breaking;
mod comparing;
mod finding;
mod questioning;
mod registering;
mod reversing;
mod support;
mod telling;
