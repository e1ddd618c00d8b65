//! Orders on their way: given to couriers, carried, called off.

use savdo_domain::access::{Actor, Role};
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::order::{HistorySource, OrderStatus};
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::deliveries::{self, DeliveryFilter};
use savdo_services::orders;
use savdo_services::testing::{World, refusal};
use savdo_services::{Clock, Page};

use crate::support::{
    PLAIN, assign, call_off, cancel, carry, cash, code, hand_over, offer, online_shop, ordered, packed, payments,
    set_status, standings, told,
};

on_both! {
    fn an_order_reaches_its_buyer(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let courier = world.hire(&shop, Role::Courier);
        let product = offer(&world, &shop, PLAIN);
        let order = packed(&world, &shop, &customer, product);

        assert_eq!(code(set_status(&world, &courier, &order, "on_the_way")), "not_found");
        let delivery = assign(&world, &operator, &order, &courier).unwrap().delivery;
        assert_eq!((delivery.status, delivery.courier.user_id), (DeliveryStatus::Ready, courier.user_id));
        let seen = orders::view(&world.context, &courier, order.order.id).unwrap();
        assert_eq!((seen.allowed_statuses, seen.shows_buyer_phone), (vec![OrderStatus::OnTheWay], true));
        assert!(!orders::view(&world.context, &customer, order.order.id).unwrap().shows_courier_phone);
        set_status(&world, &courier, &order, "on_the_way").unwrap();
        assert!(orders::view(&world.context, &customer, order.order.id).unwrap().shows_courier_phone);
        assert_eq!(code(set_status(&world, &courier, &order, "delivered")), "cash_required");
        assert_eq!(code(hand_over(&world, &courier, &order, "11999.99")), "amount_mismatch");
        let delivered = hand_over(&world, &courier, &order, "12000.00").unwrap();

        assert!(delivered.allowed_statuses.is_empty() && !delivered.shows_buyer_phone);
        let order = delivered.order;
        assert_eq!((order.paid_at, order.delivered_at), (Some(world.clock.now()), Some(world.clock.now())));
        let worker = courier.worker.as_ref().unwrap().id;
        assert_eq!(standings(&world), [format!("delivered paid {worker}")]);
        assert_eq!(payments(&world), ["cash success 1200000"]);
        let counted = world.database.lines("SELECT order_count || '' AS line FROM products");
        assert_eq!(counted, ["1"]);
        let steps = deliveries::history(&world.context, &courier, delivery.id).unwrap().steps;
        let steps: Vec<_> = steps.iter().map(|step| (step.from, step.to, step.actor.as_ref().map(|actor| actor.id))).collect();
        let (ready, on_the_way, handed) = (DeliveryStatus::Ready, DeliveryStatus::OnTheWay, DeliveryStatus::Delivered);
        let expected = [
            (None, ready, Some(operator.user_id)),
            (Some(ready), on_the_way, Some(courier.user_id)),
            (Some(on_the_way), handed, Some(courier.user_id)),
        ];
        assert_eq!(steps, expected);
        let events = told(&world);
        let events: Vec<_> = events.iter().skip_while(|event| *event != "order.created").collect();
        let expected = [
            "order.created",
            "order.status_changed",
            "delivery.assigned",
            "order.status_changed",
            "delivery.status_changed",
            "order.delivered",
            "delivery.status_changed",
            "payment.succeeded",
            "order.paid",
        ];
        assert_eq!(events, expected);
    }

    fn a_delivery_that_moves_takes_its_order_along(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, courier) = (world.customer(), world.hire(&shop, Role::Courier));
        let operator = world.hire(&shop, Role::Operator);
        let product = offer(&world, &shop, PLAIN);
        let order = packed(&world, &shop, &customer, product);
        let id = assign(&world, &operator, &order, &courier).unwrap().delivery.id;

        for status in ["ready", "canceled", "cancelled", "nonsense"] {
            let value = status.to_owned();
            let unknown = Refusal::field("status", FieldProblem::UnknownChoice { value });
            assert_eq!(refusal(carry(&world, &courier, id, status)), unknown);
        }
        assert_eq!(code(carry(&world, &operator, id, "on_the_way")), "forbidden");
        assert_eq!(code(carry(&world, &customer, id, "on_the_way")), "forbidden");
        assert_eq!(code(carry(&world, &courier, id, "delivered")), "illegal_transition");
        let seen = carry(&world, &courier, id, "on_the_way").unwrap();
        assert_eq!((seen.delivery.status, seen.delivery.order.status), (DeliveryStatus::OnTheWay, OrderStatus::OnTheWay));
        assert_eq!(seen.cash_due.to_string(), "12000.00");
        assert_eq!(code(carry(&world, &courier, id, "on_the_way")), "illegal_transition");
        assert_eq!(code(carry(&world, &courier, id, "delivered")), "cash_required");
        let last = orders::history(&world.context, &customer, order.order.id).unwrap().steps.pop().unwrap();
        assert_eq!((last.to, last.source), (OrderStatus::OnTheWay, HistorySource::Delivery));
    }

    fn an_order_goes_from_one_courier_to_another(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (one, other) = (world.hire(&shop, Role::Courier), world.hire(&shop, Role::Courier));
        let product = offer(&world, &shop, PLAIN);
        let order = packed(&world, &shop, &customer, product);
        let first = assign(&world, &shop.owner, &order, &one).unwrap();

        let before = world.database.dump();
        assert_eq!(assign(&world, &shop.owner, &order, &one).unwrap(), first);
        assert_eq!(world.database.dump(), before);
        let second = assign(&world, &shop.owner, &order, &other).unwrap();
        assert_eq!((second.delivery.id, second.delivery.courier.user_id), (first.delivery.id, other.user_id));
        assert_eq!(code(orders::view(&world.context, &one, order.order.id)), "not_found");
        assert_eq!(code(deliveries::view(&world.context, &one, first.delivery.id)), "not_found");
        assert_eq!(code(set_status(&world, &one, &order, "on_the_way")), "not_found");
        assert!(set_status(&world, &other, &order, "on_the_way").is_ok());
        assert_eq!(code(assign(&world, &shop.owner, &order, &one)), "delivery_on_the_way");
        let traces = world.database.dump_of(&["audit_entries"]);
        assert_eq!(traces.matches("|assign|delivery|").count(), 2);
    }

    fn only_a_packed_order_goes_to_a_courier_of_its_store(database: TestDatabase) {
        let world = World::on(database);
        let (shop, elsewhere) = (online_shop(&world), online_shop(&world));
        let (customer, stranger) = (world.customer(), world.customer());
        let (courier, seller) = (world.hire(&shop, Role::Courier), world.hire(&shop, Role::Seller));
        let (foreign, left) = (world.hire(&elsewhere, Role::Courier), world.hire(&shop, Role::Courier));
        let product = offer(&world, &shop, PLAIN);
        let fresh = ordered(&world, &customer, product, 1, cash());
        let order = packed(&world, &shop, &customer, product);
        let worker = left.worker.as_ref().unwrap().id;
        world.database.execute(&format!("UPDATE workers SET status = 'ishdan_ketgan' WHERE id = {worker}"));
        let before = world.database.dump();

        assert_eq!(code(assign(&world, &shop.owner, &fresh, &courier)), "order_not_ready");
        let unknown = Refusal::field("courier_id", FieldProblem::UnknownObject);
        for nobody in [&seller, &foreign, &left, &customer, &shop.owner] {
            assert_eq!(refusal(assign(&world, &shop.owner, &order, nobody)), unknown);
        }
        assert_eq!(code(assign(&world, &customer, &order, &courier)), "forbidden");
        for unseen in [&courier, &seller, &elsewhere.owner, &stranger] {
            assert_eq!(code(assign(&world, unseen, &order, &courier)), "not_found");
        }
        assert_eq!(world.database.dump(), before);
        assert!(world.database.lines("SELECT id || '' AS line FROM deliveries").is_empty());
    }

    fn a_delivery_called_off_leaves_its_order_packed(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let courier = world.hire(&shop, Role::Courier);
        let product = offer(&world, &shop, PLAIN);
        let order = packed(&world, &shop, &customer, product);

        let waiting = assign(&world, &operator, &order, &courier).unwrap().delivery.id;
        assert_eq!(code(call_off(&world, &courier, waiting, false)), "forbidden");
        assert_eq!(code(call_off(&world, &customer, waiting, false)), "forbidden");
        let ended = call_off(&world, &operator, waiting, false).unwrap().delivery;
        assert_eq!((ended.status, ended.note.as_str(), ended.canceled_at), (DeliveryStatus::Canceled, "Manzil topilmadi", Some(world.clock.now())));
        assert_eq!(standings(&world), ["ready_for_delivery pending -"]);
        assert_eq!(code(call_off(&world, &operator, waiting, false)), "illegal_transition");
        assert_eq!(code(set_status(&world, &shop.owner, &order, "on_the_way")), "courier_required");

        let second = assign(&world, &operator, &order, &courier).unwrap().delivery.id;
        assert_ne!(second, waiting);
        set_status(&world, &courier, &order, "on_the_way").unwrap();
        assert_eq!(code(call_off(&world, &operator, waiting, false)), "illegal_transition");
        call_off(&world, &operator, second, false).unwrap();
        assert_eq!(standings(&world), ["ready_for_delivery pending -"]);
        let last = orders::history(&world.context, &operator, order.order.id).unwrap().steps.pop().unwrap();
        assert_eq!((last.from, last.to, last.source), (OrderStatus::OnTheWay, OrderStatus::ReadyForDelivery, HistorySource::Delivery));
        // What he carried he still sees, not the order, which is not his any more.
        assert!(deliveries::view(&world.context, &courier, second).is_ok_and(|seen| !seen.shows_buyer_phone));
        assert_eq!(code(orders::view(&world.context, &courier, order.order.id)), "not_found");
    }

    fn goods_come_back_from_the_way(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, courier) = (world.customer(), world.hire(&shop, Role::Courier));
        let product = offer(&world, &shop, PLAIN);
        let before = world.batches();

        for with_delivery in [true, false] {
            let order = packed(&world, &shop, &customer, product);
            let id = assign(&world, &shop.owner, &order, &courier).unwrap().delivery.id;
            set_status(&world, &courier, &order, "on_the_way").unwrap();
            assert_eq!(code(cancel(&world, &customer, &order, "")), "illegal_transition");
            assert_eq!(code(cancel(&world, &courier, &order, "")), "forbidden");
            if with_delivery {
                call_off(&world, &shop.owner, id, true).unwrap();
            } else {
                cancel(&world, &shop.owner, &order, "Manzil topilmadi").unwrap();
            }
            let seen = deliveries::view(&world.context, &courier, id).unwrap().delivery;
            assert_eq!((seen.status, seen.order.status), (DeliveryStatus::Canceled, OrderStatus::Cancelled));
            // The courier sees what became of it.
            assert!(orders::view(&world.context, &courier, order.order.id).is_ok_and(|seen| !seen.shows_buyer_phone));
        }
        assert_eq!(world.batches(), before);
        assert_eq!(payments(&world), ["cash cancelled 1200000"; 2]);
        world.check_ledger();
    }

    fn each_sees_the_deliveries_that_are_his(database: TestDatabase) {
        let world = World::on(database);
        let (shop, elsewhere) = (online_shop(&world), online_shop(&world));
        let customer = world.customer();
        let (one, other) = (world.hire(&shop, Role::Courier), world.hire(&shop, Role::Courier));
        let product = offer(&world, &shop, PLAIN);
        for courier in [&one, &other, &one] {
            let order = packed(&world, &shop, &customer, product);
            assign(&world, &shop.owner, &order, courier).unwrap();
        }
        let page = Page::new(1, 20);
        let count = |actor: &Actor, filter| deliveries::list(&world.context, actor, filter, &page).map(|listed| listed.total).unwrap();
        let all = DeliveryFilter::default;

        assert_eq!([count(&one, all()), count(&other, all()), count(&shop.owner, all())], [2, 1, 3]);
        assert_eq!([count(&elsewhere.owner, all()), count(&world.admin(), all())], [0, 3]);
        assert_eq!(code(deliveries::list(&world.context, &customer, all(), &page)), "forbidden");
        let of_one = DeliveryFilter { courier_id: Some(one.user_id), ..all() };
        assert_eq!([count(&shop.owner, of_one.clone()), count(&other, of_one)], [2, 0]);
        let on_the_way = DeliveryFilter { status: Some(DeliveryStatus::OnTheWay), ..all() };
        let active = DeliveryFilter { is_active: Some(true), ..all() };
        assert_eq!([count(&shop.owner, on_the_way), count(&shop.owner, active)], [0, 3]);
    }

    fn steps_of_a_delivery_that_fail_anywhere_leave_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, courier) = (world.customer(), world.hire(&shop, Role::Courier));
        let other = world.hire(&shop, Role::Courier);
        let product = offer(&world, &shop, PLAIN);
        let order = packed(&world, &shop, &customer, product);

        let (delivery, _) = world.fails_at_every_statement(|| assign(&world, &shop.owner, &order, &courier));
        world.fails_at_every_statement(|| assign(&world, &shop.owner, &order, &other));
        world.fails_at_every_statement(|| call_off(&world, &shop.owner, delivery.delivery.id, false));
        let (delivery, _) = world.fails_at_every_statement(|| assign(&world, &shop.owner, &order, &courier));
        world.fails_at_every_statement(|| carry(&world, &courier, delivery.delivery.id, "on_the_way"));
        world.fails_at_every_statement(|| call_off(&world, &shop.owner, delivery.delivery.id, false));
        assign(&world, &shop.owner, &order, &courier).unwrap();
        set_status(&world, &courier, &order, "on_the_way").unwrap();
        let (_, statements) = world.fails_at_every_statement(|| hand_over(&world, &courier, &order, "12000.00"));
        assert!(statements > 12, "{statements}");
    }
}
