//! Writes what a document moves: levels, batches, movements and their parts, all of it or nothing.
//!
//! One statement on PostgreSQL; on SQLite, where a statement costs no round trip, one a row. Each changed row is found as it was
//! when the change was decided, and what was found is counted.

mod postgres;
pub(super) mod sqlite;

use savdo_domain::ids::MovementId;
use savdo_domain::stock::Movement;

use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::stock::document::Document;
use postgres::WriteMovements;

/// What a change of stock wrote: how many rows, and the ids of its movements in ascending order, which is that of the movements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Written {
    levels: usize,
    batches: usize,
    movements: Vec<i64>,
    parts: usize,
}

/// Writes the movements of a document and answers their ids, in the same order. The caller holds the locks of their levels.
///
/// # Errors
/// [`Error::Corrupt`] when a level or a batch is not as it was when the change was decided.
pub fn write(tx: &mut Tx<'_>, document: &Document<'_>, movements: &[Movement]) -> Result<Vec<MovementId>, Error> {
    if movements.is_empty() {
        return Ok(Vec::new());
    }
    let expected = (
        movements.len(),
        movements.iter().map(|movement| movement.batches.len()).sum::<usize>(),
        movements.len(),
        movements.iter().map(|movement| movement.parts.len()).sum::<usize>(),
    );
    let written = tx.statement("movements_write", |on| match on {
        AnyConnection::Postgres(connection) => WriteMovements::new(document, movements).run(connection),
        AnyConnection::Sqlite(connection) => sqlite::write(connection, document, movements),
    })?;
    let found = (written.levels, written.batches, written.movements.len(), written.parts);
    if found == expected {
        Ok(written.movements.into_iter().map(MovementId::new).collect())
    } else {
        Err(changed(
            document,
            &format!("levels, batches, movements and parts written: {found:?}, decided: {expected:?}"),
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
