//! Active substances: each store keeps its own list, by which customers find medicines and what stands in for them.
//!
//! Staff of the online pharmacy write it. A substance that a product has is renamed, not taken away.

mod change;
mod create;
mod detail;
mod list;
mod remove;
mod traces;

pub use change::{ChangeSubstance, change};
pub use create::{CreateSubstance, create};
pub use detail::detail;
pub use list::{ListSubstances, list};
pub use remove::remove;
pub use savdo_persistence::substances::{ActiveSubstance, SubstanceView};
