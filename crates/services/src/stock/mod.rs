//! Stock: goods come in, go out and come back, all through the one ledger.

pub(crate) mod ledger;
mod list;
mod receive_goods;

pub use list::{ListStock, list};
pub use receive_goods::{ReceiptView, ReceiveGoods, receive_goods};
pub use savdo_persistence::stock::{StockColumn, StockView};
