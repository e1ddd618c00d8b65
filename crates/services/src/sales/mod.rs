//! Sales at the counter: made, shown, undone once.

mod cancel;
mod list;
mod receipt;
mod sell;
mod seller;
pub mod traces;
mod view;

pub use cancel::{CancelSale, cancel};
pub use list::{ListSales, list};
pub use receipt::{IncludedTax, ReceiptView, receipt};
pub use savdo_persistence::sales::{SaleColumn, SaleDetailView, SaleLineView, SaleView};
pub use sell::{Sell, SellLine, Sold, sell};
pub use view::view;
