//! The online pharmacy from the cart to the end of an order, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod abuse;
mod carrying;
mod carts;
mod expiring;
mod hiding;
mod machine;
mod moving;
mod paying;
mod placing;
mod racing;
mod random;
mod seeing;
mod support;
mod telling;
