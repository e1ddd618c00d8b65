//! Both databases have the same schema, and Diesel sees it as it is.
//!
//! What is asked of each database's own catalogue: tables, columns in order, types, nullability, indexes. Two
//! differences are meant: the id, which is mapped, and the tables of the search index of SQLite, where PostgreSQL has an index
//! as all others. The refusals of the append-only tables are tried on a row of each.

#![expect(clippy::unwrap_used, clippy::panic, reason = "this is a test")]

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types};
use savdo_persistence::testing::{Backend, TestDatabase};

/// The tables of schema.md that are marked A and exist so far.
const APPEND_ONLY: [&str; 9] = [
    "audit_entries",
    "audit_seals",
    "delivery_history",
    "order_history",
    "outbox",
    "payment_logs",
    "product_prices",
    "stock_movement_parts",
    "stock_movements",
];

/// A column in words: `name TYPE` and whether it may be null.
type Tables = BTreeMap<String, Vec<String>>;

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = sql_types::Text)]
    line: String,
}

const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name || ' ' || \
    CASE WHEN c.type = 'INTEGER' AND c.pk = 1 THEN 'BIGINT' ELSE c.type END || \
    CASE WHEN c.\"notnull\" = 1 THEN '' ELSE ' null' END AS line \
    FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '%\\_grams%' ESCAPE '\\' \
    AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY t.name, c.cid";

const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name || ' ' || \
    CASE data_type WHEN 'timestamp without time zone' THEN 'TIMESTAMP' ELSE upper(data_type) END || \
    CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END AS line \
    FROM information_schema.columns \
    WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%' ORDER BY table_name, ordinal_position";

/// One line per index: its name unless a constraint brings it, its columns in order, and of which rows it is.
const SQLITE_INDEXES: &str = "SELECT t.name AS table_name, \
    CASE i.origin WHEN 'c' THEN i.name ELSE 'by constraint' END || CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END || ': ' || \
    (SELECT group_concat(coalesce(name, '?'), ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || \
    coalesce((SELECT substr(s.sql, instr(s.sql, ' WHERE ')) FROM sqlite_schema s WHERE s.name = i.name AND i.partial = 1), '') \
        AS line \
    FROM sqlite_schema t JOIN pragma_index_list(t.name) i \
    WHERE t.type = 'table' AND i.origin <> 'pk' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
    AND t.name NOT LIKE '%\\_grams%' ESCAPE '\\'";

const POSTGRES_INDEXES: &str = "SELECT t.relname::text AS table_name, \
    CASE WHEN EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype = 'u') \
        THEN 'by constraint' ELSE n.relname END || CASE WHEN i.indisunique THEN ' unique' ELSE '' END || ': ' || \
    (SELECT string_agg(coalesce(a.attname, '?'), ', ' ORDER BY k.place) \
     FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k (number, place) \
     LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0) || \
    coalesce(' WHERE ' || pg_get_expr(i.indpred, i.indrelid), '') AS line \
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid \
    WHERE t.relnamespace = 'public'::regnamespace AND NOT i.indisprimary AND t.relname NOT LIKE '\\_\\_%'";

/// Indexes that one database has alone: of texts, for which SQLite keeps a table of its own.
const OF_ONE_DATABASE: [&str; 2] = ["product_texts_grams_index", "shelf_texts_grams_index"];

const SQLITE_CONSTRAINTS: &str = "SELECT name AS table_name, sql AS line FROM sqlite_schema \
    WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%\\_grams%' ESCAPE '\\' \
    AND name NOT LIKE '\\_\\_%' ESCAPE '\\'";

const POSTGRES_CONSTRAINTS: &str = "SELECT t.relname::text AS table_name, c.conname::text AS line \
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
    WHERE n.nspname = 'public' AND t.relname NOT LIKE '\\_\\_%' AND c.contype IN ('c', 'f', 'u')";

fn grouped(rows: Vec<ColumnRow>) -> Tables {
    let mut tables = Tables::new();
    for row in rows {
        tables.entry(row.table_name).or_default().push(row.line);
    }
    tables
}

fn of_sqlite(sql: &str) -> Tables {
    let database = TestDatabase::new(Backend::Sqlite);
    grouped(sql_query(sql).load(&mut database.sqlite()).unwrap())
}

fn of_postgres(sql: &str) -> Tables {
    let database = TestDatabase::new(Backend::Postgres);
    grouped(sql_query(sql).load(&mut database.postgres()).unwrap())
}

/// The `diesel::table!` declarations, read as text: what they expand to keeps no order of columns.
fn of_diesel() -> Tables {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema");
    let mut tables = Tables::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for declaration in text.split("diesel::table! {").skip(1) {
            let mut lines = declaration.lines().map(str::trim).filter(|line| !line.is_empty());
            let name = lines.next().unwrap().split(' ').next().unwrap().to_owned();
            let columns = lines.map_while(|line| line.strip_suffix(',')?.split_once(" -> "));
            tables.insert(name, columns.map(in_sql).collect());
        }
    }
    tables
}

fn in_sql((name, diesel_type): (&str, &str)) -> String {
    let inner = diesel_type
        .strip_prefix("Nullable<")
        .and_then(|inner| inner.strip_suffix('>'));
    let sql_type = match inner.unwrap_or(diesel_type) {
        "BigInt" => "BIGINT",
        "Bool" => "BOOLEAN",
        "Date" => "DATE",
        "Text" => "TEXT",
        "Timestamp" => "TIMESTAMP",
        other => panic!("{name}: no column of ours is {other}"),
    };
    format!("{name} {sql_type}{}", if inner.is_some() { " null" } else { "" })
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (of_sqlite(SQLITE_COLUMNS), of_postgres(POSTGRES_COLUMNS));

    assert_eq!(sqlite, postgres);
    assert!(sqlite.len() >= 23, "{:?}", sqlite.keys());
}

#[test]
fn diesel_sees_the_tables_as_they_are() {
    assert_eq!(of_diesel(), of_sqlite(SQLITE_COLUMNS));
}

/// An index in the words that both catalogues are brought to: without brackets and casts.
fn in_one_spelling(line: &str) -> String {
    let plain = line
        .replace("::text", "")
        .replace("= ANY (ARRAY[", "IN (")
        .replace(']', "");
    plain.replace(['(', ')'], "")
}

fn indexes(tables: Tables) -> BTreeSet<String> {
    let of_table = |(table, lines): (String, Vec<String>)| {
        let lines = lines.into_iter();
        lines.map(move |line| format!("{table}: {}", in_one_spelling(&line)))
    };
    let all = tables.into_iter().flat_map(of_table);
    all.filter(|line| !OF_ONE_DATABASE.iter().any(|name| line.contains(name)))
        .collect()
}

#[test]
fn both_databases_have_the_same_indexes() {
    let (sqlite, postgres) = (
        indexes(of_sqlite(SQLITE_INDEXES)),
        indexes(of_postgres(POSTGRES_INDEXES)),
    );

    let alone: Vec<_> = sqlite.symmetric_difference(&postgres).collect();
    assert!(alone.is_empty(), "{alone:#?}");
    for index in [
        "stock_levels: by constraint unique: store_id, location_id, product_id",
        "sales: sales_cancelled_index: store_id, sold_at, id WHERE status = 'cancelled'",
    ] {
        assert!(sqlite.contains(index), "{index}: {sqlite:#?}");
    }
}

#[test]
fn both_databases_name_the_same_constraints() {
    let mut sqlite = BTreeSet::new();
    for (table, declarations) in of_sqlite(SQLITE_CONSTRAINTS) {
        for words in declarations[0].split("CONSTRAINT ").skip(1) {
            let name = words.split_whitespace().next().unwrap();
            // What PostgreSQL's types do by themselves.
            if !name.ends_with("_integer") && !name.ends_with("_boolean") && !name.ends_with("_pkey") {
                sqlite.insert(format!("{table}.{name}"));
            }
        }
    }
    let postgres: BTreeSet<String> = of_postgres(POSTGRES_CONSTRAINTS)
        .into_iter()
        .flat_map(|(table, names)| names.into_iter().map(move |name| format!("{table}.{name}")))
        .collect();

    assert_eq!(sqlite, postgres);
}

#[test]
fn every_number_and_every_yes_or_no_of_sqlite_is_held_to_its_type() {
    let declarations = of_sqlite(SQLITE_CONSTRAINTS);
    let mut unguarded = Vec::new();

    for (table, columns) in of_sqlite(SQLITE_COLUMNS) {
        for column in columns {
            let (name, rest) = column.split_once(' ').unwrap();
            let guard = match rest.split(' ').next() {
                Some("BIGINT") if name != "id" && !name.ends_with("_id") && !name.ends_with("_by") => "integer",
                Some("BOOLEAN") => "boolean",
                _ => continue,
            };
            if !declarations[&table][0].contains(&format!("CONSTRAINT {table}_{name}_{guard} CHECK")) {
                unguarded.push(format!("{table}.{name}"));
            }
        }
    }

    assert_eq!(unguarded, Vec::<String>::new());
}

#[test]
fn append_only_are_the_tables_that_refuse_changes() {
    let with_trigger = "SELECT DISTINCT event_object_table::text AS table_name, '' AS line \
        FROM information_schema.triggers WHERE trigger_name LIKE '%append_only'";
    let sqlite_triggers = "SELECT tbl_name AS table_name, '' AS line FROM sqlite_schema \
        WHERE type = 'trigger' AND name LIKE '%\\_no\\_%' ESCAPE '\\'";

    let tables: Vec<String> = APPEND_ONLY.map(str::to_owned).into();
    assert_eq!(of_postgres(with_trigger).into_keys().collect::<Vec<_>>(), tables);
    assert_eq!(of_sqlite(sqlite_triggers).into_keys().collect::<Vec<_>>(), tables);
}

/// A row for a table without the rows it refers to: foreign keys are off while it is written.
fn row_of(table: &str, columns: &[String]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.split(' ').next().unwrap()).collect();
    let values: Vec<&str> = columns.iter().map(|column| value_of(table, column)).collect();
    format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        values.join(", ")
    )
}

fn value_of(table: &str, column: &str) -> &'static str {
    match column.split_once(' ').unwrap() {
        ("reason", _) => "'receipt'",
        ("document_type", _) => "'sale'",
        ("from_status", _) if table == "delivery_history" => "'ready'",
        ("to_status", _) if table == "delivery_history" => "'on_the_way'",
        ("from_status", _) => "'draft'",
        ("to_status", _) => "'preparing'",
        ("source", _) => "'checkout'",
        ("event", _) if table == "payment_logs" => "'created'",
        (_, "TIMESTAMP" | "TIMESTAMP null") => "'2026-03-12 05:00:00'",
        (_, "DATE" | "DATE null") => "'2026-03-12'",
        (_, "TEXT" | "TEXT null") => "''",
        _ => "1",
    }
}

/// Statements that would change or remove the row, or the very table's rows at once.
fn changes(table: &str, column: &str) -> Vec<String> {
    vec![
        format!("UPDATE {table} SET {column} = {column}"),
        format!("UPDATE {table} SET {column} = {column} WHERE id = 1"),
        format!("DELETE FROM {table}"),
        format!("DELETE FROM {table} WHERE id = 1"),
    ]
}

#[test]
fn sqlite_refuses_every_change_of_an_append_only_row() {
    let columns = of_sqlite(SQLITE_COLUMNS);
    let database = TestDatabase::new(Backend::Sqlite);
    let mut connection = database.sqlite();
    connection
        .batch_execute("PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = ON")
        .unwrap();

    for table in APPEND_ONLY {
        let row = row_of(table, &columns[table]);
        connection.batch_execute(&row).unwrap();
        let replaced = row.replacen("INSERT", "REPLACE", 1);
        for change in changes(table, "id").into_iter().chain([replaced]) {
            let error = connection.batch_execute(&change).unwrap_err().to_string();
            assert_eq!(error, format!("{table} is append-only"), "{change}");
        }
    }
}

#[test]
fn postgres_refuses_every_change_of_an_append_only_row() {
    let columns = of_sqlite(SQLITE_COLUMNS);
    let database = TestDatabase::new(Backend::Postgres);
    let mut connection = database.postgres();

    for table in APPEND_ONLY {
        let row = row_of(table, &columns[table]);
        let without_keys = "SET session_replication_role = replica";
        let with_triggers = "SET session_replication_role = origin";
        connection
            .batch_execute(&format!("{without_keys}; {row}; {with_triggers}"))
            .unwrap();
        let truncate = [format!("TRUNCATE {table} CASCADE")];
        for change in changes(table, "id").into_iter().chain(truncate) {
            let error = connection.batch_execute(&change).unwrap_err().to_string();
            assert!(error.ends_with(" is append-only"), "{change}: {error}");
        }
        let upsert = format!("{row} ON CONFLICT (id) DO UPDATE SET id = excluded.id");
        assert!(connection.batch_execute(&upsert).is_err(), "{upsert}");
    }
}
