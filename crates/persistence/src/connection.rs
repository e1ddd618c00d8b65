//! One connection type for both databases.
//!
//! Most queries are written once over [`AnyConnection`]; `on_each!` repeats an expression per database for the statements that
//! Diesel offers only on a concrete connection (batch inserts, row locks, hand-made fragments).

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "Diesel's derive writes them"
)]

use diesel::{PgConnection, SqliteConnection};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub(crate) enum AnyConnection {
    /// SQLite, built in.
    Sqlite(SqliteConnection),
    /// PostgreSQL, over the network.
    Postgres(PgConnection),
}

/// Runs the same expression on the concrete connection behind a [`AnyConnection`].
macro_rules! on_each {
    ($connection:expr, |$concrete:ident| $body:expr) => {
        match $connection {
            $crate::connection::AnyConnection::Sqlite($concrete) => $body,
            $crate::connection::AnyConnection::Postgres($concrete) => $body,
        }
    };
}

pub(crate) use on_each;
