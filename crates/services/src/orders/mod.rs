//! Online orders: placed, seen, moved on, cancelled.
//!
//! Locks go in the order cart, order, levels by product id; audit and event come last. A step is compared and set on the
//! status it was judged on, and writes its history in the same transaction. Deliberately absent: deciding which step is
//! legal, which the domain's one table does.

mod advance;
mod cancel;
mod history;
mod list;
mod place;
mod seen;
mod step;
mod view;

pub use advance::{AdvanceOrder, advance};
pub use cancel::{CancelOrder, cancel};
pub use history::{HistorySeen, history};
pub use list::list;
pub use place::{PlaceOrder, place};
pub use savdo_persistence::orders::{
    BuyerView, HistoryActorView, HistoryView, OrderFilter, OrderLineView, OrderOrdering, OrderView, StoreBriefView,
};
pub use seen::OrderSeen;
pub use view::view;
