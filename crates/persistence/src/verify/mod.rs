//! Looks for rows that disagree with each other: what `savdo verify` asks of the database.
//!
//! Each rule is a query over all stores that answers what should stand in a row and what stands there; rows where the two
//! differ are mismatches. The rules repeat nothing of how the rows are written. Deliberately absent: any repair.

mod deliveries;
mod documents;
mod events;
mod histories;
mod logs;
mod payments;
mod places;
mod prescriptions;
mod prices;
mod products;
mod receipts;
mod returns;
mod shifts;
mod stock;
mod substances;
mod traces;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, sql_query};
use savdo_domain::ids::StoreId;
use savdo_domain::zone::Zone;

use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::stores;

pub use histories::{HistoryView, histories_unscoped};
pub use prices::{PricedLineView, PricedSaleView, priced_sales_unscoped};
pub use products::texts_unscoped;
pub use receipts::{ReceiptView, receipts_unscoped};
pub use stock::summaries;
pub use substances::substances_unscoped;

/// A row in which something else stands than should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The table.
    pub table: &'static str,
    /// The row.
    pub id: i64,
    /// What should be so, in words.
    pub rule: &'static str,
    /// What should stand there, as the column would hold it; none for nothing.
    pub expected: Option<String>,
    /// What stands there.
    pub found: Option<String>,
}

/// A rule as a query: `sql` answers `id`, `expected` and `found` for the rows of `table`.
struct Rule {
    table: &'static str,
    says: &'static str,
    sql: String,
}

impl Rule {
    fn new(table: &'static str, says: &'static str, sql: impl Into<String>) -> Self {
        Self {
            table,
            says,
            sql: sql.into(),
        }
    }

    /// The rows that break it. Texts cross to Rust, so that a sum is never read through a float.
    fn differing(&self) -> String {
        format!(
            "SELECT id, CAST(expected AS TEXT) AS expected, CAST(found AS TEXT) AS found \
             FROM ({}) AS compared WHERE expected IS DISTINCT FROM found ORDER BY id",
            self.sql
        )
    }

    fn mismatches(&self, rows: Vec<MismatchRow>) -> impl Iterator<Item = Mismatch> {
        let (table, rule) = (self.table, self.says);
        rows.into_iter().map(move |row| {
            let MismatchRow { id, expected, found } = row;
            Mismatch {
                table,
                id,
                rule,
                expected,
                found,
            }
        })
    }
}

#[derive(QueryableByName)]
struct MismatchRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    expected: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    found: Option<String>,
}

/// All mismatches that can be told without knowing the day; of all stores, for an operator of the installation.
///
/// # Errors
/// A failed statement.
pub fn mismatches_unscoped(reader: &mut Reader<'_>) -> Result<Vec<Mismatch>, Error> {
    let rules = stock::rules()
        .into_iter()
        .chain(documents::rules())
        .chain(deliveries::rules())
        .chain(payments::rules())
        .chain(returns::rules())
        .chain(places::rules())
        .chain(products::rules())
        .chain(shifts::rules())
        .chain(prescriptions::rules())
        .chain(traces::rules())
        .chain(events::rules());
    let mut mismatches = Vec::new();
    for rule in rules {
        let rows = reader.statement(rule.says, |on| {
            on_each!(on, |c| sql_query(rule.differing()).load::<MismatchRow>(c))
        })?;
        mismatches.extend(rule.mismatches(rows));
    }
    Ok(mismatches)
}

/// How many rows there are to compare, table by table; of all stores, for an operator of the installation.
///
/// # Errors
/// A failed statement.
pub fn counts_unscoped(reader: &mut Reader<'_>) -> Result<Vec<(&'static str, i64)>, Error> {
    const TABLES: [&str; 20] = [
        "products",
        "stock_levels",
        "stock_batches",
        "stock_movements",
        "stock_movement_parts",
        "sales",
        "sale_lines",
        "sale_returns",
        "sale_return_lines",
        "orders",
        "order_lines",
        "prescriptions",
        "prescription_images",
        "deliveries",
        "payments",
        "provider_transactions",
        "expenses",
        "shifts",
        "audit_entries",
        "audit_seals",
    ];
    TABLES
        .into_iter()
        .map(|table| {
            let count = reader.statement("count", |on| {
                let sql = format!("SELECT COUNT(*) AS count FROM {table}");
                on_each!(on, |c| sql_query(sql).get_result::<CountRow>(c))
            })?;
            Ok((table, count.count))
        })
        .collect()
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// All stores with their zones, whose days differ; for an operator of the installation.
///
/// # Errors
/// A failed statement; [`Error::Corrupt`] for a zone that is none.
pub fn stores_unscoped(reader: &mut Reader<'_>) -> Result<Vec<(StoreId, Zone)>, Error> {
    let rows = reader.statement("verify_stores", |on| {
        stores::table
            .select((stores::id, stores::timezone))
            .order(stores::id)
            .load::<(i64, String)>(on)
    })?;
    rows.into_iter()
        .map(|(id, zone)| Ok((StoreId::new(id), crate::columns::zone(id, &zone)?)))
        .collect()
}
