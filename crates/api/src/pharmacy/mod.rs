//! The pharmacy API (pharmacy.md).

pub mod auth;

use crate::routes::Route;

/// The routes of the pharmacy API.
#[must_use]
pub fn routes() -> Vec<Route> {
    [auth::routes()].into_iter().flatten().collect()
}
