//! Runs of tests on one PostgreSQL server: each process has databases of its own, and none outlives the processes for long.
//!
//! A run is a random number; a lock of that number says that its process lives. A process that ends cannot drop its template, so that the
//! next one does: it finds the lock free.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Mutex, OnceLock};

use diesel::connection::SimpleConnection;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types};

use super::admin;

/// What the names of all databases of tests begin with.
pub(super) const PREFIX: &str = "savdo_test_";

/// So many runs are cleared away at a time.
const CLEARED_MAX: usize = 10;

struct Run {
    number: u64,
    /// Holds the lock until the process ends.
    _alive: Mutex<PgConnection>,
}

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = sql_types::Text)]
    name: String,
}

#[derive(QueryableByName)]
struct LockRow {
    #[diesel(sql_type = sql_types::Bool)]
    is_taken: bool,
}

/// The run that this process is.
pub(super) fn of_this_process() -> u64 {
    static RUN: OnceLock<Run> = OnceLock::new();
    let run = RUN.get_or_init(|| {
        let number = RandomState::new().build_hasher().finish();
        let mut alive = admin();
        assert!(try_lock(&mut alive, number), "two runs have one number");
        clear();
        Run {
            number,
            _alive: Mutex::new(alive),
        }
    });
    run.number
}

/// Drops what runs left behind whose process is over.
fn clear() {
    let mut admin = admin();
    let names = names(&mut admin);
    let runs: BTreeSet<u64> = names.iter().filter_map(|name| run_of(name)).collect();
    // A lock is let go with the connection.
    let over: Vec<u64> = runs
        .into_iter()
        .filter(|run| try_lock(&mut admin, *run))
        .take(CLEARED_MAX)
        .collect();
    for name in names
        .iter()
        .filter(|name| run_of(name).is_some_and(|run| over.contains(&run)))
    {
        // One that somebody looks at stays until the next time.
        let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}"));
    }
}

fn names(admin: &mut PgConnection) -> Vec<String> {
    let sql =
        format!("SELECT datname::text AS name FROM pg_database WHERE starts_with(datname, '{PREFIX}') ORDER BY 1");
    let rows: Vec<NameRow> = sql_query(sql).load(admin).unwrap_or_else(|error| panic!("{error}"));
    rows.into_iter().map(|row| row.name).collect()
}

/// The run that a database of this name belongs to.
fn run_of(name: &str) -> Option<u64> {
    let (run, number) = name.strip_prefix(PREFIX)?.split_once('_')?;
    let is_ours = run.len() == 16 && number.bytes().all(|byte| byte.is_ascii_digit());
    u64::from_str_radix(run, 16).ok().filter(|_| is_ours)
}

fn try_lock(connection: &mut PgConnection, run: u64) -> bool {
    let sql = format!("SELECT pg_try_advisory_lock({}) AS is_taken", run.cast_signed());
    let row: LockRow = sql_query(sql)
        .get_result(connection)
        .unwrap_or_else(|error| panic!("{error}"));
    row.is_taken
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::{PREFIX, admin, clear, names, of_this_process, run_of, try_lock};

    #[test]
    fn databases_of_runs_that_are_over_are_dropped_and_no_others() {
        let (dead, living) = (of_this_process() ^ 1, of_this_process() ^ 2);
        let [of_dead, of_living, own] =
            [dead, living, of_this_process()].map(|run| format!("{PREFIX}{run:016x}_99999"));
        let mut alive = admin();
        assert!(try_lock(&mut alive, living));
        for name in [&of_dead, &of_living, &own] {
            admin().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        }

        // Others may clear at the same time.
        let mut left = names(&mut admin());
        while left.contains(&of_dead) {
            clear();
            left = names(&mut admin());
        }

        assert!(left.contains(&of_living) && left.contains(&own));
        for name in [&of_living, &own] {
            admin().batch_execute(&format!("DROP DATABASE {name}")).unwrap();
        }
        drop(alive);
    }

    #[test]
    fn names_of_others_are_no_runs() {
        assert_eq!(run_of(&format!("{PREFIX}00000000000000ff_3")), Some(255));
        for name in [
            "postgres",
            "savdo_test_123_0",
            "savdo_test_00000000000000ff_x",
            "savdo_test_00000000000000fg_0",
        ] {
            assert_eq!(run_of(name), None, "{name}");
        }
    }
}
