//! One effect and one answer for each idempotency key.

#![cfg(test)]

use std::sync::mpsc::channel;

use chrono::TimeDelta;
use savdo_domain::access::Actor;
use savdo_domain::ids::ProductId;
use savdo_domain::sale::SaleStatus;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::once::{Answer, Key, Once, Rendered, Unkeyed, forget_old};
use savdo_services::sales::{self, CancelSale, Sold};
use savdo_services::testing::{Goods, PASSWORD, Shop, World, at_once, money, receipt, refusal, sale};
use savdo_services::{Context, Error, Result};

const ENDPOINT: &str = "POST /api/v1/sales/";

fn stocked(world: &World, shop: &Shop) -> ProductId {
    let product = world.product(shop, Goods::named("Choynak").at(money("100.00")));
    world.receive(shop, receipt(shop, product, "100", "50.00"));
    product
}

/// Work with a key and a body, answered with `write` of its outcome.
fn keyed<V: 'static>(world: &World, key: &str, body: &str, write: fn(&V) -> String) -> Rendered<V> {
    let key = Key::new(&world.context, key, ENDPOINT.to_owned(), body.as_bytes()).unwrap();
    Rendered::new(Some(key), move |outcome| answer(write(&outcome)))
}

fn answer(body: String) -> Answer {
    Answer {
        status: 201,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.into_bytes(),
        is_replayed: false,
    }
}

fn receipt_of(sold: &Sold) -> String {
    let sale = &sold.sale.sale;
    format!("{} {:?}", sale.id, sale.status)
}

/// Sells one piece under a key.
fn sell(
    world: &World,
    context: &Context,
    actor: &Actor,
    (shop, product): (&Shop, ProductId),
    key: &str,
) -> Result<Answer> {
    let once = keyed(world, key, "one", receipt_of);
    sales::sell(context, actor, sale(shop, &[(product, "1")]), &once)
}

fn sales_count(world: &World) -> usize {
    world.database.lines("SELECT 'sale' AS line FROM sales").len()
}

on_both! {
    fn one_key_twenty_times_at_once_has_one_effect(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let goods = (&shop, stocked(&world, &shop));
        // On PostgreSQL two servers share the work; SQLite has one.
        let other = if world.database.is_postgres() { world.another_server() } else { world.context.clone() };
        let before = world.database.dump_of(&["audit_entries", "outbox"]).lines().count();

        let outcomes = at_once(20, |number| {
            let context = if number % 2 == 0 { &world.context } else { &other };
            sell(&world, context, &shop.owner, goods, "key-1")
        });

        let (answers, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert!(refused.iter().all(|outcome| matches!(outcome, Err(Error::KeyInFlight))), "{refused:?}");
        let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers.iter().filter(|answer| !answer.is_replayed).count(), 1);
        assert!(answers.iter().all(|answer| answer.body == b"1 Completed"), "{answers:?}");
        assert_eq!(sales_count(&world), 1);
        let traces = world.database.dump_of(&["audit_entries", "outbox"]).lines().count() - before;
        assert_eq!(traces, 2);
        let late = sell(&world, &other, &shop.owner, goods, "key-1").unwrap();
        assert_eq!((late.is_replayed, late.body.as_slice()), (true, b"1 Completed".as_slice()));
        world.check_ledger();
    }

    fn the_first_answer_comes_again_after_its_object_changed(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let goods = (&shop, stocked(&world, &shop));
        let first = sell(&world, &world.context, &shop.owner, goods, "key-1").unwrap();
        let id = savdo_domain::ids::SaleId::new(1);
        let cancelled = sales::cancel(&world.context, &shop.owner, CancelSale { id, reason: String::new() }, &Unkeyed);
        assert_eq!(cancelled.unwrap().sale.status, SaleStatus::Cancelled);

        let second = sell(&world, &world.context, &shop.owner, goods, "key-1").unwrap();

        assert_eq!(second, Answer { is_replayed: true, ..first });
    }

    fn a_key_is_of_one_body_one_user_and_one_endpoint(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let goods = (&shop, stocked(&world, &shop));
        let manager = world.hire(&shop, savdo_domain::access::Role::Manager);
        sell(&world, &world.context, &shop.owner, goods, "key-1").unwrap();
        let before = world.database.dump();

        let other_body = keyed(&world, "key-1", "two", receipt_of);
        let reused = sales::sell(&world.context, &shop.owner, sale(&shop, &[(goods.1, "2")]), &other_body);
        assert!(matches!(reused, Err(Error::KeyReused)), "{reused:?}");
        assert_eq!(world.database.dump(), before);

        let of_manager = sell(&world, &world.context, &manager, goods, "key-1").unwrap();
        assert_eq!((of_manager.is_replayed, of_manager.body.as_slice()), (false, b"2 Completed".as_slice()));
        let elsewhere = Key::new(&world.context, "key-1", "POST /elsewhere/".to_owned(), b"one").unwrap();
        let elsewhere = Rendered::new(Some(elsewhere), |sold| answer(receipt_of(&sold)));
        let third = sales::sell(&world.context, &shop.owner, sale(&shop, &[(goods.1, "1")]), &elsewhere).unwrap();
        assert_eq!(third.body, b"3 Completed");
    }

    fn a_refused_request_leaves_its_key_free(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Choynak").at(money("100.00")));

        let short = sell(&world, &world.context, &shop.owner, (&shop, product), "key-1");
        assert_eq!(refusal(short).code(), Some("insufficient_stock"));
        assert_eq!(world.database.dump_of(&["idempotency_keys"]), "# idempotency_keys\n");

        world.receive(&shop, receipt(&shop, product, "1", "50.00"));
        let sold = sell(&world, &world.context, &shop.owner, (&shop, product), "key-1").unwrap();
        assert!(!sold.is_replayed);
    }

    fn a_replay_needs_the_right_to_the_work(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let goods = (&shop, stocked(&world, &shop));
        sell(&world, &world.context, &shop.owner, goods, "key-1").unwrap();
        let gone = Actor { worker: None, ..shop.owner.clone() };

        let refused = sell(&world, &world.context, &gone, goods, "key-1");

        assert_eq!(refusal(refused).code(), Some("not_a_worker"));
    }

    fn whichever_statement_fails_neither_effect_nor_key_remains(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let goods = (&shop, stocked(&world, &shop));
        let before = world.database.dump();

        for nth in 1.. {
            world.database.probe().fail_at(nth);
            let outcome = sell(&world, &world.context, &shop.owner, goods, "key-1");
            if world.database.probe().disarm() {
                assert!(!outcome.unwrap().is_replayed);
                assert!(nth > 8, "only {nth} statements");
                break;
            }
            assert!(outcome.is_err(), "statement {nth} failed");
            assert_eq!(world.database.dump(), before, "statement {nth} failed");
        }
        assert_eq!(sales_count(&world), 1);
    }

    fn work_that_panics_leaves_its_key_free(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let panicking = || {
            let once = keyed(&world, "key-1", "one", |(): &()| String::new());
            once.write(&world.context, &shop.owner, "test", |_| panic!("a panic of the test"))
        };

        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panicking)).is_err());

        let sound = keyed(&world, "key-1", "one", |(): &()| "done".to_owned());
        let done = sound.write(&world.context, &shop.owner, "test", |_| Ok(())).unwrap();
        assert_eq!((done.is_replayed, done.body.as_slice()), (false, b"done".as_slice()));
    }

    fn a_request_that_still_runs_is_seen_without_waiting_for_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = if world.database.is_postgres() { world.another_server() } else { world.context.clone() };
        let once = || keyed(&world, "key-1", "one", |(): &()| "done".to_owned());
        let ((begun, has_begun), (go_on, may_go_on)) = (channel(), channel::<()>());

        std::thread::scope(|scope| {
            let first = scope.spawn(|| {
                let may_go_on = std::sync::Mutex::new(may_go_on);
                once().write(&world.context, &shop.owner, "test", move |_| {
                    begun.send(()).unwrap();
                    may_go_on.lock().unwrap().recv().unwrap();
                    Ok(())
                })
            });
            has_begun.recv().unwrap();

            let second = once().write(&other, &shop.owner, "test", |_| panic!("the second one ran"));
            assert!(matches!(second, Err(Error::KeyInFlight)), "{second:?}");

            go_on.send(()).unwrap();
            assert!(!first.join().unwrap().unwrap().is_replayed);
        });
        assert!(once().write(&other, &shop.owner, "test", |_| Ok(())).unwrap().is_replayed);
    }

    fn a_key_costs_two_statements_and_none_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let goods = (&shop, stocked(&world, &shop));
        let counted = |work: &dyn Fn()| {
            let before = world.database.probe().statements();
            work();
            world.database.probe().statements() - before
        };
        let unkeyed = || Rendered::new(None, |sold: Sold| answer(receipt_of(&sold)));
        let command = || sale(&shop, &[(goods.1, "1")]);

        let plain = counted(&|| drop(sales::sell(&world.context, &shop.owner, command(), &Unkeyed).unwrap()));
        let without = counted(&|| drop(sales::sell(&world.context, &shop.owner, command(), &unkeyed()).unwrap()));
        let with = counted(&|| drop(sell(&world, &world.context, &shop.owner, goods, "key-1").unwrap()));

        assert_eq!((without, with), (plain, plain + 2));
    }

    fn a_key_counts_for_two_days_and_is_forgotten_after(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let goods = (&shop, stocked(&world, &shop));
        sell(&world, &world.context, &shop.owner, goods, "key-1").unwrap();

        world.clock.advance(TimeDelta::hours(48));
        assert_eq!(forget_old(&world.context).unwrap(), 0);
        assert!(sell(&world, &world.context, &shop.owner, goods, "key-1").unwrap().is_replayed);

        world.clock.advance(TimeDelta::hours(24));
        assert_eq!(forget_old(&world.context).unwrap(), 1);
        assert!(!sell(&world, &world.context, &shop.owner, goods, "key-1").unwrap().is_replayed);
    }

    fn the_old_are_forgotten_however_many_there_are(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        world.database.execute(&format!(
            "INSERT INTO idempotency_keys WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM \
             numbers WHERE number < 2500) SELECT {}, 'POST /', CAST(number AS TEXT), CAST('2026-03-09' AS DATE), '', 200, '[]', '', \
             CAST('2026-03-09 10:00:00' AS TIMESTAMP) FROM numbers",
            shop.owner.user_id
        ).replace("CAST('2026-03-09' AS DATE)", if world.database.is_postgres() { "DATE '2026-03-09'" } else { "'2026-03-09'" }));

        assert_eq!(forget_old(&world.context).unwrap(), 2500);

        assert_eq!(world.database.dump_of(&["idempotency_keys"]), "# idempotency_keys\n");
    }

    fn what_is_kept_of_a_request_tells_nobody_its_body(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let once = keyed(&world, "key-1", PASSWORD, |(): &()| "done".to_owned());

        once.write(&world.context, &shop.owner, "test", |_| Ok(())).unwrap();

        let kept = world.database.dump_of(&["idempotency_keys"]);
        assert!(kept.contains("|key-1|") && !kept.contains(PASSWORD), "{kept}");
    }
}

/// What another server does between our look and our own insert: the same request, answered and committed.
fn answered_elsewhere(world: &World) -> String {
    let database = world.database.handle();
    assert!(database.is_postgres());
    "INSERT INTO idempotency_keys SELECT user_id, endpoint, 'key-2', day, body_hash, status, headers, body, created_at FROM \
     idempotency_keys WHERE key = 'key-1'"
        .to_owned()
}

#[test]
fn whom_another_server_forestalled_gets_the_answer_given_there() {
    let world = World::on(TestDatabase::new(Backend::Postgres));
    let shop = world.shop();
    let once = |key| keyed(&world, key, "one", |(): &()| "the first".to_owned());
    let outcomes: [fn() -> Result<()>; 2] = [|| Ok(()), || Err(Refusal::field("name", FieldProblem::Taken).into())];
    once("key-1")
        .write(&world.context, &shop.owner, "test", |_| Ok(()))
        .unwrap();

    for outcome in outcomes {
        world
            .database
            .execute("DELETE FROM idempotency_keys WHERE key = 'key-2'");
        let elsewhere = answered_elsewhere(&world);
        let other = world.database.handle();

        let answer = once("key-2").write(&world.context, &shop.owner, "test", move |_| {
            other.write("test_elsewhere", {
                let elsewhere = elsewhere.clone();
                move |tx| savdo_persistence::testing::run(tx, &elsewhere)
            })?;
            outcome()
        });

        let answer = answer.unwrap();
        assert_eq!(
            (answer.is_replayed, answer.body.as_slice()),
            (true, b"the first".as_slice())
        );
    }
}

#[test]
fn a_key_is_visible_ascii_quoted_or_not() {
    let world = World::on(TestDatabase::new(Backend::Sqlite));
    let key = |text: &str| Key::new(&world.context, text, ENDPOINT.to_owned(), b"");

    assert_eq!(key("\"abc\""), key("abc"));
    for fine in ["a", "\"", "{}!~", &"x".repeat(255), &format!("\"{}\"", "x".repeat(255))] {
        assert!(key(fine).is_ok(), "{fine}");
    }
    for none in ["", "\"\"", "a b", "a\tb", "kalit-ў", "\u{7f}", &"x".repeat(256)] {
        assert!(key(none).is_err(), "{none}");
    }
}
