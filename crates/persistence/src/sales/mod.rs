//! Sales at the counter: their rows, and what a sale must know of the place and the goods.
//!
//! A sale and its lines are only added; afterwards nothing of them changes but, once, the cancel. The number comes from a
//! sequence of the store on PostgreSQL, so that sellers do not queue for it, and from a counter row on SQLite.

mod counter;
mod lines;
mod list;
mod read;
mod rows;
mod write;

pub use counter::{CounterView, GoodsView, goods, hold_counter};
pub use list::{SaleColumn, SaleFilter, list};
pub use read::{SaleDetailView, SaleLineView, SaleView, find, of_client};
pub use write::{Cancel, LockedSale, NewSale, NewSaleLine, cancel, insert, insert_lines, lock};
