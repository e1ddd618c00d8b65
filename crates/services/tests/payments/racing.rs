//! Many at once.

use chrono::TimeDelta;
use savdo_domain::payment::payme::{Call, Create, Fault};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::orders::{ReceiveCash, receive_cash};
use savdo_services::testing::{World, at_once};

use crate::attempts::{call_click, click_desk, completing, preparing, told};
use crate::support::{TOTAL, Town, answer, ask, called, cancelling, desk, performing};

const A: i64 = 3_000_000_001;

on_both! {
    fn many_performs_at_once_take_the_money_once(database: TestDatabase) {
        let town = Town::on(database);
        let creating = town.creating("a1");
        let created = at_once(20, |_| town.ask(Call::Create(creating.clone())));
        assert!(created.iter().all(|one| one.is_ok() && *one == created[0]), "{created:?}");

        let servers = [town.world.context.clone(), town.world.another_server()];
        let performed = at_once(20, |thread| answer(ask(&servers[thread % 2], &desk(), performing("a1")).unwrap()));

        assert!(performed.iter().all(|one| one.is_ok() && *one == performed[0]), "{performed:?}");
        assert_eq!(town.story(), "paid paid; payme success; performed");
        assert_eq!(["order.paid", "payment.succeeded"].map(|event| town.told(event)), [1, 1]);
        assert_eq!(town.world.database.probe().retries(), 0, "a dead-lock was run again");
        town.agrees();
    }

    fn a_perform_or_a_cancel_of_payme_wins(database: TestDatabase) {
        let town = Town::on(database);
        for round in 0..8 {
            let (id, order_id) = (format!("b{round}"), town.another());
            let create = Create { id: called(&id), time: town.now(), amount: Some(TOTAL), order: Ok(order_id) };
            town.ask(Call::Create(create)).unwrap();

            let calls = [performing(&id), cancelling(&id, 5)];
            let outcomes = at_once(2, |thread| town.ask(calls[thread].clone()));

            let [performed, cancelled] = outcomes.try_into().unwrap();
            assert!(cancelled.is_ok());
            let stands = town.world.database.lines(&format!("SELECT status || ' ' || payment_status AS line FROM orders WHERE id = {order_id}"));
            match performed {
                Ok(_) => assert_eq!(stands, ["cancelled refunded"]),
                Err(fault) => assert_eq!((fault, stands), (Fault::NotPossible, vec!["awaiting_payment unpaid".to_owned()])),
            }
        }
        assert_eq!(town.world.database.probe().retries(), 0, "a dead-lock was run again");
        town.agrees();
    }

    fn an_order_is_paid_or_its_buyer_cancels_it(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();

        let outcomes = at_once(2, |thread| {
            if thread == 0 {
                town.perform("a1").is_ok()
            } else {
                town.give_up(&town.customer).is_ok()
            }
        });

        let stands = match outcomes.as_slice() {
            [true, false] => "paid paid; payme success; performed",
            [false, true] => "cancelled unpaid; payme cancelled; cancelled 3",
            other => panic!("{other:?}"),
        };
        assert_eq!(town.story(), stands);
        assert_eq!(town.world.database.probe().retries(), 0, "a dead-lock was run again");
        town.agrees();
    }

    fn one_id_for_two_orders_at_once_is_a_transaction_of_one(database: TestDatabase) {
        let town = Town::on(database);
        let orders = [town.id(), town.another()];

        let outcomes = at_once(2, |thread| {
            let create = Create { id: called("a1"), time: town.now(), amount: Some(TOTAL), order: Ok(orders[thread]) };
            town.ask(Call::Create(create))
        });

        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let count = "SELECT id || '' AS line FROM provider_transactions";
        assert_eq!(town.world.database.lines(count).len(), 1);
        town.agrees();
    }

    fn many_completes_at_once_take_the_money_once(database: TestDatabase) {
        let town = Town::on(database);
        let prepared = at_once(20, |_| town.prepare(A));
        assert!(prepared.iter().all(|one| one.0 == 0 && *one == prepared[0]), "{prepared:?}");
        let number = prepared[0].1.unwrap();

        let servers = [town.world.context.clone(), town.world.another_server()];
        let completed = at_once(20, |thread| {
            let call = completing(town.id(), A, number, 0);
            told(call_click(&servers[thread % 2], &click_desk(), call).unwrap())
        });

        let count = |code| completed.iter().filter(|one| **one == (code, Some(number))).count();
        assert_eq!((count(0), count(-4)), (1, 19), "{completed:?}");
        assert_eq!(town.story(), "paid paid; click success; performed");
        assert_eq!(["order.paid", "payment.succeeded"].map(|event| town.told(event)), [1, 1]);
        assert_eq!(town.world.database.probe().retries(), 0, "a dead-lock was run again");
        town.agrees();
    }

    fn payme_or_click_gets_an_order_that_both_ask_for(database: TestDatabase) {
        let town = Town::on(database);
        for round in 0..6 {
            let (order, payme_id, click_id) = (town.another(), format!("c{round}"), A + round);
            let create = Create { id: called(&payme_id), time: town.now(), amount: Some(TOTAL), order: Ok(order) };

            let taken = at_once(2, |thread| match thread {
                0 => town.ask(Call::Create(create.clone())).map(|_| None).map_err(|fault| fault.number()),
                _ => match town.click(preparing(order, click_id)) {
                    (0, number) => Ok(number),
                    (code, _) => Err(code),
                },
            });
            let paid = match taken.as_slice() {
                [Ok(_), Err(-9)] => town.ask(performing(&payme_id)).is_ok(),
                [Err(-31008), Ok(Some(number))] => town.click(completing(order, click_id, *number, 0)).0 == 0,
                other => panic!("{other:?}"),
            };

            assert!(paid);
            let rows = format!("SELECT status || '' AS line FROM payments WHERE order_id = {order}");
            assert_eq!(town.world.database.lines(&rows), ["success"]);
        }
        assert_eq!(town.told("order.paid"), 6);
        assert_eq!(town.world.database.probe().retries(), 0, "a dead-lock was run again");
        town.agrees();
    }

    fn of_two_attempts_at_once_one_pays_and_the_other_goes_back(database: TestDatabase) {
        let town = Town::on(database);
        let numbers = [town.prepared(A), town.prepared(A + 1)];

        let ids = [A, A + 1];
        let mut codes = at_once(2, |thread| town.complete(ids[thread], numbers[thread], 0).0);

        codes.sort_unstable();
        assert_eq!(codes, [-4, 0]);
        assert_eq!(town.story(), "paid paid; click success, click success; performed, performed");
        let events = ["order.paid", "payment.late_money", "payment.reversal_requested"];
        assert_eq!(events.map(|event| town.told(event)), [1, 1, 1]);
        assert_eq!(town.world.database.probe().retries(), 0, "a dead-lock was run again");
        town.agrees();
    }

    fn an_order_is_paid_by_click_or_its_buyer_cancels_it(database: TestDatabase) {
        let town = Town::on(database);
        let number = town.prepared(A);

        let outcomes = at_once(2, |thread| {
            if thread == 0 {
                town.complete(A, number, 0).0 == 0
            } else {
                town.give_up(&town.customer).is_ok()
            }
        });

        let stands = match outcomes.as_slice() {
            [true, false] => "paid paid; click success; performed",
            [false, true] => "cancelled unpaid; click cancelled; cancelled 3",
            other => panic!("{other:?}"),
        };
        assert_eq!(town.story(), stands);
        town.agrees();
    }

    fn one_id_of_click_for_two_orders_at_once_is_an_attempt_of_one(database: TestDatabase) {
        let town = Town::on(database);
        let orders = [town.id(), town.another()];

        let mut codes = at_once(2, |thread| town.click(preparing(orders[thread], A)).0);

        codes.sort_unstable();
        assert_eq!(codes, [-8, 0]);
        let count = "SELECT id || '' AS line FROM provider_transactions";
        assert_eq!(town.world.database.lines(count).len(), 1);
        town.agrees();
    }

    fn money_that_comes_after_its_time_is_not_taken_whoever_is_first(database: TestDatabase) {
        let town = Town::on(database);
        for round in 0..6 {
            let order = town.another();
            let number = told(call_click(&town.world.context, &click_desk(), preparing(order, A + round)).unwrap()).1.unwrap();
            let other = town.world.another_server();
            town.world.clock.advance(TimeDelta::minutes(31));

            let codes = at_once(2, |thread| {
                if thread == 0 {
                    town.click(completing(order, A + round, number, 0)).0
                } else {
                    savdo_services::orders::expire_due(&other).map_or(1, |_| 0)
                }
            });

            assert_eq!(codes, [-9, 0]);
        }
        assert_eq!(town.told("order.paid"), 0);
        town.agrees();
    }

    fn an_order_is_paid_by_click_or_in_cash(database: TestDatabase) {
        let town = Town::on(database);
        for round in 0..6 {
            let order = town.another();
            let number = told(call_click(&town.world.context, &click_desk(), preparing(order, A + round)).unwrap()).1.unwrap();
            let fails = round % 2 == 1;

            let outcomes = at_once(2, |thread| {
                if thread == 0 {
                    let error = if fails { -1 } else { 0 };
                    town.click(completing(order, A + round, number, error)).0 == 0
                } else {
                    let command = ReceiveCash { order_id: order, amount: TOTAL };
                    receive_cash(&town.world.context, &town.shop.owner, command, &Unkeyed).is_ok()
                }
            });

            assert_eq!(outcomes[0], !fails);
            assert!(!outcomes[1] || fails, "cash is not received for what Click holds or took");
        }
        town.agrees();
    }

    fn of_many_who_need_the_desks_at_once_one_reads_them(database: TestDatabase) {
        let world = World::on(database);
        let context = &world.context;
        let statements = || world.database.probe().statements();
        context.desks().unwrap();
        let after_one = {
            world.clock.advance(TimeDelta::seconds(6));
            let before = statements();
            context.desks().unwrap();
            statements() - before
        };

        for _ in 0..20 {
            world.clock.advance(TimeDelta::seconds(6));
            let before = statements();
            at_once(8, |_| context.desks().unwrap());
            assert_eq!(statements() - before, after_one);
        }
    }
}
