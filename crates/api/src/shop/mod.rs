//! The shop API (shop.md).

pub mod auth;
pub mod settings;

use crate::routes::Route;

/// The routes of the shop API.
#[must_use]
pub fn routes() -> Vec<Route> {
    [auth::routes(), settings::routes()].into_iter().flatten().collect()
}
