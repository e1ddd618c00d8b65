//! Whole tables as text, alike on both databases, to be compared before and after.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};

use super::TestDatabase;
use crate::connection::on_each;
use crate::database::Tx;
use crate::error::Error;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Runs SQL as it stands inside a transaction.
///
/// # Errors
/// A failed statement.
pub fn run(tx: &mut Tx<'_>, sql: &str) -> Result<(), Error> {
    tx.statement("test_execute", |on| on.batch_execute(sql))
}

impl TestDatabase {
    /// Runs SQL as it stands, for rows that no use-case makes.
    ///
    /// # Panics
    /// When a statement fails.
    pub fn execute(&self, sql: &str) {
        let sql = sql.to_owned();
        self.write("test_execute", move |tx| run(tx, &sql))
            .unwrap_or_else(|error: Error| panic!("{error}: {error:?}"));
    }

    /// All rows of all tables, but for those in which SQLite keeps its search index.
    ///
    /// # Panics
    /// When they cannot be read.
    #[must_use]
    pub fn dump(&self) -> String {
        let names = if self.is_postgres() {
            "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%' \
             ORDER BY tablename"
        } else {
            "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' \
             AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%\\_grams%' ESCAPE '\\' ORDER BY name"
        };
        let tables = self.lines(names);
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        self.dump_of(&tables)
    }

    /// All rows of these tables: a line each, by key, columns in the order of the schema.
    ///
    /// # Panics
    /// When they cannot be read.
    #[must_use]
    pub fn dump_of(&self, tables: &[&str]) -> String {
        let mut text = String::new();
        for table in tables {
            let columns = self.columns(table).join(" || '|' || ");
            text.push_str(&format!("# {table}\n"));
            for line in self.lines(&format!(
                "SELECT {columns} AS line FROM {table} ORDER BY {table}.{}",
                self.key(table)
            )) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    }

    /// The columns as texts. The id of a transaction is nobody's business.
    fn columns(&self, table: &str) -> Vec<String> {
        let typed = if self.is_postgres() {
            format!(
                "SELECT column_name || ' ' || data_type AS line FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY ordinal_position"
            )
        } else {
            format!("SELECT name || ' ' || lower(type) AS line FROM pragma_table_info('{table}') ORDER BY cid")
        };
        self.lines(&typed)
            .iter()
            .filter_map(|line| line.split_once(' '))
            .map(|(name, kind)| match (name, kind) {
                ("transaction_id", _) => "'*'".to_owned(),
                (name, "boolean") => format!("coalesce(CAST(CAST({name} AS INTEGER) AS TEXT), '-')"),
                (name, _) => format!("coalesce(CAST({name} AS TEXT), '-')"),
            })
            .collect()
    }

    /// What the rows are ordered by: the first of these columns that the table has.
    fn key(&self, table: &str) -> &'static str {
        let columns = self.columns(table);
        let keys = ["id", "store_id", "endpoint", "outbox_id", "name", "phone"].into_iter();
        let mut known = keys.filter(|key| columns.iter().any(|column| column.contains(&format!("({key} AS"))));
        known
            .next()
            .unwrap_or_else(|| panic!("{table} has no key that is known here"))
    }

    /// The lines of a query that answers one text column, `line`.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn lines(&self, sql: &str) -> Vec<String> {
        let lines = self.read("test_dump", |reader| {
            reader.statement("test_dump", |on| on_each!(on, |c| sql_query(sql).load::<Line>(c)))
        });
        let lines = lines.unwrap_or_else(|error: Error| panic!("{error}: {error:?}"));
        lines.into_iter().map(|line| line.line).collect()
    }
}
