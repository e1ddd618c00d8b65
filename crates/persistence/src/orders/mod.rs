//! Online orders with their lines and history.
//!
//! A list, a detail and a step all go through the same scope. A step is compare-and-set on the status and the money's
//! standing, so that of two in parallel one finds nothing to change. History is append-only.

mod filter;
mod list;
mod owned;
mod parts;
mod placing;
pub mod read;
mod rows;
pub mod write;

pub use filter::{OrderFilter, OrderOrdering};
pub use list::list;
pub use owned::{owned, owned_history};
pub use placing::{NewOrder, place};
pub use read::ExpiredView;
pub(crate) use rows::ActorRow;
pub use rows::{BuyerView, HistoryActorView, HistoryView, OrderLineView, OrderView, StoreBriefView};
pub use write::{NewHistory, OrderStep};
