//! The shop API (shop.md).

pub mod audit_logs;
pub mod auth;
pub mod batches;
pub mod branches;
pub mod categories;
pub mod change_password;
pub mod expense_categories;
pub mod expenses;
pub mod movements;
pub mod password_reset;
pub mod products;
pub mod roots;
pub mod sale_returns;
pub mod sales;
pub mod settings;
pub mod shifts;
pub mod stocks;
pub mod stores;
pub mod user;
pub mod warehouses;
pub mod workers;

use savdo_domain::access::Actor;
use savdo_domain::zone::Zone;

use crate::routes::Route;

/// The routes of the shop API.
#[must_use]
pub fn routes() -> Vec<Route> {
    [
        roots::routes(),
        auth::routes(),
        change_password::routes(),
        audit_logs::routes(),
        password_reset::routes(),
        stores::routes(),
        branches::routes(),
        workers::routes(),
        categories::routes(),
        products::routes(),
        settings::routes(),
        warehouses::routes(),
        movements::routes(),
        stocks::routes(),
        batches::routes(),
        shifts::routes(),
        sales::routes(),
        sale_returns::routes(),
        expense_categories::routes(),
        expenses::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The zone in which times are written for a caller: that of his store.
pub(crate) fn zone_of(actor: &Actor) -> Zone {
    let store = actor.worker.as_ref().and_then(|worker| worker.store.as_ref());
    store.map(|store| store.zone).unwrap_or_default()
}
