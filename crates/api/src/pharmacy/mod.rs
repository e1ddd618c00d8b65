//! The pharmacy API (pharmacy.md).

pub mod auth;
pub mod cart;
pub mod orders;

use crate::routes::Route;

/// The routes of the pharmacy API.
#[must_use]
pub fn routes() -> Vec<Route> {
    [auth::routes(), cart::routes(), orders::routes()]
        .into_iter()
        .flatten()
        .collect()
}
