//! What Savdo remembers: SQLite and PostgreSQL behind one [`Database`].
//!
//! [`Database::read`] and [`Database::write`] are the only doors; every statement passes one place that names, counts and
//! times it. Tenant data is read and written through a [`Scope`](savdo_domain::access::Scope) or a store's id. Deliberately
//! absent: decisions of the trade, JSON, async, repository traits.

mod among;
pub mod audit;
pub mod bulk;
pub mod carts;
pub mod categories;
pub mod codes;
mod columns;
mod connection;
pub mod constraints;
pub mod counters;
pub mod database;
pub mod dead_letters;
pub mod deliveries;
pub mod devices;
pub mod dispatches;
pub mod durations;
pub mod error;
pub mod expenses;
mod fragments;
pub mod idempotency;
pub mod jobs;
pub mod locations;
pub mod migrate;
pub mod notices;
pub mod orders;
pub mod outbox;
pub mod paging;
pub mod password_resets;
pub mod payment_desks;
pub mod payments;
mod prepared;
pub mod prescriptions;
pub mod probe;
pub mod products;
pub mod replica_reads;
pub mod sale_returns;
pub mod sales;
mod schema;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod shifts;
pub mod staff;
pub mod stock;
pub mod stores;
pub mod substances;
mod trail;
mod url;
pub mod users;
pub mod verify;
pub mod workers;

#[cfg(feature = "testing")]
pub mod testing;

pub use constraints::Constraint;
pub use database::{Database, DatabaseSettings, LogPosition, Reader, Tx};
pub use error::{BusyCause, ConnectError, Error};
pub use url::DatabaseUrl;
