//! The one catalogue: kept by the shop, browsed by everybody, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod aside;
mod categories;
mod changes;
mod public;
mod putting_aside;
mod sentences;
mod shop;
mod substances;
mod writing;
