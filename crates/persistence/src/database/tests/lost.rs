//! PostgreSQL: connections that are cut, as by a restart of the server.

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection};

use super::{committed, execute, make_notes, note};
use crate::DatabaseUrl;
use crate::database::Database;
use crate::error::{BusyCause, Error};
use crate::testing::{Backend, TestDatabase};

/// Cuts every connection to this database but its own.
fn cut_all(database: &Database) {
    let DatabaseUrl::Postgres(url) = &database.settings().url else {
        panic!("only PostgreSQL has connections to cut");
    };
    PgConnection::establish(url)
        .unwrap()
        .batch_execute(
            "DO $$ BEGIN LOOP \
             PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid(); \
             EXIT WHEN NOT FOUND; PERFORM pg_sleep(0.01), pg_stat_clear_snapshot(); END LOOP; END $$",
        )
        .unwrap();
}

#[test]
fn after_all_connections_were_cut_one_request_fails() {
    let database = TestDatabase::with(Backend::Postgres, |settings| settings.pool_size = 3);
    make_notes(&database);
    // Opens all three.
    let nested: Result<(), Error> =
        database.read("one", |_| database.read("two", |_| database.read("three", |_| Ok(()))));
    nested.unwrap();

    cut_all(&database);
    let outcomes: Vec<Result<(), Error>> = (1..=6)
        .map(|id| database.write("after", move |tx| note(tx, id)))
        .collect();

    assert_eq!(outcomes[0], Err(Error::Busy(BusyCause::ConnectionLost)));
    assert_eq!(outcomes[1..], [const { Ok(()) }; 5]);
    assert_eq!(committed(&database), [2, 3, 4, 5, 6]);
}

#[test]
fn a_connection_cut_before_the_commit_writes_nothing() {
    let database = TestDatabase::new(Backend::Postgres);
    make_notes(&database);
    let cutter = database.handle();

    let outcome = database.write("cut", move |tx| {
        note(tx, 1)?;
        cut_all(&cutter);
        note(tx, 2)
    });

    assert_eq!(outcome, Err(Error::Busy(BusyCause::ConnectionLost)));
    assert_eq!(committed(&database), []);
}

#[test]
fn a_connection_cut_at_the_commit_is_told_as_unknown_and_not_run_again() {
    let database = TestDatabase::new(Backend::Postgres);
    make_notes(&database);
    let cutter = database.handle();

    let outcome = database.write("cut", move |tx| {
        execute(tx, "SELECT 1")?;
        note(tx, 1)?;
        cut_all(&cutter);
        Ok::<_, Error>(())
    });

    assert_eq!(outcome, Err(Error::Busy(BusyCause::CommitUnknown)));
    assert_eq!(committed(&database), []);
}
