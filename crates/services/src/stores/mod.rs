//! Stores: an owner makes his one, changes it, switches it off and on.
//!
//! A store that is switched off is only read, until its owner switches it on again; what customers ordered there before goes
//! its way. Deliberately absent: the block of the admin, which no owner lifts.

mod change;
mod create;
mod detail;
mod list;

pub use change::{ChangeStore, change, close};
pub use create::{CreateStore, create};
pub use detail::{StoreDetailView, detail};
pub use list::{OwnStoreView, list};
pub use savdo_persistence::stores::StoreView;
pub use savdo_persistence::workers::AtWorkView;
