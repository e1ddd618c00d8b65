//! Messages that may have arrived without anybody knowing, and sinks that stand for themselves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use savdo_domain::account::Language;
use savdo_domain::dispatch::Outcome;
use savdo_persistence::on_both;
use savdo_services::accounts::{self, ChangeProfile};
use savdo_services::testing::{Mailbox, World, origin};

/// An account that can be written to.
fn reachable(world: &World, email: &str) {
    let shop = world.shop();
    let command = ChangeProfile {
        email: Some(email.to_owned()),
        ..ChangeProfile::default()
    };
    accounts::change_profile(&world.context, &shop.owner, command).unwrap();
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
    fn a_letter_that_may_have_arrived_is_sent_again_and_known_as_doubtful_until_it_is_sent(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let mailbox = Mailbox::default();
        ask(&world, "ali@savdo.uz");
        let doubts = || world.database.lines(
            "SELECT CASE WHEN began_at IS NULL THEN '-' ELSE 'began' END || CASE WHEN doubtful_since IS NULL THEN '' ELSE ' doubtful' END \
             AS line FROM outbox_dispatches",
        );
        // Its worker died after it had begun a try.
        world.database.execute(
            "UPDATE outbox_dispatches SET status = 'leased', attempts = 1, leased_by = 'dead', began_at = '2026-03-12 04:59:00', \
             leased_until = '2026-03-12 05:00:00', due_at = '2026-03-12 05:00:00'",
        );
        mailbox.will_answer([retry()]);
        let runner = world.runner(&mailbox);

        runner.send_due(never).unwrap();

        assert_eq!(dispatches(&world), ["email waiting 2 451: refused for now"]);
        assert_eq!(doubts(), ["- doubtful"]);
        world.clock.advance(TimeDelta::minutes(2));
        runner.send_due(never).unwrap();
        assert_eq!((dispatches(&world), doubts()), (vec!["email sent 3 ".to_owned()], vec!["-".to_owned()]));
    }

    fn a_try_begins_only_while_the_lease_is_held(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let mailbox = Mailbox::default();
        ask(&world, "ali@savdo.uz");
        let (first, second, asked) = (world.runner(&mailbox), world.runner(&mailbox), AtomicUsize::new(0));
        // Asked before the lease and before each letter: there the first falls asleep, and another takes the letter over.
        let falls_asleep = || {
            if asked.fetch_add(1, Ordering::SeqCst) == 1 {
                world.clock.advance(TimeDelta::minutes(2));
                second.send_due(never).unwrap();
            }
            false
        };

        first.send_due(falls_asleep).unwrap();

        assert_eq!(mailbox.tried().len(), 1);
        assert_eq!(dispatches(&world), ["email sent 2 "]);
    }

    fn a_sink_that_nothing_is_told_to_holds_up_no_other(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        ask(&world, "ali@savdo.uz");
        world.database.execute(
            "INSERT INTO outbox_dispatches (outbox_id, sink, status, attempts, due_at, leased_by, last_error, updated_at) \
             SELECT outbox_id, 'sms', status, attempts, due_at, leased_by, last_error, updated_at FROM outbox_dispatches",
        );
        let mailbox = Mailbox::default();
        mailbox.will_answer([retry()]);

        let tried = world.runner(&mailbox).send_due(never).unwrap();

        assert_eq!(tried, 2);
        assert_eq!(mailbox.texts(), []);
        assert_eq!(dispatches(&world), [
            "email waiting 1 451: refused for now",
            "sms dismissed 1 no short message tells of this event",
        ]);
        assert_eq!(secrets(&world), 1, "the letter is still to be sent");
    }
}
