//! Orders that wait for their buyer too long.

use chrono::TimeDelta;
use savdo_domain::access::Role;
use savdo_domain::order::{HistorySource, OrderStatus};
use savdo_domain::settings::SettingsPatch;
use savdo_persistence::on_both;
use savdo_services::orders;
use savdo_services::testing::{Mailbox, World, at_once};

use crate::support::{
    PLAIN, RX, cash, code, offer, online, online_shop, ordered, payments, receive_cash, set, standings, told,
};

on_both! {
    fn an_unpaid_order_gives_its_goods_back_by_itself(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (plain, rx) = (offer(&world, &shop, PLAIN), offer(&world, &shop, RX));
        let before = world.batches();
        let unpaid = ordered(&world, &customer, plain, 2, online());
        ordered(&world, &customer, rx, 1, cash());
        let kept = ordered(&world, &customer, plain, 1, cash());

        world.clock.advance(TimeDelta::minutes(60));
        assert_eq!(orders::expire_due(&world.context).unwrap(), 0);
        world.clock.advance(TimeDelta::seconds(1));
        let runner = world.runner(&Mailbox::default());
        runner.run_due_jobs().unwrap();
        assert_eq!(standings(&world), ["cancelled unpaid -", "awaiting_prescription unpaid -", "preparing pending -"]);
        let seen = orders::view(&world.context, &customer, unpaid.order.id).unwrap().order;
        assert_eq!((seen.cancel_reason.as_str(), seen.expires_at), ("To'lov vaqtida qilinmadi", None));
        let last = orders::history(&world.context, &customer, unpaid.order.id).unwrap().steps.pop().unwrap();
        assert_eq!((last.to, last.source, last.actor), (OrderStatus::Cancelled, HistorySource::Job, None));
        assert_eq!(told(&world).iter().filter(|event| *event == "order.cancelled").count(), 1);

        world.clock.advance(TimeDelta::hours(72));
        runner.run_due_jobs().unwrap();
        runner.run_due_jobs().unwrap();
        assert_eq!(standings(&world), ["cancelled unpaid -", "cancelled unpaid -", "preparing pending -"]);
        crate::support::cancel(&world, &customer, &kept, "").unwrap();
        assert_eq!(world.batches(), before);
        world.check_ledger();
    }

    fn an_order_waits_as_long_as_its_store_says(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        set(&world, &shop, SettingsPatch { payment_minutes: Some(10), ..SettingsPatch::default() });
        ordered(&world, &customer, product, 1, online());

        world.clock.advance(TimeDelta::seconds(601));

        assert_eq!(orders::expire_due(&world.context).unwrap(), 1);
    }

    fn an_order_that_a_provider_is_about_to_pay_waits_on(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let order = ordered(&world, &customer, product, 1, online());
        let id = order.order.id;
        world.database.execute(&format!("UPDATE orders SET payment_status = 'pending' WHERE id = {id}"));

        world.clock.advance(TimeDelta::hours(2));

        assert_eq!(orders::expire_due(&world.context).unwrap(), 0);
        assert_eq!(standings(&world), ["awaiting_payment pending -"]);
    }

    fn one_order_that_cannot_be_given_up_keeps_none_of_the_others_waiting(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (broken, whole) = (offer(&world, &shop, PLAIN), offer(&world, &shop, PLAIN));
        ordered(&world, &customer, broken, 1, online());
        ordered(&world, &customer, whole, 1, online());
        world.database.execute(&format!("UPDATE products SET status = 'inactive' WHERE id = {broken}"));

        world.clock.advance(TimeDelta::hours(2));

        assert_eq!(orders::expire_due(&world.context).unwrap(), 1);
        assert_eq!(standings(&world), ["awaiting_payment unpaid -", "cancelled unpaid -"]);
    }

    fn an_expiry_that_fails_anywhere_leaves_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        ordered(&world, &customer, product, 2, online());
        world.clock.advance(TimeDelta::hours(2));
        let before = world.everything();

        // A statement that fails is told in the log; the order is given up at the next turn.
        for nth in 1..100 {
            world.database.probe().fail_at(nth);
            let expired = orders::expire_due(&world.context);
            if world.database.probe().disarm() {
                assert!(expired.is_ok_and(|count| count == 1) && nth > 10, "{nth}");
                break;
            }
            assert!(!expired.is_ok_and(|count| count > 0));
            assert!(world.everything() == before, "statement {nth} left something behind");
        }
        assert_eq!(standings(&world), ["cancelled unpaid -"]);
    }

    fn many_servers_give_an_order_up_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let before = world.batches();
        for _ in 0..5 {
            ordered(&world, &customer, product, 1, online());
        }
        world.clock.advance(TimeDelta::hours(2));

        let expired: usize = at_once(4, |_| orders::expire_due(&world.context).unwrap()).into_iter().sum();

        assert_eq!(expired, 5);
        assert_eq!(world.batches(), before);
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        world.check_ledger();
    }

    fn an_order_expires_or_its_cash_is_taken(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let product = offer(&world, &shop, PLAIN);
        let (mut paid, mut expired) = (0, 0);

        for _ in 0..8 {
            let order = ordered(&world, &customer, product, 1, online());
            world.clock.advance(TimeDelta::hours(2));
            let outcomes = at_once(2, |thread| {
                if thread == 0 {
                    receive_cash(&world, &operator, &order, "12000.00").map(|_| true)
                } else {
                    orders::expire_due(&world.context).map(|count| count > 0)
                }
            });
            let [cash, expiry] = outcomes.try_into().unwrap();
            match (cash, expiry.unwrap()) {
                (Ok(_), false) => paid += 1,
                (Err(error), true) => {
                    assert_eq!(code::<()>(Err(error)), "illegal_transition");
                    expired += 1;
                }
                (cash, expiry) => panic!("{cash:?} and {expiry}"),
            }
        }

        let stand = standings(&world);
        assert_eq!(stand.iter().filter(|stand| *stand == "paid paid -").count(), paid);
        assert_eq!(stand.iter().filter(|stand| *stand == "cancelled unpaid -").count(), expired);
        assert_eq!(payments(&world), vec!["cash success 1200000"; paid]);
        world.check_ledger();
    }
}
