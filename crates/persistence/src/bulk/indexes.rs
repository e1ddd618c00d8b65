//! What follows every row that is written, taken away while very many are and then made for all of them at once: in a fifth of the
//! time.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use diesel::{QueryableByName, sql_query};

use super::number;
use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;

/// The tables that are written to.
pub(super) const TABLES: [&str; 20] = [
    "products",
    "product_texts",
    "shelf_texts",
    "product_prices",
    "shifts",
    "sales",
    "sale_lines",
    "orders",
    "order_lines",
    "order_history",
    "deliveries",
    "delivery_history",
    "payments",
    "stock_movements",
    "stock_batches",
    "stock_levels",
    "stock_movement_parts",
    "outbox",
    "outbox_dispatches",
    "audit_entries",
];
/// What their rows point at beside each other.
const POINTED_AT: [&str; 5] = ["users", "workers", "stores", "locations", "categories"];
/// Each as the database itself says how to make it; what keeps rows apart or is pointed at stays.
const INDEXES: &str = "SELECT indexname::text AS name, indexdef AS sql FROM pg_indexes \
    WHERE schemaname = current_schema() AND indexdef NOT LIKE 'CREATE UNIQUE%' AND tablename = ANY ($1)";
const TRIGGERS: &str = "SELECT name, sql FROM sqlite_schema \
    WHERE type = 'trigger' AND name IN ('products_grams_insert', 'shelf_grams_insert')";

#[derive(QueryableByName)]
struct Dropped {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

/// Writes very many rows by `fill`, which changes none that is there, in this one transaction: whatever fails, the database stays
/// as it was, with its indexes. Others wait meanwhile; for an installation that nobody uses yet.
///
/// # Errors
/// Those of `fill`; a failed statement.
pub fn without_indexes_unscoped<E: From<Error>>(
    tx: &mut Tx<'_>,
    fill: impl FnOnce(&mut Tx<'_>) -> Result<(), E>,
) -> Result<(), E> {
    // What is to be filled in is computed meanwhile, for as long as it takes.
    tx.on_postgres("bulk_patience", |on| {
        on.batch_execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    })?;
    let last = number(
        tx,
        "products_last",
        "SELECT COALESCE(MAX(id), 0) AS number FROM products",
    )?;
    let dropped = tx.statement("bulk_index_drop", |on| {
        let (indexes, noun) = match on {
            AnyConnection::Sqlite(on) => (sql_query(TRIGGERS).load::<Dropped>(on)?, "TRIGGER"),
            AnyConnection::Postgres(on) => (
                sql_query(INDEXES)
                    .bind::<Array<Text>, _>(TABLES.as_slice())
                    .load::<Dropped>(on)?,
                "INDEX",
            ),
        };
        for index in &indexes {
            on.batch_execute(&format!("DROP {noun} {}", index.name))?;
        }
        Ok(indexes)
    })?;
    look_up_by_index(tx)?;
    fill(tx)?;
    tx.statement("bulk_index_build", |on| {
        match on {
            AnyConnection::Sqlite(on) => on.batch_execute(&format!(
                "INSERT INTO product_grams (rowid, text) \
                 SELECT id, replace(shop_search, ' ', '  ') FROM products WHERE id > {last} ORDER BY id; \
                 INSERT INTO shelf_grams (rowid, text) \
                 SELECT id, replace(online_search, ' ', '  ') FROM shelf_texts WHERE id > {last} ORDER BY id"
            )),
            AnyConnection::Postgres(on) => {
                on.batch_execute("SET LOCAL enable_seqscan = on; SET LOCAL maintenance_work_mem = '256MB'")
            }
        }?;
        dropped.iter().try_for_each(|index| on.batch_execute(&index.sql))
    })?;
    Ok(())
}

/// PostgreSQL looks up what each row points at by a plan that it makes once, when there are few: it would read all of a growing table for
/// each. A look at a table has it forget the plans that it has.
fn look_up_by_index(tx: &mut Tx<'_>) -> Result<(), Error> {
    for table in TABLES.into_iter().chain(POINTED_AT) {
        tx.statement("bulk_analyze", |on| match on {
            AnyConnection::Postgres(on) => on.batch_execute(&format!("ANALYZE {table}")),
            AnyConnection::Sqlite(_) => Ok(()),
        })?;
    }
    tx.statement("bulk_use_indexes", |on| match on {
        AnyConnection::Postgres(on) => on.batch_execute("SET LOCAL enable_seqscan = off"),
        AnyConnection::Sqlite(_) => Ok(()),
    })
}
