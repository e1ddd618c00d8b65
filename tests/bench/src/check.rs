//! Whether the floor writes what the server writes: of each table as many rows added, changed and deleted by each operation.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::bail;

use crate::driver;
use crate::floor::sqlite::Turn;
use crate::floor::{Floor, script};
use crate::flow::Flow;
use crate::meter::Meter;
use crate::server::{Purpose, Server, Setup};
use crate::stage::Stage;
use crate::touched::{self, Tables};

/// How many operations of the server are counted.
const OPERATIONS: usize = 30;

/// What some operations touched.
struct Counted {
    operations: usize,
    tables: Tables,
}

/// Counts for each flow that writes and has a floor, and says what differs.
///
/// # Errors
/// Any difference.
pub(crate) async fn check(setup: &Setup, stage: &mut Stage, floor: &mut Floor, flows: &[Flow]) -> anyhow::Result<()> {
    touched::begin(&mut stage.store)?;
    let found = differences_of_all(setup, stage, floor, flows).await;
    touched::end(&mut stage.store)?;
    let found = found?;
    if found.is_empty() {
        Ok(())
    } else {
        bail!("the floor does not write what the server writes:\n{}", found.join("\n"))
    }
}

async fn differences_of_all(
    setup: &Setup,
    stage: &mut Stage,
    floor: &mut Floor,
    flows: &[Flow],
) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    for flow in flows.iter().copied().filter(|flow| script(*flow).is_some()) {
        if let Some(by_floor) = by_floor(stage, floor, flow).await? {
            let by_server = by_server(setup, stage, flow).await?;
            all.extend(differences(flow.name(), &by_server, &by_floor));
        }
    }
    Ok(all)
}

/// What is made ready is counted before: a server of its own makes it.
async fn by_server(setup: &Setup, stage: &mut Stage, flow: Flow) -> anyhow::Result<Counted> {
    let preparing = Server::start(setup, Purpose::Measure).await?;
    let asks: Vec<_> = flow.lot(stage, preparing.address).await?.singly(OPERATIONS).collect();
    drop(preparing);
    let before = touched::tables(&mut stage.store).await?;
    let server = Server::start(setup, Purpose::Measure).await?;
    let operations = asks.len();
    for ask in asks {
        driver::answers(server.address, ask, 1).await?;
    }
    drop(server);
    let after = touched::tables(&mut stage.store).await?;
    Ok(Counted {
        operations,
        tables: touched::since(&before, &after),
    })
}

async fn by_floor(stage: &mut Stage, floor: &mut Floor, flow: Flow) -> anyhow::Result<Option<Counted>> {
    let nobody = Meter {
        server: std::process::id(),
        postmaster: None,
    };
    let (before, operations) = match floor {
        Floor::Pgbench(floor) => {
            let Some(turn) = floor.make_ready(flow, stage, None)? else {
                return Ok(None);
            };
            let before = touched::tables(&mut stage.store).await?;
            (before, floor.run(&turn, &nobody).await?.executed)
        }
        Floor::Loop(floor) => {
            let Some(turn) = Turn::make_ready(flow, stage)? else {
                return Ok(None);
            };
            let before = touched::tables(&mut stage.store).await?;
            (before, floor.run(&turn, stage, OPERATIONS, Duration::MAX)?)
        }
    };
    let after = touched::tables(&mut stage.store).await?;
    Ok(Some(Counted {
        operations,
        tables: touched::since(&before, &after),
    }))
}

/// A line for each table that an operation of the one touches otherwise than one of the other.
fn differences(flow: &str, server: &Counted, floor: &Counted) -> Vec<String> {
    let names: BTreeSet<&String> = server.tables.keys().chain(floor.tables.keys()).collect();
    let each = |counted: &Counted, name: &String| counted.tables.get(name).copied().unwrap_or_default().0;
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
    use crate::touched::Touched;

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
}
