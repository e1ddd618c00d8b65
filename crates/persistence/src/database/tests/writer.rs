//! SQLite's one writer: its queue and its groups.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use super::{Ticket, Writer};
use crate::database::tests::{committed, execute, execute_write, make_notes, note, notes};
use crate::error::{BusyCause, Error};
use crate::testing::{Backend, TestDatabase};

const SHORT: Duration = Duration::from_millis(50);

fn writer(database: &TestDatabase) -> &Writer {
    database.shared.writer.as_ref().unwrap()
}

/// Keeps the writer at work until the answer is sent: all that is queued meanwhile makes one group.
fn occupy(database: &TestDatabase) -> (Sender<()>, Ticket<(), Error>) {
    let (begun, has_begun) = channel();
    let (let_go, may_go) = channel();
    let may_go = std::sync::Mutex::new(may_go);
    let ticket = writer(database)
        .enqueue("occupier", move |_| {
            begun.send(()).unwrap();
            let _ = may_go.lock().unwrap().recv();
            Ok(())
        })
        .unwrap();
    has_begun.recv().unwrap();
    (let_go, ticket)
}

fn queue_note(database: &TestDatabase, id: i64) -> Ticket<(), Error> {
    writer(database).enqueue("note", move |tx| note(tx, id)).unwrap()
}

#[test]
fn those_who_wait_are_committed_together_in_the_order_they_came() {
    let database = TestDatabase::new(Backend::Sqlite);
    make_notes(&database);
    let (let_go, occupier) = occupy(&database);

    let before: Vec<_> = [3, 1, 2].map(|id| queue_note(&database, id)).into();
    let reader = database.handle();
    let witness = writer(&database)
        .enqueue("witness", move |tx| Ok::<_, Error>((notes(tx)?, committed(&reader))))
        .unwrap();
    let after = queue_note(&database, 4);
    let_go.send(()).unwrap();

    for ticket in [occupier, after].into_iter().chain(before) {
        assert_eq!(ticket.wait(), Ok(()));
    }
    let (inside, outside) = witness.wait().unwrap();
    assert_eq!((inside, outside), (vec![3, 1, 2], vec![]));
    assert_eq!(committed(&database), [3, 1, 2, 4]);
}

#[test]
fn a_group_has_at_most_32_transactions() {
    let database = TestDatabase::new(Backend::Sqlite);
    make_notes(&database);
    let (let_go, occupier) = occupy(&database);

    let tickets: Vec<_> = (1..=32).map(|id| queue_note(&database, id)).collect();
    let reader = database.handle();
    let witness = writer(&database)
        .enqueue("witness", move |_| Ok::<_, Error>(committed(&reader)))
        .unwrap();
    let_go.send(()).unwrap();

    assert_eq!(occupier.wait(), Ok(()));
    for ticket in tickets {
        assert_eq!(ticket.wait(), Ok(()));
    }
    assert_eq!(witness.wait(), Ok((1..=32).collect()));
}

#[test]
fn a_refusal_and_a_panic_take_nobody_with_them() {
    let database = TestDatabase::new(Backend::Sqlite);
    make_notes(&database);
    let (let_go, occupier) = occupy(&database);

    let first = queue_note(&database, 1);
    let refused: Ticket<(), Error> = writer(&database)
        .enqueue("refused", |tx| {
            note(tx, 2)?;
            Err(Error::StorageFull)
        })
        .unwrap();
    let panicking: Ticket<(), Error> = writer(&database)
        .enqueue("panicking", |tx| {
            note(tx, 3)?;
            panic!("a bug of ours")
        })
        .unwrap();
    let spoilt: Ticket<(), Error> = writer(&database)
        .enqueue("spoilt", |tx| {
            note(tx, 4)?;
            let _ = note(tx, 4);
            Ok(())
        })
        .unwrap();
    let last = queue_note(&database, 5);
    let_go.send(()).unwrap();

    assert_eq!([occupier.wait(), first.wait(), last.wait()], [const { Ok(()) }; 3]);
    assert_eq!(refused.wait(), Err(Error::StorageFull));
    let caught = catch_unwind(AssertUnwindSafe(|| panicking.wait()));
    assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"a bug of ours"));
    assert!(matches!(spoilt.wait(), Err(Error::Statement { .. })));
    assert_eq!(committed(&database), [1, 5]);
}

#[test]
fn when_the_commit_of_a_group_fails_only_the_one_at_fault_fails() {
    let database = TestDatabase::new(Backend::Sqlite);
    make_notes(&database);
    execute_write(
        &database,
        "CREATE TABLE answers (note_id BIGINT NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)",
    );
    let (let_go, occupier) = occupy(&database);

    let first = queue_note(&database, 1);
    let dangling = writer(&database)
        .enqueue("dangling", |tx| {
            execute(tx, "INSERT INTO answers (note_id) VALUES (99)")
        })
        .unwrap();
    let last = queue_note(&database, 2);
    let_go.send(()).unwrap();

    assert_eq!([occupier.wait(), first.wait(), last.wait()], [const { Ok(()) }; 3]);
    let expected = Error::Statement {
        statement: "COMMIT",
        message: "FOREIGN KEY constraint failed".to_owned(),
    };
    assert_eq!(dangling.wait(), Err(expected));
    assert_eq!(committed(&database), [1, 2]);
}

#[test]
fn when_sqlite_rolls_back_the_whole_group_each_keeps_its_own_answer() {
    let database = TestDatabase::new(Backend::Sqlite);
    make_notes(&database);
    execute_write(
        &database,
        "CREATE TRIGGER notes_no_13 BEFORE INSERT ON notes WHEN NEW.id = 13 BEGIN SELECT RAISE(ROLLBACK, 'not 13'); END",
    );
    let (let_go, occupier) = occupy(&database);

    let tickets = [1, 13, 2].map(|id| queue_note(&database, id));
    let_go.send(()).unwrap();

    assert_eq!(occupier.wait(), Ok(()));
    let outcomes = tickets.map(Ticket::wait);
    let expected = Error::Statement {
        statement: "execute",
        message: "not 13".to_owned(),
    };
    assert_eq!(outcomes, [Ok(()), Err(expected), Ok(())]);
    assert_eq!(committed(&database), [1, 2]);
}

#[test]
fn a_full_queue_is_busy() {
    let database = TestDatabase::with(Backend::Sqlite, |settings| settings.writer_queue = 2);
    make_notes(&database);
    let (let_go, occupier) = occupy(&database);

    let waiting = [1, 2].map(|id| queue_note(&database, id));
    let outcome = database.write("one_too_many", |tx| note(tx, 3));
    let_go.send(()).unwrap();

    assert_eq!(outcome, Err(Error::Busy(BusyCause::QueueFull)));
    assert_eq!(occupier.wait(), Ok(()));
    assert_eq!(waiting.map(Ticket::wait), [Ok(()), Ok(())]);
    assert_eq!(committed(&database), [1, 2]);
}

#[test]
fn who_waited_too_long_is_told_busy_and_his_work_is_never_done() {
    let database = TestDatabase::with(Backend::Sqlite, |settings| settings.checkout_timeout = SHORT);
    make_notes(&database);
    let (let_go, occupier) = occupy(&database);

    let outcome = database.write("impatient", |tx| note(tx, 1));
    let_go.send(()).unwrap();

    assert_eq!(outcome, Err(Error::Busy(BusyCause::QueueFull)));
    assert_eq!(occupier.wait(), Ok(()));
    assert_eq!(database.write("next", |tx| note(tx, 2)), Ok(()));
    assert_eq!(committed(&database), [2]);
}

#[test]
fn another_process_that_holds_the_file_is_busy() {
    let database = TestDatabase::with(Backend::Sqlite, |settings| settings.lock_timeout = SHORT);
    make_notes(&database);
    let other = crate::Database::open(database.settings().clone()).unwrap();

    let outcome: Result<_, Error> = other.write("holder", move |tx| {
        note(tx, 1)?;
        Ok(())
    });
    let while_held = {
        let inner = database.handle();
        other.write("holder", move |tx| {
            note(tx, 2)?;
            Ok::<_, Error>(inner.write("shut_out", |tx| note(tx, 3)))
        })
    };

    assert_eq!(outcome, Ok(()));
    assert_eq!(while_held, Ok(Err(Error::Busy(BusyCause::LockTimeout))));
    assert_eq!(committed(&database), [1, 2]);
}

#[test]
fn a_closed_database_is_one_file() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("savdo.db");
    let settings = crate::DatabaseSettings {
        pool_size: 1,
        ..crate::DatabaseSettings::new(crate::DatabaseUrl::Sqlite(path))
    };

    let database = crate::Database::open(settings).unwrap();
    make_notes(&database);
    assert_eq!(committed(&database), []);
    drop(database);

    let files: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(files, ["savdo.db"]);
}
