//! The wall between stores, read off the schema of both databases and then run against.
//!
//! A tenant table is one whose rows all belong to a store. Whatever of another tenant table it refers to, it refers to
//! together with the store, so that no row of one store can point at another's, whatever the code does.

#![expect(clippy::unwrap_used, reason = "this is a test")]

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types};
use savdo_persistence::testing::{Backend, TestDatabase};

/// Columns that end in `_id` and refer to no table: what they mean is told by another column, or their table is not built yet.
const FREE: [&str; 16] = [
    "client_id",
    "currency_id",
    "customer_id",
    "document_id",
    "external_id",
    "key_id",
    "ofd_device_id",
    "outbox_id",
    "paydoc_id",
    "public_id",
    "receipt_id",
    "request_id",
    "subject_id",
    "supplier_id",
    "telegram_chat_id",
    "terminal_id",
];

/// Lines of a cart belong to its customer; the store they name is that of their product.
const OF_A_CUSTOMER: &str = "cart_lines";

/// The tables of which no key names the store, and why that is so. Whoever spreads rows over machines by their store reads here what
/// stays behind, and what must get the store into its key first.
const WITHOUT_THE_STORE_IN_A_KEY: [(&str, &str); 21] = [
    (
        "audit_entries",
        "the log of the installation has no store; numbered by one sequence, which the seals go by",
    ),
    ("audit_seals", "as the entries that they seal"),
    ("cart_lines", "of a customer, whose cart holds goods of several stores"),
    ("carts", "of a customer, one each"),
    ("code_phones", "of a phone, before anybody knows whose"),
    ("devices", "of a user"),
    ("idempotency_keys", "of a user, whose requests name no store"),
    ("job_runs", "of the installation"),
    (
        "notification_templates",
        "those without a store hold for all; of a store they are unique by an index of those rows",
    ),
    ("notifications", "of a user; the store is what they are about"),
    ("one_time_codes", "of a phone"),
    (
        "outbox",
        "a few events have no store; numbered by one sequence, by which the worker takes them",
    ),
    ("outbox_dispatches", "of an event"),
    ("outbox_secrets", "of an event"),
    ("password_resets", "of a user"),
    ("payment_comparisons", "of a desk, which may serve several stores"),
    (
        "payment_desks",
        "those without a store serve all that have none; of a store they are unique by an index of those rows",
    ),
    ("sessions", "of a user"),
    ("spent_tokens", "of a session"),
    ("stores", "they are the stores"),
    ("users", "one account may buy in every store"),
];

/// A reference: from which table to which, and its columns as `from=to`, sorted.
type Reference = (String, String, Vec<String>);

#[derive(QueryableByName)]
struct ReferenceRow {
    #[diesel(sql_type = sql_types::Text)]
    source: String,
    #[diesel(sql_type = sql_types::Text)]
    target: String,
    #[diesel(sql_type = sql_types::Text)]
    columns: String,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = sql_types::Text)]
    line: String,
}

const SQLITE_REFERENCES: &str = "SELECT t.name AS source, f.\"table\" AS target, \
    group_concat(f.\"from\" || '=' || f.\"to\", ',') AS columns \
    FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' GROUP BY t.name, f.id, f.\"table\"";

const POSTGRES_REFERENCES: &str = "SELECT s.relname::text AS source, t.relname::text AS target, \
    (SELECT string_agg(a.attname || '=' || b.attname, ',') FROM unnest(c.conkey, c.confkey) AS k (from_number, to_number) \
     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.from_number \
     JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.to_number) AS columns \
    FROM pg_constraint c JOIN pg_class s ON s.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid WHERE c.contype = 'f'";

const SQLITE_UNIQUE: &str = "SELECT t.name || '(' || \
    (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')' AS line \
    FROM sqlite_schema t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND i.\"unique\" = 1 AND i.partial = 0";

const POSTGRES_UNIQUE: &str = "SELECT t.relname || '(' || \
    (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k (number, place) \
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || ')' AS line \
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid WHERE i.indisunique AND i.indpred IS NULL";

const SQLITE_COLUMNS: &str = "SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" AS line \
    FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' \
    AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY t.name, c.cid";

fn references(rows: Vec<ReferenceRow>) -> BTreeSet<Reference> {
    let reference = |row: ReferenceRow| {
        let mut columns: Vec<_> = row.columns.split(',').map(str::to_owned).collect();
        columns.sort();
        (row.source, row.target, columns)
    };
    rows.into_iter().map(reference).collect()
}

fn lines(rows: Vec<TextRow>) -> BTreeSet<String> {
    rows.into_iter().map(|row| row.line).collect()
}

/// The columns of each table: name, type, whether a value is demanded.
fn columns(connection: &mut SqliteConnection) -> BTreeMap<String, Vec<(String, String, bool)>> {
    let rows: Vec<TextRow> = sql_query(SQLITE_COLUMNS).load(connection).unwrap();
    let mut tables = BTreeMap::<_, Vec<_>>::new();
    for row in rows {
        let (table, column) = row.line.split_once('.').unwrap();
        let (name, rest) = column.split_once(' ').unwrap();
        let (sql_type, is_demanded) = rest.split_once(' ').unwrap();
        let column = (name.to_owned(), sql_type.to_owned(), is_demanded == "1");
        tables.entry(table.to_owned()).or_default().push(column);
    }
    tables
}

/// The tables whose rows all belong to a store; a worker without one is an owner before he has made his.
fn tenants(connection: &mut SqliteConnection) -> BTreeSet<String> {
    let is_tenant = |(name, columns): (String, Vec<(String, String, bool)>)| {
        let is_held = columns
            .iter()
            .any(|(column, _, is_demanded)| column == "store_id" && *is_demanded);
        (is_held || name == "workers").then_some(name)
    };
    columns(connection).into_iter().filter_map(is_tenant).collect()
}

/// The references between tenant tables.
fn between_tenants(connection: &mut SqliteConnection) -> Vec<Reference> {
    let tenants = tenants(connection);
    let all = references(sql_query(SQLITE_REFERENCES).load(connection).unwrap());
    let is_between = |(source, target, _): &Reference| tenants.contains(source) && tenants.contains(target);
    all.into_iter().filter(is_between).collect()
}

#[test]
fn both_databases_have_the_same_references() {
    let (on_sqlite, on_postgres) = (TestDatabase::new(Backend::Sqlite), TestDatabase::new(Backend::Postgres));

    let of_sqlite = references(sql_query(SQLITE_REFERENCES).load(&mut on_sqlite.sqlite()).unwrap());
    let of_postgres = references(
        sql_query(POSTGRES_REFERENCES)
            .load(&mut on_postgres.postgres())
            .unwrap(),
    );

    assert_eq!(of_sqlite, of_postgres);
}

#[test]
fn a_tenant_table_refers_to_another_together_with_the_store() {
    let database = TestDatabase::new(Backend::Sqlite);
    let references = between_tenants(&mut database.sqlite());

    let together = "store_id=store_id".to_owned();
    let without_the_store: Vec<_> = references
        .iter()
        .filter(|(_, _, columns)| !columns.contains(&together))
        .collect();

    assert!(references.len() > 20, "{references:?}");
    assert_eq!(without_the_store, Vec::<&Reference>::new());
}

#[test]
fn every_tenant_table_belongs_to_a_store_and_is_known_by_store_and_id() {
    let (on_sqlite, on_postgres) = (TestDatabase::new(Backend::Sqlite), TestDatabase::new(Backend::Postgres));
    let connection = &mut on_sqlite.sqlite();
    let references = references(sql_query(SQLITE_REFERENCES).load(connection).unwrap());
    let unique = lines(sql_query(SQLITE_UNIQUE).load(connection).unwrap());
    let unique_too = lines(sql_query(POSTGRES_UNIQUE).load(&mut on_postgres.postgres()).unwrap());
    let columns = columns(connection);

    for table in tenants(connection) {
        let to_store = (table.clone(), "stores".to_owned(), vec!["store_id=id".to_owned()]);
        if table == OF_A_CUSTOMER {
            continue;
        }
        assert!(references.contains(&to_store), "{table} refers to no store");
        if columns[&table].iter().any(|(column, _, _)| column == "id") {
            let key = format!("{table}(store_id,id)");
            assert!(unique.contains(&key) && unique_too.contains(&key), "no unique {key}");
        }
    }
}

#[test]
fn every_table_has_the_store_in_a_key_or_a_reason_not_to() {
    let (on_sqlite, on_postgres) = (TestDatabase::new(Backend::Sqlite), TestDatabase::new(Backend::Postgres));
    let connection = &mut on_sqlite.sqlite();
    let unique = lines(sql_query(SQLITE_UNIQUE).load(connection).unwrap());
    let unique_too = lines(sql_query(POSTGRES_UNIQUE).load(&mut on_postgres.postgres()).unwrap());
    let tables = columns(connection)
        .into_keys()
        .filter(|table| !table.contains("_grams"));
    let tables: BTreeSet<_> = tables.collect();

    for unique in [unique, unique_too] {
        let has_the_store = |table: &&String| {
            let keys = unique.iter().filter_map(|key| key.strip_suffix(')')?.split_once('('));
            let mut own = keys.filter(|(of, _)| of == table);
            own.any(|(_, columns)| columns.split(',').any(|column| column == "store_id"))
        };
        let without: Vec<_> = tables.iter().filter(|table| !has_the_store(table)).collect();
        assert!(tables.len() > without.len() + 20, "{without:?}");
        assert_eq!(without, WITHOUT_THE_STORE_IN_A_KEY.map(|(table, _)| table));
    }
    let tenants = tenants(connection);
    let left = WITHOUT_THE_STORE_IN_A_KEY
        .iter()
        .filter(|(table, _)| tenants.contains(*table));
    assert_eq!(left.map(|(table, _)| *table).collect::<Vec<_>>(), [OF_A_CUSTOMER]);
}

#[test]
fn every_id_in_a_tenant_table_refers_to_something() {
    let database = TestDatabase::new(Backend::Sqlite);
    let connection = &mut database.sqlite();
    let references = references(sql_query(SQLITE_REFERENCES).load(connection).unwrap());
    let columns = columns(connection);
    let mut free = Vec::new();

    for table in tenants(connection) {
        for (column, _, _) in &columns[&table] {
            let refers = references.iter().any(|(source, _, columns)| {
                *source == table && columns.iter().any(|pair| pair.split('=').next() == Some(column))
            });
            if column.ends_with("_id") && !refers && !FREE.contains(&column.as_str()) {
                free.push(format!("{table}.{column}"));
            }
        }
    }

    assert_eq!(free, Vec::<String>::new());
}

/// A row in which every number is 1, but for the store.
fn row_of(table: &str, columns: &[(String, String, bool)], store: i64) -> String {
    let names: Vec<_> = columns.iter().map(|(name, _, _)| name.as_str()).collect();
    let value = |(name, sql_type, _): &(String, String, bool)| match (name.as_str(), sql_type.as_str()) {
        ("store_id", _) => store.to_string(),
        (_, "TEXT") => "''".to_owned(),
        (_, "TIMESTAMP") => "'2026-03-12 05:00:00'".to_owned(),
        (_, "DATE") => "'2026-03-12'".to_owned(),
        (_, "BOOLEAN") => "TRUE".to_owned(),
        _ => "1".to_owned(),
    };
    let values: Vec<_> = columns.iter().map(value).collect();
    format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        values.join(", ")
    )
}

#[test]
fn sqlite_finds_every_row_that_points_into_another_store() {
    let template = TestDatabase::new(Backend::Sqlite);
    let connection = &mut template.sqlite();
    let (references, columns) = (between_tenants(connection), columns(connection));
    connection
        .batch_execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        .unwrap();

    for (source, target, _) in references.iter().filter(|(source, target, _)| source != target) {
        let mut broken = |store: i64| {
            let rows = [
                row_of(target, &columns[target], 2),
                row_of(source, &columns[source], store),
            ];
            connection
                .batch_execute(&format!("BEGIN; {}", rows.join("; ")))
                .unwrap();
            let check = format!("SELECT parent AS line FROM pragma_foreign_key_check('{source}')");
            let parents = lines(sql_query(check).load(connection).unwrap());
            connection.batch_execute("ROLLBACK").unwrap();
            parents.contains(target)
        };

        assert_eq!([1, 2].map(&mut broken), [true, false], "{source} -> {target}");
    }
}

#[test]
fn postgres_refuses_every_row_that_points_into_another_store() {
    let (on_sqlite, on_postgres) = (TestDatabase::new(Backend::Sqlite), TestDatabase::new(Backend::Postgres));
    let (references, columns) = (
        between_tenants(&mut on_sqlite.sqlite()),
        columns(&mut on_sqlite.sqlite()),
    );
    let connection = &mut on_postgres.postgres();
    let all = "SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || conname AS line FROM pg_constraint \
               WHERE connamespace = 'public'::regnamespace AND contype = 'c'";
    for drop in lines(sql_query(all).load(connection).unwrap()) {
        connection.batch_execute(&drop).unwrap();
    }

    for (source, target, _) in references.iter().filter(|(source, target, _)| source != target) {
        let others = format!(
            "SELECT 'ALTER TABLE {source} DROP CONSTRAINT ' || conname AS line FROM pg_constraint \
             WHERE conrelid = '{source}'::regclass AND contype = 'f' AND confrelid <> '{target}'::regclass"
        );
        let others: Vec<_> = lines(sql_query(others).load(connection).unwrap()).into_iter().collect();
        let mut refused = |store: i64| {
            let row = row_of(target, &columns[target], 2);
            let before = format!(
                "BEGIN; {}; ALTER TABLE {source} DISABLE TRIGGER USER; \
                 SET session_replication_role = replica; {row}; SET session_replication_role = origin",
                others.join("; ")
            );
            connection.batch_execute(&before).unwrap();
            let outcome = connection.batch_execute(&row_of(source, &columns[source], store));
            connection.batch_execute("ROLLBACK").unwrap();
            outcome
                .err()
                .map(|error| error.to_string().contains("violates foreign key constraint"))
        };

        assert_eq!([1, 2].map(&mut refused), [Some(true), None], "{source} -> {target}");
    }
}
