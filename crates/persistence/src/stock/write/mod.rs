//! Writes what a document moves: levels, batches, movements and their parts, all of it or nothing.
//!
//! One statement on PostgreSQL; on SQLite, where a statement costs no round trip, one a row. Each changed row is found as it was
//! when the change was decided, and what was found is counted.

mod postgres;
pub(super) mod sqlite;

use savdo_domain::stock::Movement;

use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::stock::document::Document;
use postgres::WriteMovements;

/// How many rows a change of stock wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Written {
    levels: usize,
    batches: usize,
    movements: usize,
    parts: usize,
}

/// Writes the movements of a document. The caller holds the locks of their levels.
///
/// # Errors
/// [`Error::Corrupt`] when a level or a batch is not as it was when the change was decided.
pub fn write(tx: &mut Tx<'_>, document: &Document<'_>, movements: &[Movement]) -> Result<(), Error> {
    if movements.is_empty() {
        return Ok(());
    }
    let expected = Written {
        levels: movements.len(),
        batches: movements.iter().map(|movement| movement.batches.len()).sum(),
        movements: movements.len(),
        parts: movements.iter().map(|movement| movement.parts.len()).sum(),
    };
    let written = tx.statement("movements_write", |on| match on {
        AnyConnection::Postgres(connection) => WriteMovements::new(document, movements).run(connection),
        AnyConnection::Sqlite(connection) => sqlite::write(connection, document, movements),
    })?;
    if written == expected {
        Ok(())
    } else {
        Err(changed(
            document,
            &format!("wrote {written:?} where {expected:?} was decided"),
        ))
    }
}

/// The rows at a place were not those that the change was decided on.
pub(super) fn changed(document: &Document<'_>, why: &str) -> Error {
    Error::Corrupt {
        table: "stock_levels",
        id: document.place.location_id.get(),
        why: format!("stock at the location is not as it was locked: {why}"),
    }
}
