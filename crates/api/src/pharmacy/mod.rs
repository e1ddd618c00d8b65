//! The pharmacy API (pharmacy.md).

use crate::routes::Route;

/// The routes of the pharmacy API.
#[must_use]
pub fn routes() -> Vec<Route> {
    Vec::new()
}
