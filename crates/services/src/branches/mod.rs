//! Branches: the places of a store that sell.

mod change;
mod create;
mod detail;
mod list;

pub use change::{ChangeBranch, change, close};
pub use create::{CreateBranch, create};
pub use detail::{BranchDetailView, detail};
pub use list::{BranchView, ListBranches, list};
pub use savdo_persistence::locations::{LocationColumn, LocationView};
pub use savdo_persistence::workers::AtWorkView;
