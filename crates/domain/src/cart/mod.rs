//! Carts: what a customer means to order, from one store at a time.
//!
//! A cart reserves nothing and promises no price; it only keeps within its limits. Prescription lines can be parked
//! beside it, so that the rest is ordered without them. Rights, rows and the catalogue are deliberately absent.

pub mod limits;
pub mod line;
pub mod refusal;
pub mod split;

pub use line::{CartLine, CartSummary};
pub use refusal::CartRefusal;
pub use split::{CartPart, Split};
