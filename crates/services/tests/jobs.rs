//! The worker: messages of the outbox and scheduled jobs, each done by one of many.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use savdo_domain::account::Language;
use savdo_domain::dispatch::Outcome;
use savdo_persistence::jobs::JobTurn;
use savdo_persistence::{Error as StorageError, jobs, on_both};
use savdo_services::accounts::{self, ChangeProfile, ResetPassword};
use savdo_services::testing::{Mailbox, Shop, World, at_once, origin, refusal};

/// A shop whose owner can be written to.
fn reachable(world: &World, email: &str) -> Shop {
    let shop = world.shop();
    let command = ChangeProfile {
        email: Some(email.to_owned()),
        ..ChangeProfile::default()
    };
    accounts::change_profile(&world.context, &shop.owner, command).unwrap();
    shop
}

fn ask(world: &World, email: &str) {
    accounts::request_reset(&world.context, &origin(), Language::Uzbek, email).unwrap();
}

fn retry() -> Outcome {
    let why = "451: refused for now".to_owned();
    Outcome::Retry { why, after: None }
}

fn never() -> bool {
    false
}

fn dispatches(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT sink || ' ' || status || ' ' || attempts || ' ' || last_error AS line FROM outbox_dispatches ORDER BY id",
    )
}

fn secrets(world: &World) -> usize {
    world.database.lines("SELECT sealed AS line FROM outbox_secrets").len()
}

on_both! {
    fn a_message_is_sent_once_and_its_secret_forgotten(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let mailbox = Mailbox::default();
        ask(&world, "ali@savdo.uz");
        assert_eq!((dispatches(&world), secrets(&world)), (vec!["email waiting 0 ".to_owned()], 1));

        let runner = world.runner(&mailbox);
        let tried = [runner.send_due(never).unwrap(), runner.send_due(never).unwrap()];

        assert_eq!(tried, [1, 0]);
        assert_eq!(mailbox.tried().len(), 1);
        assert_eq!((dispatches(&world), secrets(&world)), (vec!["email sent 1 ".to_owned()], 0));
    }

    fn a_gateway_that_fails_is_tried_ever_more_rarely_and_then_given_up(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let mailbox = Mailbox::default();
        mailbox.will_answer((0..9).map(|_| retry()));
        let runner = world.runner(&mailbox);
        ask(&world, "ali@savdo.uz");

        let mut told = Vec::new();
        for minutes in [0, 1, 2, 7, 40, 150, 600] {
            world.clock.advance(TimeDelta::minutes(minutes));
            runner.send_due(never).unwrap();
            told.extend(dispatches(&world));
        }

        assert_eq!(told, [
            "email waiting 1 451: refused for now",
            "email waiting 2 451: refused for now",
            "email waiting 3 451: refused for now",
            "email waiting 4 451: refused for now",
            "email waiting 5 451: refused for now",
            "email dead 6 451: refused for now",
            "email dead 6 451: refused for now",
        ]);
        let letters = mailbox.tried();
        assert_eq!(letters.len(), 6);
        assert!(letters.iter().all(|letter| letter.text == letters[0].text), "the link stays the same");
        assert!(letters.iter().all(|letter| letter.message_number == letters[0].message_number));
        assert_eq!(secrets(&world), 1, "it may be sent again by hand");
    }

    fn each_message_goes_its_own_way(database: TestDatabase) {
        let world = World::on(database);
        let mailbox = Mailbox::default();
        for number in 0..4 {
            reachable(&world, &format!("a{number}@savdo.uz"));
            ask(&world, &format!("a{number}@savdo.uz"));
        }
        let why = || "why".to_owned();
        mailbox.will_answer([
            Outcome::Permanent { why: why() },
            Outcome::Unknown { why: why() },
            Outcome::Pointless { why: why() },
        ]);

        world.runner(&mailbox).send_due(never).unwrap();

        assert_eq!(dispatches(&world), ["email failed 1 why", "email waiting 1 why", "email dismissed 1 why", "email sent 1 "]);
        assert_eq!(secrets(&world), 1);
    }

    fn many_workers_send_each_message_once(database: TestDatabase) {
        let world = World::on(database);
        let mailbox = Mailbox::default();
        for number in 0..12 {
            reachable(&world, &format!("a{number}@savdo.uz"));
            ask(&world, &format!("a{number}@savdo.uz"));
        }
        let runners: Vec<_> = (0..4).map(|_| world.runner(&mailbox)).collect();

        let tried = at_once(4, |number| runners[number].send_due(never).unwrap());

        assert_eq!(tried.iter().sum::<usize>(), 12);
        let mut to: Vec<_> = mailbox.tried().iter().map(|mail| mail.to.to_string()).collect();
        to.sort();
        to.dedup();
        assert_eq!(to.len(), 12);
        assert!(dispatches(&world).iter().all(|line| line == "email sent 1 "));
    }

    fn what_a_dead_worker_held_is_taken_over_when_its_lease_ends(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let mailbox = Mailbox::default();
        ask(&world, "ali@savdo.uz");
        world.database.execute(
            "UPDATE outbox_dispatches SET status = 'leased', attempts = 1, leased_by = 'dead', \
             leased_until = '2026-03-12 05:01:00', due_at = '2026-03-12 05:01:00'",
        );
        let runner = world.runner(&mailbox);

        let early = runner.send_due(never).unwrap();
        world.clock.advance(TimeDelta::minutes(1));
        let late = runner.send_due(never).unwrap();

        assert_eq!((early, late), (0, 1));
        assert_eq!(dispatches(&world), ["email sent 2 "]);
    }

    fn a_message_that_kills_every_worker_is_given_up(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let mailbox = Mailbox::default();
        ask(&world, "ali@savdo.uz");
        world.database.execute("UPDATE outbox_dispatches SET attempts = 6");

        world.runner(&mailbox).send_due(never).unwrap();

        assert_eq!(mailbox.tried().len(), 0);
        assert_eq!(dispatches(&world), ["email dead 7 given up in the middle of the last try"]);
    }

    fn five_failures_in_a_row_leave_a_gateway_alone(database: TestDatabase) {
        let world = World::on(database);
        let mailbox = Mailbox::default();
        for number in 0..7 {
            reachable(&world, &format!("a{number}@savdo.uz"));
            ask(&world, &format!("a{number}@savdo.uz"));
        }
        mailbox.will_answer((0..5).map(|_| retry()));
        let runner = world.runner(&mailbox);

        let tried = [0, 29, 1].map(|seconds| {
            world.clock.advance(TimeDelta::seconds(seconds));
            runner.send_due(never).unwrap()
        });

        // Then one that tries whether it is back, and all the others.
        assert_eq!((tried[0], tried[1], tried[2] >= 2), (5, 0, true));
        assert!(dispatches(&world).iter().all(|line| !line.contains("leased")));
    }

    fn a_worker_that_stops_gives_back_what_it_did_not_begin(database: TestDatabase) {
        let world = World::on(database);
        let mailbox = Mailbox::default();
        for number in 0..3 {
            reachable(&world, &format!("a{number}@savdo.uz"));
            ask(&world, &format!("a{number}@savdo.uz"));
        }
        let asked = AtomicUsize::new(0);

        // Asked before the lease and before each letter: told to stop after the first.
        let tried = world.runner(&mailbox).send_due(|| asked.fetch_add(1, Ordering::SeqCst) >= 2).unwrap();

        assert_eq!(tried, 1);
        assert_eq!(dispatches(&world), ["email sent 1 ", "email waiting 0 ", "email waiting 0 "]);
    }

    fn whichever_statement_finds_the_database_busy_each_letter_goes_out_once_and_at_its_first_try(database: TestDatabase) {
        let world = World::unlimited(database);
        let people = ["ali@savdo.uz", "olim@savdo.uz"];
        for email in people {
            reachable(&world, email);
        }
        let (mailbox, probe) = (Mailbox::default(), world.database.probe());
        let runner = world.runner(&mailbox);

        for nth in 1.. {
            for email in people {
                ask(&world, email);
            }
            probe.be_busy_at(nth);
            let outcome = runner.send_due(never);
            let is_over = probe.disarm();

            assert_eq!(outcome.is_ok(), is_over, "statement {nth}: {outcome:?}");
            // The clock stands still: nothing waits for the end of a lease.
            runner.send_due(never).unwrap();
            assert_eq!(mailbox.tried().len(), 2 * usize::try_from(nth).unwrap(), "statement {nth}");
            assert!(dispatches(&world).iter().all(|line| line == "email sent 1 "), "statement {nth}");
            if is_over {
                assert!(nth > 12, "only {nth} statements");
                break;
            }
        }
    }

    fn the_threads_of_a_worker_do_what_is_due_and_stop(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let mailbox = Mailbox::default();
        let running = world.runner(&mailbox).start(Duration::from_millis(5)).unwrap();
        ask(&world, "ali@savdo.uz");

        let begun = Instant::now();
        let is_sent = || !mailbox.tried().is_empty() && dispatches(&world) == ["email sent 1 "];
        while !is_sent() && begun.elapsed() < Duration::from_secs(60) {
            std::thread::yield_now();
        }
        let came = is_sent();
        running.stop();

        assert!(came);
        ask(&world, "ali@savdo.uz");
        assert_eq!(dispatches(&world).last().unwrap(), "email waiting 0 ");
        assert_eq!(mailbox.tried().len(), 1);
    }

    fn a_job_runs_once_a_period_however_many_servers_there_are(database: TestDatabase) {
        let world = World::on(database);
        let turn_at = |minutes| {
            let at = "2026-03-12T05:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() + TimeDelta::minutes(minutes);
            JobTurn { name: "test", period: TimeDelta::hours(1), at, locked_until: at + TimeDelta::minutes(5) }
        };
        let take = |turn: JobTurn| -> bool {
            let due = world.database.read("due", |reader| jobs::is_due(reader, &turn)).unwrap_or_else(|error: StorageError| panic!("{error}"));
            let taken = world.database.write("take", move |tx| jobs::take_turn(tx, &turn)).unwrap_or_else(|error: StorageError| panic!("{error}"));
            assert!(due || !taken, "what is not due is not taken");
            taken
        };
        let finish = |turn: JobTurn| {
            world.database.write("finish", move |tx| jobs::finish(tx, &turn)).unwrap_or_else(|error: StorageError| panic!("{error}"));
        };
        let first = at_once(8, |_| take_quietly(&world, turn_at(0)));
        assert_eq!(first.iter().filter(|taken| **taken).count(), 1);
        finish(turn_at(0));
        assert_eq!([take(turn_at(1)), take(turn_at(59)), take(turn_at(60))], [false, false, true]);
        // Not finished: its lease holds others off, not for ever.
        assert!(!take(turn_at(64)));
        let later = at_once(8, |_| take_quietly(&world, turn_at(120)));
        assert_eq!(later.iter().filter(|taken| **taken).count(), 1);
        // One that comes back late does not end the turn of another.
        finish(turn_at(60));
        assert_eq!(
            world.database.lines("SELECT count(locked_until) || '' AS line FROM job_runs"),
            ["1"]
        );
    }

    fn sessions_and_links_that_are_over_are_forgotten_however_many_there_are(database: TestDatabase) {
        let world = World::on(database);
        let owner = reachable(&world, "ali@savdo.uz").owner;
        world.database.execute("DELETE FROM sessions");
        let numbers = "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 2500)";
        let time = |text: &str| format!("CAST('{text}' AS {})", if world.database.is_postgres() { "TIMESTAMP" } else { "TEXT" });
        let (made, over) = (time("2026-02-01 05:00:00"), time("2026-02-08 05:00:00"));
        for sql in [
            format!("INSERT INTO sessions (user_id, token_version, refresh_hash, created_at, expires_at, ip, user_agent) {numbers} \
                     SELECT {}, 1, 'x', {made}, {over}, '', '' FROM numbers", owner.user_id),
            format!("INSERT INTO spent_tokens (session_id, token_hash, spent_at) SELECT id, 'y', {made} FROM sessions"),
            format!("INSERT INTO password_resets (user_id, token_hash, created_at, expires_at) {numbers} \
                     SELECT {}, CAST(number AS TEXT), {made}, {over} FROM numbers", owner.user_id),
        ] {
            world.database.execute(&sql);
        }
        let tokens = world.tokens_of(&owner);
        let mailbox = Mailbox::default();
        ask(&world, "ali@savdo.uz");
        world.runner(&mailbox).send_due(never).unwrap();

        world.runner(&mailbox).run_due_jobs().unwrap();

        let left = |table: &str| world.database.lines(&format!("SELECT 'x' AS line FROM {table}")).len();
        assert_eq!(["sessions", "spent_tokens", "password_resets"].map(left), [1, 0, 1]);
        assert!(accounts::refresh(&world.context, &tokens.refresh).is_ok());
        let (uid, token) = mailbox.last_link();
        let wish = ResetPassword { uid, token, password: "kech-kirguncha-8".to_owned(), password2: "kech-kirguncha-8".to_owned() };
        accounts::reset_password(&world.context, &origin(), &wish).unwrap();
    }

    fn what_was_spent_of_a_family_that_lives_is_told_as_long_as_it_is_believed(database: TestDatabase) {
        let world = World::on(database);
        let owner = world.shop().owner;
        world.database.execute("DELETE FROM sessions");
        let runner = world.runner(&Mailbox::default());
        let mut tokens = world.tokens_of(&owner);
        let mut spent = tokens.clone();

        // A family that is refreshed for months is one row, and its jobs leave it alone.
        for _ in 0..20 {
            world.clock.advance(TimeDelta::days(6));
            let next = accounts::refresh(&world.context, &tokens.refresh).unwrap();
            spent = std::mem::replace(&mut tokens, next);
            runner.run_due_jobs().unwrap();
        }
        world.clock.advance(TimeDelta::hours(20));
        runner.run_due_jobs().unwrap();

        assert_eq!(refusal(accounts::refresh(&world.context, &spent.refresh)).code(), Some("token_reused"));
        let mut left = Vec::new();
        for days in [0, 7, 7, 1] {
            world.clock.advance(TimeDelta::days(days));
            runner.run_due_jobs().unwrap();
            left.push(world.database.lines("SELECT 'x' AS line FROM sessions").len());
        }
        assert_eq!(left, [1, 1, 0, 0]);
    }

    fn sealed_texts_that_nobody_wants_any_more_are_forgotten(database: TestDatabase) {
        let world = World::on(database);
        ask(&world, "ali@savdo.uz");
        let runner = world.runner(&Mailbox::default());

        let mut left = Vec::new();
        for hours in [0, 47, 2] {
            world.clock.advance(TimeDelta::hours(hours));
            runner.run_due_jobs().unwrap();
            left.push(secrets(&world));
        }

        assert_eq!(left, [1, 1, 0]);
    }
}

fn take_quietly(world: &World, turn: JobTurn) -> bool {
    let taken = world.database.write("take", move |tx| jobs::take_turn(tx, &turn));
    taken.unwrap_or_else(|error: StorageError| panic!("{error}"))
}
