//! What holds on both databases.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::prelude::*;

use super::{committed, execute, make_notes, note, notes};
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::on_both;

diesel::table! {
    notes (id) {
        id -> BigInt,
        text -> Text,
    }
}

/// A row with a column that may be left to its default: Diesel inserts several of these one by one on SQLite.
#[derive(Insertable)]
#[diesel(table_name = notes)]
struct NewNoteRow {
    id: Option<i64>,
    text: &'static str,
}

on_both! {
    fn a_refused_closure_leaves_nothing(database: TestDatabase) {
        make_notes(&database);

        let outcome: Result<(), Error> = database.write("refused", |tx| {
            note(tx, 1)?;
            Err(Error::StorageFull)
        });

        assert_eq!(outcome, Err(Error::StorageFull));
        assert_eq!(committed(&database), []);
    }

    fn what_a_transaction_counts_counts_if_it_goes_through(database: TestDatabase) {
        make_notes(&database);
        let count = |id: i64, outcome: Result<(), Error>| {
            database.write("counting", move |tx| {
                tx.count("notes", ["written", "early"]);
                note(tx, id)?;
                tx.count("notes", ["written", "late"]);
                outcome.clone()
            })
        };

        for outcome in [count(1, Ok(())), count(2, Ok(()))] {
            assert_eq!(outcome, Ok(()));
        }
        for outcome in [count(1, Ok(())), count(3, Err(Error::StorageFull))] {
            assert!(outcome.is_err());
        }

        let probe = database.probe();
        assert_eq!(probe.counted("notes"), [(["written", "early"], 2), (["written", "late"], 2)].into());
        assert_eq!(probe.counted("others"), [].into());
    }

    fn a_failed_statement_spoils_the_transaction_even_when_the_closure_answers_ok(database: TestDatabase) {
        make_notes(&database);

        let outcome: Result<(), Error> = database.write("stubborn", |tx| {
            note(tx, 1)?;
            let _ = execute(tx, "INSERT INTO nowhere VALUES (1)");
            Ok(())
        });

        assert!(matches!(outcome, Err(Error::Statement { statement: "execute", .. })), "{outcome:?}");
        assert_eq!(committed(&database), []);
    }

    fn a_statement_made_to_fail_leaves_nothing_wherever_it_is(database: TestDatabase) {
        make_notes(&database);
        let mut failures = 0;

        loop {
            database.probe().fail_at(failures + 1);
            let outcome: Result<(), Error> = database.write("two_notes", |tx| {
                note(tx, 1)?;
                note(tx, 2)
            });
            if database.probe().disarm() {
                assert_eq!(outcome, Ok(()));
                break;
            }
            assert!(outcome.is_err());
            assert_eq!(committed(&database), []);
            failures += 1;
        }

        assert_eq!(committed(&database), [1, 2]);
        assert!(failures >= 2);
    }

    fn a_panic_is_thrown_again_in_the_caller_and_leaves_nothing(database: TestDatabase) {
        make_notes(&database);

        let caught = catch_unwind(AssertUnwindSafe(|| {
            database.write("panicking", |tx| -> Result<(), Error> {
                note(tx, 1)?;
                panic!("a bug of ours")
            })
        }));

        assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"a bug of ours"));
        assert_eq!(committed(&database), []);
        database.write("after", |tx| note(tx, 2)).unwrap();
        assert_eq!(committed(&database), [2]);
    }

    fn a_panicking_read_harms_nobody(database: TestDatabase) {
        make_notes(&database);

        let caught = catch_unwind(AssertUnwindSafe(|| {
            database.read_consistent("panicking", |reader| -> Result<(), Error> {
                notes(reader)?;
                panic!("a bug of ours")
            })
        }));

        assert!(caught.is_err());
        database.write("after", |tx| note(tx, 1)).unwrap();
        assert_eq!(database.read_consistent("again", notes), Ok(vec![1]));
    }

    fn several_rows_are_inserted_at_once(database: TestDatabase) {
        make_notes(&database);

        database
            .write("batch", |tx| {
                tx.statement("insert_notes", |on| {
                    let rows: Vec<_> = [(1, "one"), (2, "two"), (3, "three")]
                        .map(|(id, text)| (notes::id.eq(id), notes::text.eq(text)))
                        .into();
                    on_each!(on, |c| diesel::insert_into(notes::table).values(rows).execute(c))
                })
            })
            .unwrap();

        assert_eq!(committed(&database), [1, 2, 3]);
    }

    fn several_rows_with_defaults_are_inserted_inside_the_transaction(database: TestDatabase) {
        make_notes(&database);

        let outcomes = [Ok(()), Err(Error::StorageFull)].map(|outcome| {
            database.write("batch", move |tx| {
                tx.statement("insert_notes", |on| {
                    let rows: Vec<_> = [(1, "one"), (2, "two")]
                        .map(|(id, text)| NewNoteRow { id: Some(id), text })
                        .into();
                    on_each!(on, |c| {
                        diesel::delete(notes::table).execute(c)?;
                        diesel::insert_into(notes::table).values(rows).execute(c)
                    })
                })?;
                outcome.clone()
            })
        });

        assert_eq!(outcomes, [Ok(()), Err(Error::StorageFull)]);
        assert_eq!(committed(&database), [1, 2]);
    }

    fn a_consistent_read_sees_one_moment(database: TestDatabase) {
        make_notes(&database);
        database.write("first", |tx| note(tx, 1)).unwrap();

        let seen: Result<_, Error> = database.read_consistent("twice", |reader| {
            let before = notes(reader)?;
            database.write("second", |tx| note(tx, 2))?;
            Ok((before, notes(reader)?))
        });

        assert_eq!(seen, Ok((vec![1], vec![1])));
        assert_eq!(committed(&database), [1, 2]);
    }

    fn a_plain_read_sees_what_was_committed_meanwhile(database: TestDatabase) {
        make_notes(&database);

        let seen: Result<_, Error> = database.read("twice", |reader| {
            let before = notes(reader)?;
            database.write("between", |tx| note(tx, 1))?;
            Ok((before, notes(reader)?))
        });

        assert_eq!(seen, Ok((vec![], vec![1])));
    }

    fn a_consistent_read_cannot_write(database: TestDatabase) {
        make_notes(&database);

        let outcome = database.read_consistent("sly", |reader: &mut Reader<'_>| {
            reader.statement("sly_insert", |on| {
                on_each!(on, |c| diesel::insert_into(notes::table)
                    .values((notes::id.eq(1), notes::text.eq("sly")))
                    .execute(c))
            })
        });

        assert!(matches!(outcome, Err(Error::Statement { statement: "sly_insert", .. })), "{outcome:?}");
        assert_eq!(committed(&database), []);
    }

    fn all_who_write_at_once_are_served(database: TestDatabase) {
        make_notes(&database);

        std::thread::scope(|scope| {
            for id in 0..24 {
                let database = &database;
                scope.spawn(move || database.write("one_of_many", move |tx| note(tx, id)).unwrap());
            }
        });

        let mut ids = committed(&database);
        ids.sort_unstable();
        assert_eq!(ids, (0..24).collect::<Vec<_>>());
    }
}
