//! The shop API (shop.md).

use crate::routes::Route;

/// The routes of the shop API.
#[must_use]
pub fn routes() -> Vec<Route> {
    Vec::new()
}
