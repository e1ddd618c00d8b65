//! The online pharmacy from the cart to the end of an order, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod carts;
mod moving;
mod placing;
mod racing;
mod seeing;
mod support;
