//! Deliveries of online orders: rows, reads, writes.
//!
//! Whoever changes one holds its order first, so that order and delivery never disagree. Deliberately absent: which step is legal.

mod list;
pub mod read;
mod rows;
pub mod write;

pub use list::{DeliveryFilter, list};
pub use rows::{CourierView, DeliveryHistoryView, DeliveryView, OrderDeliveryView};
pub use write::{DeliveryStep, NewDelivery, NewDeliveryHistory};
