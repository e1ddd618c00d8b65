//! Places in the log of PostgreSQL: where it ends, and how far a replica has come with it.

use diesel::{QueryableByName, RunQueryDsl, sql_types};

use super::Reader;
use crate::connection::AnyConnection;
use crate::error::Error;

/// A place in the log of PostgreSQL, by which a replica tells how far it is. Later is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogPosition(i64);

impl LogPosition {
    /// The place that is kept as this number.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// As it is kept.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = sql_types::Nullable<sql_types::BigInt>)]
    replayed: Option<i64>,
}

#[derive(QueryableByName)]
struct Ending {
    #[diesel(sql_type = sql_types::BigInt)]
    position: i64,
}

/// How far a replica is; none where there is no replica.
pub(super) fn replayed(reader: &mut Reader<'_>) -> Result<Option<LogPosition>, Error> {
    const STANDING: &str =
        "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END AS replayed";
    let standing: Standing = reader.statement("replica_standing", |on| match on {
        AnyConnection::Postgres(on) => diesel::sql_query(STANDING).get_result(on),
        AnyConnection::Sqlite(_) => Err(diesel::result::Error::NotFound),
    })?;
    Ok(standing.replayed.map(LogPosition))
}

/// Where the log ends now: behind everything that is committed.
pub(super) fn log_end(reader: &mut Reader<'_>) -> Result<LogPosition, Error> {
    place(
        reader,
        "log_end",
        "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint AS position",
    )
}

/// Up to where the log is on the disk: a replica that follows gets there although nobody writes any more.
pub(super) fn log_flushed(reader: &mut Reader<'_>) -> Result<LogPosition, Error> {
    place(
        reader,
        "log_flushed",
        "SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint AS position",
    )
}

fn place(reader: &mut Reader<'_>, name: &'static str, sql: &'static str) -> Result<LogPosition, Error> {
    let ending: Ending = reader.statement(name, |on| match on {
        AnyConnection::Postgres(on) => diesel::sql_query(sql).get_result(on),
        AnyConnection::Sqlite(_) => Err(diesel::result::Error::NotFound),
    })?;
    Ok(LogPosition(ending.position))
}
