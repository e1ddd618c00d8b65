//! Carts: one per user, whose row is the lock of its lines.
//!
//! A cart is its user's own and crosses stores, so its queries take the user or the cart rather than a scope. What the
//! catalogue says of a product now is read beside it, never stored here.

pub mod read;
mod rows;
pub mod write;

pub use rows::{CartLineView, CartView};
