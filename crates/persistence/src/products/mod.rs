//! Products: the one catalogue that the counter and the online pharmacy share.
//!
//! `read` and `write` are the shop's view; `visibility` holds the one rule of what customers see, `online` and `shelf` read by
//! it. Keys for uniqueness and search are made in `rows` alone. There is deliberately no stored purchase price.

mod bulk;
mod finding;
mod in_stock;
mod list;
mod names;
mod narrowing;
mod online;
mod pictures;
mod read;
mod rows;
pub(crate) mod sellable;
mod sellers;
pub mod shelf;
pub mod shops;
mod shown;
mod striding;
mod texts;
pub(crate) mod visibility;
mod write;

pub use bulk::{OrderedProduct, insert_many};
pub use list::{ProductColumn, ProductFilter, ProductRowView, list};
pub use names::{TakenNames, find_by_barcode, is_barcode_known, is_in_open_order, taken_names, taken_slugs};
pub use online::{OfferedView, offered_unscoped};
pub use pictures::{named_pictures_unscoped, pictures_unscoped};
pub use read::{ProductView, find, purchase_prices, store_of};
pub use rows::{Product, StoredProduct};
pub(crate) use rows::{online_search, walk_search};
pub use write::{hold, hold_active, insert, insert_price, lock, rewrite_texts, update};
