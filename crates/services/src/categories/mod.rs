//! Categories: how a store sorts its products.

mod change;
mod create;
mod detail;
mod list;

pub use change::{ChangeCategory, change, put_aside};
pub use create::{CreateCategory, create};
pub use detail::detail;
pub use list::{ListCategories, list};
pub use savdo_persistence::categories::{CategoryColumn, CategoryView};
