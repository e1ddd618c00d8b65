//! Whether the floor writes what the server writes: of each table as many rows added, changed and deleted by each operation.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::bail;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl as _};

use crate::driver;
use crate::floor::pgbench::Pgbench;
use crate::floor::script;
use crate::flow::Flow;
use crate::meter::Meter;
use crate::server::{Purpose, Server, Setup};
use crate::stage::Stage;
use crate::store::Store;

/// How many operations of the server are counted.
const OPERATIONS: usize = 30;
const PATIENCE: Duration = Duration::from_secs(10);

/// Rows added, changed and deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Touched([i64; 3]);

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

type Tables = BTreeMap<String, Touched>;

/// What some operations touched.
struct Counted {
    operations: usize,
    tables: Tables,
}

/// Counts for each flow that writes, and says what differs.
///
/// # Errors
/// Any difference.
pub(crate) async fn check(setup: &Setup, stage: &mut Stage, floor: &Pgbench, flows: &[Flow]) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for flow in flows.iter().copied().filter(|flow| script(*flow).is_some()) {
        let by_server = by_server(setup, stage, flow).await?;
        let Some(by_floor) = by_floor(stage, floor, flow).await? else {
            continue;
        };
        all.extend(differences(flow.name(), &by_server, &by_floor));
    }
    if all.is_empty() {
        Ok(())
    } else {
        bail!("the floor does not write what the server writes:\n{}", all.join("\n"))
    }
}

/// What is made ready is counted before: a server of its own makes it.
async fn by_server(setup: &Setup, stage: &mut Stage, flow: Flow) -> anyhow::Result<Counted> {
    let preparing = Server::start(setup, Purpose::Measure).await?;
    let asks: Vec<_> = flow.lot(stage, preparing.address).await?.singly(OPERATIONS).collect();
    drop(preparing);
    let before = tables(&mut stage.store).await?;
    let server = Server::start(setup, Purpose::Measure).await?;
    let operations = asks.len();
    for ask in asks {
        driver::answers(server.address, ask, 1).await?;
    }
    drop(server);
    let after = tables(&mut stage.store).await?;
    Ok(Counted {
        operations,
        tables: since(&before, &after),
    })
}

async fn by_floor(stage: &mut Stage, floor: &Pgbench, flow: Flow) -> anyhow::Result<Option<Counted>> {
    let Some(turn) = floor.make_ready(flow, stage, None)? else {
        return Ok(None);
    };
    let before = tables(&mut stage.store).await?;
    let nobody = Meter {
        server: std::process::id(),
        postmaster: None,
    };
    let operations = floor.run(&turn, &nobody).await?.executed;
    let after = tables(&mut stage.store).await?;
    Ok(Some(Counted {
        operations,
        tables: since(&before, &after),
    }))
}

/// What was touched so far. A session tells it when it ends, so that all others have to be gone.
async fn tables(store: &mut Store) -> anyhow::Result<Tables> {
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
    let Store::Postgres(connection, _) = store else {
        bail!("only PostgreSQL counts")
    };
    let statement = "SELECT relname::text AS name, n_tup_ins AS added, n_tup_upd AS changed, n_tup_del AS deleted FROM pg_stat_user_tables";
    let rows: Vec<TableRow> = diesel::sql_query(statement).load(connection)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.name, Touched([row.added, row.changed, row.deleted])))
        .collect())
}

fn since(before: &Tables, after: &Tables) -> Tables {
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

/// A line for each table that an operation of the one touches otherwise than one of the other.
fn differences(flow: &str, server: &Counted, floor: &Counted) -> Vec<String> {
    let names: BTreeSet<&String> = server.tables.keys().chain(floor.tables.keys()).collect();
    let each = |counted: &Counted, name: &String| {
        let Touched(touched) = counted.tables.get(name).copied().unwrap_or_default();
        touched
    };
    let times = |touched: [i64; 3], operations: usize| {
        let operations = i64::try_from(operations).unwrap_or(i64::MAX);
        touched.map(|count| count.saturating_mul(operations))
    };
    let mut lines = Vec::new();
    for name in names {
        let (of_server, of_floor) = (each(server, name), each(floor, name));
        if times(of_server, floor.operations) != times(of_floor, server.operations) {
            lines.push(format!(
                "{flow}: {name}: the server's {} operations add, change, delete {of_server:?}, the floor's {} {of_floor:?}",
                server.operations, floor.operations
            ));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(operations: usize, tables: &[(&str, [i64; 3])]) -> Counted {
        Counted {
            operations,
            tables: tables
                .iter()
                .map(|(name, touched)| ((*name).to_owned(), Touched(*touched)))
                .collect(),
        }
    }

    #[test]
    fn the_same_rows_of_another_number_of_operations_are_the_same() {
        let server = counted(2, &[("orders", [2, 0, 0]), ("order_lines", [6, 0, 0])]);
        let floor = counted(5, &[("orders", [5, 0, 0]), ("order_lines", [15, 0, 0])]);

        assert_eq!(differences("checkout", &server, &floor), [""; 0]);
    }

    #[test]
    fn a_row_too_few_and_a_table_too_many_are_named() {
        let server = counted(2, &[("orders", [2, 0, 0])]);
        let floor = counted(2, &[("orders", [2, 1, 0]), ("outbox", [2, 0, 0])]);

        let lines = differences("checkout", &server, &floor);

        assert_eq!(
            lines,
            [
                "checkout: orders: the server's 2 operations add, change, delete [2, 0, 0], the floor's 2 [2, 1, 0]",
                "checkout: outbox: the server's 2 operations add, change, delete [0, 0, 0], the floor's 2 [2, 0, 0]"
            ]
        );
    }

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
}
