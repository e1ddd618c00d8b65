//! Deliveries of online orders: given to a courier, carried, called off.
//!
//! Order and delivery never disagree: what moves both is the order's step, and whoever changes the delivery alone holds the order.
//! Deliberately absent: positions, codes.

mod advance;
mod assign;
mod board;
mod cancel;
mod history;
mod list;
mod seen;
mod view;

pub use advance::{AdvanceDelivery, advance};
pub use assign::{AssignCourier, assign};
pub use board::{board, is_of_couriers_store};
pub use cancel::{CancelDelivery, cancel};
pub use history::{DeliveryHistorySeen, history};
pub use list::list;
pub use savdo_persistence::deliveries::{CourierView, DeliveryFilter, DeliveryHistoryView, DeliveryView};
pub use seen::DeliverySeen;
pub use view::view;
