//! Warehouses: the places of a store that keep goods and do not sell.

mod change;
mod create;
mod detail;
mod list;

pub use change::{ChangeWarehouse, change, close};
pub use create::{CreateWarehouse, create};
pub use detail::{PRODUCTS_MAX, WarehouseDetailView, detail};
pub use list::{ListWarehouses, WarehouseView, list};
pub use savdo_persistence::locations::{LocationColumn, LocationView};
pub use savdo_persistence::stock::PlacedView;
