//! The pharmacy API (pharmacy.md).

pub mod auth;
pub mod cart;
pub mod categories;
pub mod codes;
pub mod deliveries;
pub mod devices;
pub mod export;
pub mod legacy;
pub mod me;
pub mod notices;
pub mod orders;
pub mod payments;
pub mod prescriptions;
pub mod products;
mod shown;
pub mod stores;
pub mod substances;
pub mod templates;

pub use shown::Readings;

use crate::routes::Route;

/// The routes of the pharmacy API, with the addresses that older clients know.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut rows: Vec<_> = [
        auth::routes(),
        cart::routes(),
        categories::routes(),
        codes::routes(),
        devices::routes(),
        export::routes(),
        me::routes(),
        deliveries::routes(),
        notices::routes(),
        orders::routes(),
        payments::routes(),
        prescriptions::routes(),
        products::routes(),
        stores::routes(),
        substances::routes(),
        templates::routes(),
    ]
    .into_iter()
    .flatten()
    .collect();
    rows.extend(legacy::routes(&rows));
    rows
}
