//! The engine, each promise of [`Database`](super::Database) on its own.

mod connecting;
mod lost;
mod retrying;
mod transactions;

use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types};

use super::{Reader, Tx};
use crate::Database;
use crate::connection::on_each;
use crate::error::Error;

/// Makes the table that the tests write to.
pub(super) fn make_notes(database: &Database) {
    execute_write(
        database,
        "CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL)",
    );
}

/// Runs `sql` in a transaction of its own.
pub(super) fn execute_write(database: &Database, sql: &'static str) {
    database.write("prepare", move |tx| execute(tx, sql)).unwrap();
}

/// Runs `sql` as one statement of a transaction.
pub(super) fn execute(tx: &mut Tx<'_>, sql: &str) -> Result<(), Error> {
    tx.statement("execute", |on| on.batch_execute(sql))
}

/// Adds a note.
pub(super) fn note(tx: &mut Tx<'_>, id: i64) -> Result<(), Error> {
    execute(tx, &format!("INSERT INTO notes (id, text) VALUES ({id}, 'note {id}')"))
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = sql_types::BigInt)]
    id: i64,
}

/// The ids of all notes, oldest first: SQLite's rowid and PostgreSQL's ctid tell the order of insertion.
pub(super) fn notes(reader: &mut Reader<'_>) -> Result<Vec<i64>, Error> {
    let rows: Vec<IdRow> = reader.statement("notes", |on| {
        let place = if on.is_postgres() { "ctid" } else { "rowid" };
        on_each!(on, |c| sql_query(format!("SELECT id FROM notes ORDER BY {place}"))
            .load(c))
    })?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The ids of all committed notes.
pub(super) fn committed(database: &Database) -> Vec<i64> {
    database.read("committed", notes).unwrap()
}
