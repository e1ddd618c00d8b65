//! Stock: goods come in, go out and come back, all through the one ledger.

mod by_hand;
mod by_product;
mod correct;
mod detail;
mod hide;
pub(crate) mod ledger;
mod list;
mod low;
mod move_goods;
mod movements;
mod online;
mod open;
pub(crate) mod running_low;
pub(crate) mod summary;
pub mod traces;

pub use by_product::{ListByProduct, list_by_product};
pub use correct::{CorrectStock, correct};
pub use detail::detail;
pub use hide::hide;
pub use list::{ListStock, list};
pub use low::{LowStockView, list_low};
pub use move_goods::{GoodsLine, MoveGoods, MoveMany, move_goods, move_many};
pub use movements::{ListMovements, list_movements, movement};
pub(crate) use online::Shelf;
pub use online::ShownStock;
pub use open::{OpenStock, open};
pub use savdo_persistence::stock::{MovementColumn, MovementView, ProductStockView, StockColumn, StockView};
