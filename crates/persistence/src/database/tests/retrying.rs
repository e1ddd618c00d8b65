//! PostgreSQL: what is run again, and what is busy.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::time::Duration;

use diesel::{RunQueryDsl, sql_query};

use super::{IdRow, Tx, committed, execute, execute_write, make_notes, note, notes};
use crate::connection::on_each;
use crate::error::{BusyCause, Error};
use crate::testing::{Backend, TestDatabase};

const SHORT: Duration = Duration::from_millis(50);

#[test]
fn two_transactions_in_a_dead_lock_both_succeed() {
    let database = TestDatabase::new(Backend::Postgres);
    make_notes(&database);
    execute_write(&database, "INSERT INTO notes (id, text) VALUES (1, ''), (2, '')");
    let both_hold_one = Arc::new(Barrier::new(2));
    let runs = Arc::new(AtomicU32::new(0));

    std::thread::scope(|scope| {
        for (first, second) in [(1, 2), (2, 1)] {
            let (database, barrier, runs) = (&database, Arc::clone(&both_hold_one), Arc::clone(&runs));
            let is_first_run = AtomicU32::new(0);
            scope.spawn(move || {
                database
                    .write("crossing", move |tx| {
                        runs.fetch_add(1, Ordering::SeqCst);
                        execute(tx, "SET LOCAL deadlock_timeout = '20ms'")?;
                        execute(tx, &format!("UPDATE notes SET text = text || 'x' WHERE id = {first}"))?;
                        if is_first_run.fetch_add(1, Ordering::SeqCst) == 0 {
                            barrier.wait();
                        }
                        execute(tx, &format!("UPDATE notes SET text = text || 'x' WHERE id = {second}"))
                    })
                    .unwrap();
            });
        }
    });

    assert!(runs.load(Ordering::SeqCst) >= 3);
    assert!(database.probe().retries() >= 1);
    let twice: Result<(), Error> = database.write("check", |tx| {
        execute(
            tx,
            "SELECT 1 / (CASE WHEN (SELECT count(*) FROM notes WHERE text = 'xx') = 2 THEN 1 ELSE 0 END)",
        )
    });
    assert_eq!(twice, Ok(()));
}

#[test]
fn a_serialization_failure_is_run_again_five_times_and_then_told() {
    let database = TestDatabase::new(Backend::Postgres);
    make_notes(&database);
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);

    let outcome: Result<(), Error> = database.write("unlucky", move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        note(tx, 1)?;
        execute(
            tx,
            "DO $$ BEGIN RAISE EXCEPTION 'unlucky' USING ERRCODE = 'serialization_failure'; END $$",
        )
    });

    assert_eq!(outcome, Err(Error::Busy(BusyCause::Contention)));
    assert_eq!(runs.load(Ordering::SeqCst), 6);
    assert_eq!(committed(&database), []);
}

#[test]
fn a_lock_that_is_not_free_in_time_is_busy() {
    let database = TestDatabase::with(Backend::Postgres, |settings| settings.lock_timeout = SHORT);
    make_notes(&database);
    execute_write(&database, "INSERT INTO notes (id, text) VALUES (1, '')");
    let (held, is_held) = mpsc::channel();
    let (let_go, may_go) = mpsc::channel();

    let outcome: Result<(), Error> = std::thread::scope(|scope| {
        let holder = database.handle();
        scope.spawn(move || {
            holder.write("holder", move |tx| {
                execute(tx, "UPDATE notes SET text = 'held' WHERE id = 1")?;
                held.send(()).unwrap();
                may_go.recv().unwrap();
                Ok::<_, Error>(())
            })
        });
        is_held.recv().unwrap();
        let outcome = database.write("waiter", |tx| {
            execute(tx, "UPDATE notes SET text = 'mine' WHERE id = 1")
        });
        let_go.send(()).unwrap();
        outcome
    });

    assert_eq!(outcome, Err(Error::Busy(BusyCause::LockTimeout)));
}

#[test]
fn a_statement_that_runs_too_long_is_busy() {
    let database = TestDatabase::with(Backend::Postgres, |settings| settings.statement_timeout = SHORT);

    let outcome = database.write("slow", |tx| execute(tx, "SELECT pg_sleep(30)"));

    assert_eq!(outcome, Err(Error::Busy(BusyCause::StatementTimeout)));
    assert_eq!(database.write("quick", |tx| execute(tx, "SELECT 1")), Ok(()));
}

#[test]
fn no_free_connection_in_time_is_busy() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let database = TestDatabase::with(backend, |settings| {
            settings.pool_size = 1;
            settings.checkout_timeout = SHORT;
        });

        let outcome = database.read("outer", |_| database.read("inner", |_| Ok::<_, Error>(())));

        assert_eq!(outcome, Err(Error::Busy(BusyCause::NoConnection)), "{backend:?}");
    }
}

#[test]
fn a_transaction_sees_what_others_committed_since_it_began() {
    let database = TestDatabase::new(Backend::Postgres);
    make_notes(&database);
    execute_write(
        &database,
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = %L', current_database(), 'serializable'); END $$",
    );
    let database = crate::Database::open(database.settings().clone()).unwrap();
    let other = database.clone();

    let seen: Result<_, Error> = database.write("reader", move |tx| {
        let before = notes(tx)?;
        other.write("other", |tx| note(tx, 1))?;
        Ok((before, notes(tx)?))
    });

    assert_eq!(seen, Ok((vec![], vec![1])));
}

#[test]
fn what_a_panicking_transaction_locked_is_free_when_its_caller_hears_of_it() {
    let database = TestDatabase::new(Backend::Postgres);
    let take = |tx: &mut Tx<'_>| -> Result<Vec<i64>, Error> {
        let rows: Vec<IdRow> = tx.statement("take", |on| {
            on_each!(on, |c| {
                sql_query("SELECT CAST(CAST(pg_try_advisory_xact_lock(7) AS INTEGER) AS BIGINT) AS id").load(c)
            })
        })?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    };

    for round in 0..50 {
        let caught = catch_unwind(AssertUnwindSafe(|| {
            database.write("panicking", move |tx| -> Result<(), Error> {
                take(tx)?;
                panic!("a bug of ours")
            })
        }));

        assert!(caught.is_err());
        assert_eq!(database.write("after", take), Ok(vec![1]), "round {round}");
    }
}
