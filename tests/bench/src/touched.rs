//! Which rows were added, changed and deleted, table by table: PostgreSQL counts them itself, in SQLite triggers do it for a while.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::bail;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl as _, SqliteConnection};

use crate::store::Store;

const PATIENCE: Duration = Duration::from_secs(10);

/// Rows added, changed and deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Touched(pub(crate) [i64; 3]);

/// What was touched of each table.
pub(crate) type Tables = BTreeMap<String, Touched>;

#[derive(QueryableByName)]
struct TableRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    added: i64,
    #[diesel(sql_type = BigInt)]
    changed: i64,
    #[diesel(sql_type = BigInt)]
    deleted: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Begins to count, where the database does not do it anyway.
pub(crate) fn begin(store: &mut Store) -> anyhow::Result<()> {
    end(store)?;
    let Store::Sqlite(connection) = store else {
        return Ok(());
    };
    let tables = names(
        connection,
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'",
    )?;
    store.execute(
        "CREATE TABLE bench_touched (name TEXT PRIMARY KEY, added INTEGER NOT NULL DEFAULT 0, \
         changed INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0)",
    )?;
    for table in tables {
        store.execute(&format!("INSERT INTO bench_touched (name) VALUES ('{table}')"))?;
        for (verb, column) in [("INSERT", "added"), ("UPDATE", "changed"), ("DELETE", "deleted")] {
            store.execute(&format!(
                "CREATE TRIGGER bench_touched_{column}_{table} AFTER {verb} ON {table} BEGIN \
                 UPDATE bench_touched SET {column} = {column} + 1 WHERE name = '{table}'; END"
            ))?;
        }
    }
    Ok(())
}

/// Takes away what counts, also what a run left that was killed.
pub(crate) fn end(store: &mut Store) -> anyhow::Result<()> {
    let Store::Sqlite(connection) = store else {
        return Ok(());
    };
    let triggers =
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'bench\\_touched\\_%' ESCAPE '\\'";
    for name in names(connection, triggers)? {
        store.execute(&format!("DROP TRIGGER {name}"))?;
    }
    store.execute("DROP TABLE IF EXISTS bench_touched")?;
    Ok(())
}

/// What was touched so far.
pub(crate) async fn tables(store: &mut Store) -> anyhow::Result<Tables> {
    if store.postmaster().is_some() {
        wait_for_counts(store).await?;
    }
    let rows: Vec<TableRow> = match store {
        Store::Postgres(connection, _) => diesel::sql_query(
            "SELECT relname::text AS name, n_tup_ins AS added, n_tup_upd AS changed, n_tup_del AS deleted FROM pg_stat_user_tables",
        )
        .load(connection)?,
        Store::Sqlite(connection) => {
            diesel::sql_query("SELECT name, added, changed, deleted FROM bench_touched").load(connection)?
        }
    };
    Ok(rows
        .into_iter()
        .map(|row| (row.name, Touched([row.added, row.changed, row.deleted])))
        .collect())
}

/// A session of PostgreSQL tells what it touched when it ends, so that all others have to be gone.
async fn wait_for_counts(store: &mut Store) -> anyhow::Result<()> {
    let begun = Instant::now();
    let others = "SELECT COUNT(*) AS number FROM pg_stat_activity WHERE datname = current_database() \
        AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    while store.number(others)? > 0 {
        if begun.elapsed() > PATIENCE {
            bail!("somebody else works in the database");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    store.number("SELECT 0::bigint AS number FROM pg_stat_force_next_flush()")?;
    Ok(())
}

/// What was touched between two counts.
pub(crate) fn since(before: &Tables, after: &Tables) -> Tables {
    let touched = after.iter().map(|(name, now)| {
        let Touched([added, changed, deleted]) = before.get(name).copied().unwrap_or_default();
        let Touched([added_now, changed_now, deleted_now]) = *now;
        (
            name.clone(),
            Touched([added_now - added, changed_now - changed, deleted_now - deleted]),
        )
    });
    touched.filter(|(_, touched)| *touched != Touched::default()).collect()
}

fn names(connection: &mut SqliteConnection, statement: &str) -> anyhow::Result<Vec<String>> {
    let found: Vec<Name> = diesel::sql_query(statement).load(connection)?;
    Ok(found.into_iter().map(|found| found.name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_touched_before_does_not_count() {
        let tables = |touched| {
            Tables::from([
                ("carts".to_owned(), Touched(touched)),
                ("users".to_owned(), Touched([9, 9, 9])),
            ])
        };

        let touched = since(&tables([1, 2, 3]), &tables([1, 5, 4]));

        assert_eq!(touched, Tables::from([("carts".to_owned(), Touched([0, 3, 1]))]));
    }

    #[test]
    fn sqlite_counts_for_a_while_and_nothing_is_left_behind() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let mut store = Store::open(&url).expect("a database");
        let things = "SELECT COUNT(*) AS number FROM sqlite_master";
        store
            .execute("CREATE TABLE carts (id INTEGER PRIMARY KEY)")
            .expect("a table");
        store.execute("INSERT INTO carts VALUES (1)").expect("a row");

        begin(&mut store).expect("counting");
        store.execute("INSERT INTO carts VALUES (2), (3)").expect("rows");
        store.execute("UPDATE carts SET id = 4 WHERE id = 3").expect("a change");
        store.execute("DELETE FROM carts").expect("no rows");
        let touched = runtime.block_on(tables(&mut store)).expect("counted");
        let touched = since(&Tables::new(), &touched);
        end(&mut store).expect("an end");

        assert_eq!(touched, Tables::from([("carts".to_owned(), Touched([2, 1, 3]))]));
        assert_eq!(store.number(things).expect("a number"), 1);
    }
}
