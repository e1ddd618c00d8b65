//! The statements that the server sends when it reads, taken from the log of PostgreSQL.
//!
//! For each flow a server of its own is started, whose sessions alone are logged. Recorded is the first request for each address. Begin and commit are left out, so that a read that goes on in a transaction has no lower
//! floor for it. Values stand in the statements as they were sent.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _};

use super::only_reads;
use crate::driver;
use crate::flow::Flow;
use crate::server::{Purpose, Server, Setup};
use crate::stage::Stage;
use crate::store::Store;

/// How many requests of a flow are recorded: as many kinds of values.
const REQUESTS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(10);
/// Stands in the log before the statements of a request.
const MARK: &str = "savdo-bench mark ";
const END: &str = "end";

#[derive(QueryableByName)]
struct Piece {
    #[diesel(sql_type = Text)]
    piece: String,
}

/// What the log says of a statement.
#[derive(Debug, PartialEq, Eq)]
struct Logged {
    text: String,
    /// What stands for `$1` and so on; `None` for null.
    values: Vec<Option<String>>,
}

/// Scripts for pgbench: of each flow that reads, one for each request.
pub(crate) async fn scripts(
    setup: &Setup,
    stage: &mut Stage,
    flows: &[Flow],
) -> anyhow::Result<Vec<(Flow, Vec<String>)>> {
    let flows: Vec<Flow> = flows.iter().copied().filter(|flow| only_reads(*flow)).collect();
    let from = log_size(&mut stage.store)?;
    for flow in &flows {
        ask(setup, stage, *flow).await?;
    }
    mark(&mut stage.store, END)?;
    let log = read_log(&mut stage.store, from)?;
    let marked = by_mark(&log)?;
    let mut all = Vec::new();
    for flow in flows {
        let mut scripts = Vec::new();
        for (_, request) in marked
            .iter()
            .filter(|(mark, request)| mark == flow.name() && !request.is_empty())
        {
            scripts.push(script(&mut stage.store, request)?);
        }
        if scripts.is_empty() {
            bail!("{}: no statement was recorded", flow.name());
        }
        all.push((flow, scripts));
    }
    Ok(all)
}

/// Asks a server that nobody asked for it before.
async fn ask(setup: &Setup, stage: &mut Stage, flow: Flow) -> anyhow::Result<()> {
    mark(&mut stage.store, "start")?;
    let mut logged = setup.clone();
    // By the URL, so that it ends with the server's sessions, however this run ends.
    logged
        .database
        .push(if setup.database.contains('?') { '&' } else { '?' });
    logged.database.push_str("options=-c%20log_statement%3Dall");
    let server = Server::start(&logged, Purpose::Measure).await?;
    let lot = flow.lot(stage, server.address).await?;
    // The length of a long list is asked only now and then: it is known already.
    for one in lot.in_pages_of_one().singly(REQUESTS) {
        driver::answers(server.address, one, 1).await?;
    }
    for one in lot.singly(REQUESTS) {
        mark(&mut stage.store, flow.name())?;
        driver::answers(server.address, one, 1).await?;
    }
    Ok(())
}

/// Whoever only writes to the log may do so whatever is logged.
fn mark(store: &mut Store, name: &str) -> anyhow::Result<()> {
    store.execute(&format!("DO $$ BEGIN RAISE LOG '{MARK}{name}'; END $$"))?;
    Ok(())
}

fn log_size(store: &mut Store) -> anyhow::Result<i64> {
    let statement = "SELECT (pg_stat_file(pg_current_logfile('csvlog'))).size AS number";
    store
        .number(statement)
        .context("PostgreSQL keeps no log as CSV: run it by with-postgres --durable")
}

/// From a place on, up to the last mark: a process of its own writes it.
fn read_log(store: &mut Store, from: i64) -> anyhow::Result<String> {
    let Store::Postgres(connection, _) = store else {
        bail!("a log of PostgreSQL")
    };
    let begun = Instant::now();
    loop {
        let statement = format!("SELECT pg_read_file(pg_current_logfile('csvlog'), {from}, 1000000000) AS piece");
        let read: Piece = diesel::sql_query(statement).get_result(connection)?;
        if read.piece.contains(&format!("{MARK}{END}")) {
            return Ok(read.piece);
        }
        if begun.elapsed() > PATIENCE {
            bail!("the log of PostgreSQL stays behind");
        }
    }
}

/// What was logged after each mark, up to the next.
fn by_mark(log: &str) -> anyhow::Result<Vec<(String, Vec<Logged>)>> {
    let mut marked: Vec<(String, Vec<Logged>)> = Vec::new();
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(log.as_bytes());
    for line in lines.records() {
        let line = line?;
        let (message, detail) = (line.get(13).unwrap_or_default(), line.get(14).unwrap_or_default());
        if let Some(name) = message.strip_prefix(MARK) {
            marked.push((name.to_owned(), Vec::new()));
        } else if let (Some((_, logged)), Some(statement)) = (marked.last_mut(), logged(message, detail)) {
            logged.push(statement);
        }
    }
    Ok(marked)
}

/// A statement that looks at tables; `None` for others, and for what is no statement.
fn logged(message: &str, detail: &str) -> Option<Logged> {
    let text = match message.strip_prefix("statement: ") {
        Some(text) => text,
        None => message.strip_prefix("execute ")?.split_once(": ")?.1,
    };
    let is_query = ["SELECT", "WITH"].iter().any(|word| text.starts_with(word));
    (is_query && text.contains(" FROM ")).then(|| Logged {
        text: text.trim().to_owned(),
        values: values(detail),
    })
}

/// `parameters: $1 = 'a', $2 = NULL`, quotes doubled.
fn values(detail: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = detail;
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(quoted) = after.strip_prefix('\'') {
            let (mut value, mut left) = (String::new(), quoted);
            loop {
                let Some((piece, after)) = left.split_once('\'') else {
                    return values;
                };
                value.push_str(piece);
                match after.strip_prefix('\'') {
                    Some(more) => {
                        value.push('\'');
                        left = more;
                    }
                    None => {
                        rest = after;
                        break;
                    }
                }
            }
            values.push(Some(value));
        } else {
            values.push(None);
            rest = after;
        }
    }
    values
}

/// The statements of a request as a script; each is tried, as the log does not tell the types of values.
fn script(store: &mut Store, request: &[Logged]) -> anyhow::Result<String> {
    let mut script = String::new();
    for logged in request {
        let plain = filled(logged, false);
        let text = match store.execute(&format!("EXPLAIN {plain}")) {
            Ok(_) => plain,
            Err(_) => {
                let typed = filled(logged, true);
                store.execute(&format!("EXPLAIN {typed}"))?;
                typed
            }
        };
        script.push_str(&text);
        script.push_str(";\n");
    }
    Ok(script)
}

/// The statement with its values, which are given a type where that is wanted and they look like one.
fn filled(logged: &Logged, is_typed: bool) -> String {
    let mut filled = String::new();
    let mut pieces = logged.text.split('$');
    filled.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.chars().take_while(char::is_ascii_digit).count();
        let (number, rest) = piece.split_at_checked(digits).unwrap_or_default();
        let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match place.and_then(|place| logged.values.get(place)) {
            Some(value) => filled.push_str(&literal(value.as_deref(), is_typed)),
            None => {
                filled.push('$');
                filled.push_str(number);
            }
        }
        filled.push_str(rest);
    }
    filled
}

/// A literal without a colon, which pgbench would take for the start of a variable.
fn literal(value: Option<&str>, is_typed: bool) -> String {
    let Some(value) = value else { return "NULL".to_owned() };
    let is_number = |text: &str| text.parse::<i64>().is_ok();
    let quoted = value.replace('\\', r"\\").replace(':', r"\003A").replace('\'', "''");
    let literal = if quoted.contains('\\') {
        format!("U&'{quoted}'")
    } else {
        format!("'{quoted}'")
    };
    let elements = value.strip_prefix('{').and_then(|value| value.strip_suffix('}'));
    match elements {
        _ if !is_typed => literal,
        Some(elements) if elements.split(',').all(is_number) => format!("{literal}::bigint[]"),
        None if is_number(value) => format!("{literal}::bigint"),
        _ => literal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_read_from_the_log_with_its_values() {
        let log = "2026-11-23 05:00:00.000 UTC,\"savdo\",\"a\",1,\"b\",c,1,\"DO\",d,1/1,0,LOG,00000,\"savdo-bench mark page\",,\n\
            2026-11-23 05:00:00.000 UTC,\"savdo\",\"a\",2,\"b\",c,1,\"SELECT\",d,1/1,0,LOG,00000,\"statement: BEGIN\",,\n\
            2026-11-23 05:00:00.000 UTC,\"savdo\",\"a\",2,\"b\",c,1,\"SELECT\",d,1/1,0,LOG,00000,\
            \"execute s1: SELECT a FROM b WHERE c = $1 AND d = $2 AND e > $3\",\"parameters: $1 = '7', $2 = NULL, $3 = 'o''z, $4 = 1'\"\n";

        let marked = by_mark(log).expect("a log");

        let wanted = Logged {
            text: "SELECT a FROM b WHERE c = $1 AND d = $2 AND e > $3".to_owned(),
            values: vec![Some("7".to_owned()), None, Some("o'z, $4 = 1".to_owned())],
        };
        assert_eq!(marked, [("page".to_owned(), vec![wanted])]);
    }

    #[test]
    fn values_stand_in_the_statement_as_pgbench_can_read_it() {
        let logged = Logged {
            text: "SELECT $1, $12 FROM a WHERE b = ANY($2) AND c < $3".to_owned(),
            values: vec![
                Some("7".to_owned()),
                Some("{1,2}".to_owned()),
                Some("05:30\\'".to_owned()),
            ],
        };

        let plain = filled(&logged, false);
        let typed = filled(&logged, true);

        assert_eq!(
            plain,
            r"SELECT '7', $12 FROM a WHERE b = ANY('{1,2}') AND c < U&'05\003A30\\'''"
        );
        assert_eq!(
            typed,
            r"SELECT '7'::bigint, $12 FROM a WHERE b = ANY('{1,2}'::bigint[]) AND c < U&'05\003A30\\'''"
        );
    }
}
