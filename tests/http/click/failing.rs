//! What is told when we fail (payments.md 1.3): -7, but for money that was taken a 503 without a word.

use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::web::ServiceConfig;
use chrono::TimeDelta;
use savdo_api::providers::Within;
use savdo_domain::ids::OrderId;
use savdo_persistence::testing::{Backend, TestDatabase, run};
use savdo_persistence::{Database, Error};
use savdo_tests::{Log, Server, eventually};

use super::{COMPLETE, Call, FORM, PREPARE, TRANS, Till, code, on_both, prepared, stands, told};
use crate::failing::{panicking, unfinished};

#[test]
fn a_database_that_fails_is_7_and_for_money_that_was_taken_503_without_a_word() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);
        let rename = |from: &str, to: &str| {
            till.server
                .world
                .database
                .execute(&format!("ALTER TABLE {from} RENAME TO {to}"))
        };
        rename("provider_transactions", "elsewhere");

        let prepare = Call::prepare(order).attempt(TRANS + 1).send(till);
        assert_eq!(told(&prepare), (-7, None));
        assert_eq!(prepare.integer("/click_trans_id"), TRANS + 1);
        assert_eq!(code(till, &Call::complete(order, number).with("error", "-1")), -7);
        for _ in 0..2 {
            let failed = Call::complete(order, number).send(till);
            assert_eq!((failed.status, failed.text.as_str()), (503, ""));
        }
        assert_eq!(
            code(till, &Call::complete(order, number).signed_by("x")),
            -1,
            "who is not Click learns nothing"
        );

        rename("elsewhere", "provider_transactions");
        assert_eq!(told(&Call::complete(order, number).send(till)), (0, Some(number)));
    });
}

#[test]
fn a_complete_that_finds_the_database_busy_is_tried_again_by_ourselves() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);
        let probe = || till.server.world.context.database().probe();

        probe().be_busy_at(4);
        assert_eq!(told(&Call::complete(order, number).send(till)), (0, Some(number)));
        assert!(!probe().disarm(), "a statement found it busy");
        assert_eq!(stands(till, order), "paid paid");
        let told_of = "SELECT event AS line FROM outbox WHERE event = 'order.paid'";
        assert_eq!(till.server.world.database.lines(told_of).len(), 1);

        let other = till.order();
        probe().be_busy_at(4);
        assert_eq!(
            code(till, &Call::prepare(other).attempt(TRANS + 1)),
            -7,
            "Click prepares again"
        );
        assert!(!probe().disarm());
        assert_eq!(stands(till, other), "awaiting_payment unpaid");
    });
}

#[test]
fn a_body_that_is_too_large_or_too_slow_is_a_failure_of_ours() {
    let till = Till::open(Server::configured(&[("SAVDO_SERVER__BODY_TIMEOUT_MS", "300")]));
    let order = till.order();
    let large = Call::prepare(order).and("more", &"x".repeat(64 * 1024));

    let client = till.server.client().unnoted();
    for path in [PREPARE, COMPLETE] {
        let answer = large.send_by(&client, path);
        assert_eq!(told(&answer), (-7, None));
        assert!(answer.at("/click_trans_id").is_null());
    }
    for (path, number) in [(PREPARE, "merchant_prepare_id"), (COMPLETE, "merchant_confirm_id")] {
        let told = unfinished(&till.server, path, &("Content-Type", FORM.to_owned()), "error_note");
        assert!(told.contains(&format!(r#""{number}":null,"error":-7"#)), "{told}");
    }
    let most = Call::prepare(order).and("more", &"x".repeat(60 * 1024));
    assert_eq!(code(&till, &most), 0);
}

#[test]
fn a_panic_and_too_long_headers_are_7_at_prepare_and_503_without_a_word_at_complete() {
    let till = Till::open(Server::with(TestDatabase::new(Backend::Sqlite), panicking));
    let client = till.server.client().unnoted();
    let long = client.with_header("x-more", &"x".repeat(40_000));
    let order = till.order();
    let (prepare, complete) = (Call::prepare(order), Call::complete(order, prepared(&till, order)));

    // The address alone tells what was asked for: of the body nothing is left.
    for call in [&prepare, &complete] {
        let at_prepare = [
            call.send_by(&client, &format!("{PREPARE}panic/")),
            call.send_by(&long, PREPARE),
        ];
        for failed in at_prepare {
            assert_eq!(told(&failed), (-7, None));
            assert!(failed.at("/merchant_prepare_id").is_null());
        }
        for (client, path) in [(&client, format!("{COMPLETE}panic/")), (&long, COMPLETE.to_owned())] {
            let failed = call.send_by(client, &path);
            assert_eq!((failed.status, failed.text.as_str()), (503, ""), "{path}");
            let older = path.replace("v1/payments/click", "v6/payments/webhook/click");
            let failed = call.send_by(client, &older);
            assert_eq!((failed.status, failed.text.as_str()), (503, ""), "{older}");
        }
    }
    assert_eq!(stands(&till, order), "awaiting_payment pending");
}

/// Another attempt in each test that reads what is logged: all of them share one log.
const JUDGED: i64 = TRANS + 4_001;

#[test]
fn a_complete_that_nobody_can_judge_waits_little_and_wakes_nobody() {
    let log = Log::of_providers();
    on_both(|till| {
        let order = till.order();
        let number = told(&Call::prepare(order).attempt(JUDGED).send(till)).1.unwrap();
        let complete = Call::complete(order, number).attempt(JUDGED);
        let database = &till.server.world.database;
        let fails = |call: &Call| {
            let before = database.probe().statements();
            let failed = call.send(till);
            assert_eq!((failed.status, failed.text.as_str()), (503, ""));
            database.probe().statements() - before
        };

        database.execute("ALTER TABLE payment_desks RENAME TO elsewhere");
        till.server.world.clock.advance(TimeDelta::seconds(6));
        for call in [&complete.clone().signed_by("x"), &complete] {
            assert_eq!(fails(call), 3, "asked for the desks once, and twice more");
        }
        database.execute("ALTER TABLE elsewhere RENAME TO payment_desks");
        assert_eq!(code(till, &complete.clone().signed_by("x")), -1);
        database.execute("ALTER TABLE provider_transactions RENAME TO elsewhere");
        fails(&complete);
        database.execute("ALTER TABLE elsewhere RENAME TO provider_transactions");
        assert_eq!(told(&complete.send(till)), (0, Some(number)));
    });
    let lines = log.lines("click_trans_id", JUDGED);
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line["level"].as_str().unwrap(), line["number"].as_i64()))
        .collect();
    let expected = [
        ("INFO", Some(0)),
        ("WARN", None),
        ("WARN", None),
        ("INFO", Some(-1)),
        ("ERROR", None),
        ("INFO", Some(0)),
    ];
    assert_eq!(told, [expected, expected].concat());
}

/// Somebody who keeps the order, on SQLite the whole file, until he is told to let go.
struct Keeper {
    let_go: Sender<()>,
    thread: JoinHandle<()>,
}

impl Keeper {
    fn of(till: &Till, order: OrderId) -> Self {
        let other = Database::open(till.server.world.database.settings().clone()).unwrap();
        let (keeps, has_kept) = channel();
        let (let_go, may_go) = channel();
        let thread = std::thread::spawn(move || {
            let kept = other.write("keeper", move |tx| {
                run(tx, &format!("UPDATE orders SET id = id WHERE id = {order}"))?;
                keeps.send(()).unwrap();
                may_go.recv().unwrap();
                Ok::<_, Error>(())
            });
            kept.unwrap();
        });
        has_kept.recv().unwrap();
        Self { let_go, thread }
    }

    fn let_go(self) {
        self.let_go.send(()).unwrap();
        self.thread.join().unwrap();
    }
}

/// An order that is prepared, at a server that answers soon, and its Complete.
fn kept(backend: Backend, lock_timeout: Duration, routes: fn(&mut ServiceConfig)) -> (Till, OrderId, i64) {
    let database = TestDatabase::with(backend, |settings| settings.lock_timeout = lock_timeout);
    let till = Till::open(Server::with(database, routes));
    let order = till.order();
    let number = prepared(&till, order);
    (till, order, number)
}

/// Where the order and its money stand; who asks over HTTP writes that he is signed in.
fn stored(till: &Till, order: OrderId) -> Vec<String> {
    let row = format!("SELECT status || ' ' || payment_status AS line FROM orders WHERE id = {order}");
    till.server.world.database.lines(&row)
}

const BACKENDS: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

#[test]
fn a_complete_that_takes_too_long_is_not_waited_for_and_its_repeat_finds_what_it_did() {
    for backend in BACKENDS {
        let soon = |config: &mut ServiceConfig| {
            config.app_data(Within(Duration::from_millis(500)));
        };
        let (till, order, number) = kept(backend, Duration::from_secs(30), soon);
        let complete = Call::complete(order, number);
        let keeper = Keeper::of(&till, order);

        let failed = complete.send(&till);
        assert_eq!((failed.status, failed.text.as_str()), (503, ""));
        assert_eq!(stored(&till, order), ["awaiting_payment pending"]);
        keeper.let_go();

        eventually("the order is paid", || stored(&till, order) == ["paid paid"]);
        assert_eq!(told(&complete.send(&till)), (-4, Some(number)));
    }
}

#[test]
fn a_complete_that_finds_its_order_kept_is_tried_again_after_longer_and_longer_pauses() {
    for backend in BACKENDS {
        let (till, order, number) = kept(backend, Duration::from_millis(30), |_| {});
        let tries = || {
            let written = till.server.world.database.probe().transactions();
            written.get("click_complete").map_or(0, |tries| tries.count)
        };
        let keeper = Keeper::of(&till, order);

        let answer = std::thread::scope(|scope| {
            let asked = scope.spawn(|| Call::complete(order, number).send(&till));
            eventually("it was tried three times", || tries() == 3);
            keeper.let_go();
            asked.join().unwrap()
        });

        assert_eq!((told(&answer), tries()), ((0, Some(number)), 4));
        assert_eq!(stands(&till, order), "paid paid");
    }
}
