//! Online orders: placed, seen, moved on, paid in cash, cancelled, given up.
//!
//! Locks go in the order cart, order, transaction, payment, delivery, levels by product id; audit and event come last. A step is compared and set on the
//! status it was judged on, and writes its history in the same transaction. Deliberately absent: deciding which step is
//! legal, which the domain's one table does.

mod advance;
mod cancel;
mod expire;
mod history;
mod list;
mod money;
mod place;
mod receive_cash;
pub(crate) mod seen;
pub(crate) mod step;
pub mod traces;
mod view;

pub use advance::{AdvanceOrder, advance, advance_pair_first};
pub use cancel::{CancelOrder, cancel};
pub use expire::{expire_due, why_expired};
pub use history::{HistorySeen, history};
pub use list::list;
pub(crate) use money::new_public_id;
pub use money::payment_public_id;
pub use place::{PlaceOrder, place};
pub use receive_cash::{ReceiveCash, receive_cash};
pub use savdo_persistence::deliveries::{CourierView, OrderDeliveryView};
pub use savdo_persistence::orders::{
    BuyerView, HistoryActorView, HistoryView, OrderFilter, OrderLineView, OrderOrdering, OrderView, StoreBriefView,
};
pub use seen::OrderSeen;
pub use view::view;
