//! Writes very many rows at once, for a demo as large as a chain after a year.
//!
//! Who makes the rows numbers them himself and has them agree: nothing here is locked, compared or read back. PostgreSQL takes them by
//! `COPY`, SQLite in statements of many rows. For an installation that nobody uses yet, in one transaction.

mod indexes;
mod numbers;
mod rows;

use diesel::connection::SimpleConnection;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl};

use crate::connection::{AnyConnection, on_each};
use crate::database::{Database, Reader, Tx};
use crate::error::Error;

pub(crate) use numbers::leave_products;

pub use indexes::without_indexes_unscoped;
pub use numbers::{count_sales_to, first_sale_number, product_id_unscoped};
pub use rows::{
    AuditEntryRow, DeliveryHistoryRow, DeliveryRow, DispatchRow, EventRow, NextIds, OrderHistoryRow, OrderLineRow,
    OrderRow, PaymentRow, Rows, SaleLineRow, SaleRow, ShiftRow, StockBatchRow, StockLevelRow, StockMovementPartRow,
    StockMovementRow,
};

/// A number that a statement answers.
#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(reader: &mut Reader<'_>, name: &'static str, sql: &str) -> Result<i64, Error> {
    let found = reader.statement(name, |on| on_each!(on, |c| sql_query(sql).get_result::<Number>(c)))?;
    Ok(found.number)
}

/// The number of this transaction that events bear, which says when they are final; 0 on SQLite.
///
/// # Errors
/// A failed statement.
pub fn transaction_id(tx: &mut Tx<'_>) -> Result<i64, Error> {
    let sql = "SELECT pg_current_xact_id()::text::bigint AS number";
    tx.statement("bulk_transaction", |on| match on {
        AnyConnection::Postgres(on) => Ok(sql_query(sql).get_result::<Number>(on)?.number),
        AnyConnection::Sqlite(_) => Ok(0),
    })
}

/// Brings about at once what comes by itself with time: both databases learn how their tables look now; PostgreSQL also that all see
/// their pages, so that an index can be read alone, and SQLite's search indexes are each merged into one piece. All stores' rows,
/// for who filled the installation.
///
/// # Errors
/// A failed statement.
pub fn settle_unscoped(database: &Database) -> Result<(), Error> {
    if database.is_postgres() {
        return database.read("bulk_settle", |reader| {
            indexes::TABLES.into_iter().try_for_each(|table| {
                let sql = format!("VACUUM (ANALYZE) {table}");
                reader.statement("bulk_settle", |on| on.batch_execute(&sql))
            })
        });
    }
    database.write("bulk_settle", |tx| {
        // Without its samples: with them SQLite plans a statement anew for each value.
        let settle = "INSERT INTO product_grams (product_grams) VALUES ('optimize'); \
            INSERT INTO shelf_grams (shelf_grams) VALUES ('optimize'); \
            ANALYZE; \
            DELETE FROM sqlite_stat4";
        tx.statement("bulk_settle", |on| on.batch_execute(settle))
    })
}
