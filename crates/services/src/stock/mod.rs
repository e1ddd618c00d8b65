//! Stock: goods come in, go out and come back, all through the one ledger.

pub(crate) mod ledger;
mod list;
mod move_goods;
mod movements;
mod traces;

pub use list::{ListStock, list};
pub use move_goods::{GoodsLine, MoveGoods, MoveMany, move_goods, move_many};
pub use movements::{ListMovements, list_movements, movement};
pub use savdo_persistence::stock::{MovementColumn, MovementView, StockColumn, StockView};
