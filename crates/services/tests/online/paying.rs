//! Cash for orders.

use savdo_domain::access::Role;
use savdo_domain::order::{HistorySource, OrderStatus};
use savdo_persistence::on_both;
use savdo_services::Clock;
use savdo_services::orders;
use savdo_services::payments::PAYMENTS;
use savdo_services::testing::{World, at_once};

use crate::support::{
    PLAIN, RX, assign, cancel, cash, code, hand_over, offer, online, online_shop, ordered, packed, payments,
    receive_cash, set_status, standings, told,
};

/// What the logs of payments tell, in their order.
fn logged(world: &World) -> Vec<String> {
    world
        .database
        .lines("SELECT event AS line FROM payment_logs ORDER BY id")
}

on_both! {
    fn cash_is_expected_when_an_order_is_put_together(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (plain, rx) = (offer(&world, &shop, PLAIN), offer(&world, &shop, RX));

        ordered(&world, &customer, plain, 1, online());
        ordered(&world, &customer, rx, 1, cash());
        assert!(payments(&world).is_empty());
        let order = ordered(&world, &customer, plain, 2, cash());
        assert_eq!(payments(&world), ["cash pending 2400000"]);
        let public = world.database.lines("SELECT public_id AS line FROM payments");
        let hex = public[0].strip_prefix("PAY-").unwrap();
        assert!(hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte)), "{hex}");
        cancel(&world, &customer, &order, "").unwrap();
        assert_eq!(payments(&world), ["cash cancelled 2400000"]);
        assert_eq!(logged(&world), ["created", "cancelled"]);
    }

    fn cash_at_the_door_is_in_the_log_of_its_payment_and_counted_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let courier = world.hire(&shop, Role::Courier);
        let product = offer(&world, &shop, PLAIN);
        let order = packed(&world, &shop, &customer, product);
        assign(&world, &operator, &order, &courier).unwrap();
        set_status(&world, &courier, &order, "on_the_way").unwrap();
        assert_eq!(logged(&world), ["created"]);

        world.fails_at_every_statement(|| hand_over(&world, &courier, &order, "12000.00"));

        assert_eq!(payments(&world), ["cash success 1200000"]);
        assert_eq!(logged(&world), ["created", "completed", "cash_received"]);
        let counted = world.context.database().probe().counted(PAYMENTS);
        assert_eq!(counted, [(["cash", "pending"], 1), (["cash", "success"], 1)].into());
    }

    fn cash_received_settles_an_order_in_cash(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let (courier, stranger) = (world.hire(&shop, Role::Courier), world.customer());
        let product = offer(&world, &shop, PLAIN);
        let order = packed(&world, &shop, &customer, product);
        assign(&world, &operator, &order, &courier).unwrap();

        let before = world.everything();
        assert_eq!(code(receive_cash(&world, &customer, &order, "12000.00")), "forbidden");
        assert_eq!(code(receive_cash(&world, &courier, &order, "12000.00")), "forbidden");
        assert_eq!(code(receive_cash(&world, &operator, &order, "12000.01")), "amount_mismatch");
        assert_eq!(code(receive_cash(&world, &stranger, &order, "12000.00")), "not_found");
        assert_eq!(world.everything(), before);
        set_status(&world, &courier, &order, "on_the_way").unwrap();
        let (paid, statements) = world.fails_at_every_statement(|| receive_cash(&world, &courier, &order, "12000.00"));
        assert!(statements > 8, "{statements}");
        assert_eq!((paid.order.status, paid.order.paid_at), (OrderStatus::OnTheWay, Some(world.clock.now())));
        assert_eq!(payments(&world), ["cash success 1200000"]);
        let by = world.database.lines("SELECT received_by || '' AS line FROM payments");
        assert_eq!(by, [courier.user_id.to_string()]);
        assert_eq!(logged(&world), ["created", "completed", "cash_received"]);
        assert_eq!(code(receive_cash(&world, &operator, &order, "12000.00")), "already_paid");
        set_status(&world, &courier, &order, "delivered").unwrap();
        assert_eq!(payments(&world).len(), 1);
        let paid = told(&world);
        assert_eq!(paid.iter().filter(|event| *event == "order.paid" || *event == "payment.succeeded").count(), 2);
        let steps = orders::history(&world.context, &customer, order.order.id).unwrap().steps;
        assert_eq!(steps.len(), 4, "the money alone is no step");
    }

    fn an_order_that_awaits_its_online_payment_is_settled_at_the_counter(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let product = offer(&world, &shop, PLAIN);
        let order = ordered(&world, &customer, product, 1, online());
        let id = order.order.id;

        world.database.execute(&format!("UPDATE orders SET payment_status = 'pending' WHERE id = {id}"));
        assert_eq!(code(receive_cash(&world, &operator, &order, "12000.00")), "payment_in_progress");
        world.database.execute(&format!("UPDATE orders SET payment_status = 'unpaid' WHERE id = {id}"));
        let (paid, _) = world.fails_at_every_statement(|| receive_cash(&world, &operator, &order, "12000.00"));
        assert_eq!((paid.order.status, paid.order.expires_at), (OrderStatus::Paid, None));
        let last = orders::history(&world.context, &customer, id).unwrap().steps.pop().unwrap();
        assert_eq!((last.to, last.source, last.actor.map(|actor| actor.id)), (OrderStatus::Paid, HistorySource::Payment, Some(operator.user_id)));
        assert_eq!(payments(&world), ["cash success 1200000"]);
        assert_eq!(told(&world).iter().filter(|event| *event == "order.paid").count(), 1);
        assert_eq!(code(cancel(&world, &customer, &order, "")), "illegal_transition");
        cancel(&world, &operator, &order, "Dori tugadi").unwrap();
        assert_eq!(standings(&world), ["cancelled refund_pending -"]);
        assert_eq!(code(receive_cash(&world, &operator, &order, "12000.00")), "already_paid");
        assert_eq!(payments(&world), ["cash success 1200000"]);
    }

    fn no_cash_is_taken_for_an_order_that_is_not_put_together(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (plain, rx) = (offer(&world, &shop, PLAIN), offer(&world, &shop, RX));
        let waiting = ordered(&world, &customer, rx, 1, cash());
        let cancelled = ordered(&world, &customer, plain, 1, cash());
        cancel(&world, &customer, &cancelled, "").unwrap();

        for order in [&waiting, &cancelled] {
            assert_eq!(code(receive_cash(&world, &shop.owner, order, "12000.00")), "illegal_transition");
        }
    }

    fn cash_told_many_times_at_once_is_taken_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let in_cash = packed(&world, &shop, &customer, product);
        let awaited = ordered(&world, &customer, product, 1, online());

        for order in [&in_cash, &awaited] {
            let outcomes = at_once(8, |_| receive_cash(&world, &shop.owner, order, "12000.00"));
            let codes: Vec<_> = outcomes.into_iter().filter_map(|outcome| outcome.err().map(|error| code::<()>(Err(error)))).collect();
            assert_eq!(codes, ["already_paid"; 7]);
        }
        assert_eq!(payments(&world), ["cash success 1200000"; 2]);
        assert_eq!(told(&world).iter().filter(|event| *event == "payment.succeeded").count(), 2);
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
    }
}
