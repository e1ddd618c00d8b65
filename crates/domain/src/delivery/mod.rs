//! Deliveries: a courier carries an order to its buyer.
//!
//! An order has one active delivery at most; order and delivery move together, so where the order may go decides, and what is said
//! here is who carries it and what becomes of the delivery. Positions and codes are deliberately absent.

pub mod assign;
pub mod refusal;
pub mod status;

pub use assign::{Assignment, Carried};
pub use refusal::DeliveryRefusal;
pub use status::DeliveryStatus;
