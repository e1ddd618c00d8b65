//! The ledger's rows: levels, batches, movements and their parts.
//!
//! A change locks the levels first, in the order of product ids, reads the batches in a later statement (a statement that waited
//! for a lock still sees what was there before), and is written by one statement, whose row counts are compared with what was
//! decided. Movements and parts are only ever added. Deliberately absent: which batch is taken, and why.

/// The rows of a boxed query that lie at the branch and the warehouse of a filter, where it names them. A place of the other
/// kind has none.
macro_rules! at_places {
    ($query:expr, $location:expr, $filter:expr) => {{
        let mut query = $query;
        let places = [
            ($filter.branch, LocationKind::Branch),
            ($filter.warehouse, LocationKind::Warehouse),
        ];
        for (location, kind) in places {
            if let Some(location) = location {
                query = query.filter($location.eq(location.get()));
                query = query.filter(locations::kind.eq(kind.code()));
            }
        }
        query
    }};
}

mod arrival;
mod at_place;
mod batch_list;
mod batches;
mod by_product;
mod document;
mod issued;
mod label;
mod levels;
mod list;
mod movements;
mod receipt;
mod rows;
mod stale;
mod views;
mod write;

pub use arrival::arrive;
pub use at_place::{PlacedView, at_place, count_by_place};
pub use batch_list::{BatchColumn, BatchFilter, BatchView, find as find_batch, list as list_batches, of_series};
pub use batches::{issued_parts, lies_at, origins, put_back_batches, unspent_batches};
pub use by_product::{ByProductFilter, ProductStockView, by_product};
pub use document::Document;
pub use issued::{IssuedView, issued};
pub use label::{relabel, resummarise};
pub(crate) use levels::ascending;
pub use levels::{LockedLevel, hide_level, lock_levels, make_level, open_level, place_of_level};
pub use list::{LowFilter, StockColumn, StockFilter, find as find_stock, list, low};
pub use movements::{MovementColumn, MovementFilter, MovementView, list as list_movements, movements};
pub use receipt::{Received, receive};
pub use stale::{expired_levels, levels_expiring, stores_with_expired_unscoped};
pub use views::StockView;
pub use write::write;
