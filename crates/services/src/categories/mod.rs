//! Categories: how a store sorts its products.

mod create;
mod list;

pub use create::{CreateCategory, create};
pub use list::{ListCategories, list};
pub use savdo_persistence::categories::{CategoryColumn, CategoryView};
