//! Orders that move: by hand, and by a cancel.

use savdo_domain::access::{PharmacyRole, Role};
use savdo_domain::order::{HistorySource, OrderRefusal, OrderStatus, PaymentStatus};
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::orders::{self, OrderSeen};
use savdo_services::testing::{World, receipt, refusal};
use savdo_services::{Clock, carts};

use crate::support::{Offer, PLAIN, RX, cancel, cash, code, offer, online, online_shop, ordered, put, set_status};

fn illegal(from: OrderStatus, to: OrderStatus, allowed: &[OrderStatus]) -> Refusal {
    let allowed = allowed.to_vec();
    OrderRefusal::IllegalTransition { from, to, allowed }.into()
}

fn status(seen: &OrderSeen) -> OrderStatus {
    seen.order.status
}

on_both! {
    fn an_operator_and_an_admin_prepare_an_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator, admin) = (world.customer(), world.hire(&shop, Role::Operator), world.admin());
        let product = offer(&world, &shop, PLAIN);
        let order = ordered(&world, &customer, product, 1, cash());

        let seen = orders::view(&world.context, &operator, order.order.id).unwrap();
        assert_eq!(seen.allowed_statuses, [OrderStatus::ReadyForDelivery, OrderStatus::Cancelled]);
        let ready = set_status(&world, &operator, &order, "ready_for_delivery").unwrap();
        assert_eq!((status(&ready), ready.order.payment_status), (OrderStatus::ReadyForDelivery, PaymentStatus::Pending));
        assert_eq!(ready.allowed_statuses, [OrderStatus::Cancelled]);
        assert_eq!(refusal(set_status(&world, &admin, &order, "on_the_way")), OrderRefusal::CourierRequired.into());
        let steps = orders::history(&world.context, &customer, order.order.id).unwrap().steps;
        let last = steps.last().unwrap();
        assert_eq!((last.from, last.to), (OrderStatus::Preparing, OrderStatus::ReadyForDelivery));
        assert_eq!((last.source, last.actor.as_ref().map(|actor| actor.role)), (HistorySource::User, Some(PharmacyRole::Operator)));
        let traces = world.database.dump_of(&["audit_entries", "outbox"]);
        let id = order.order.id;
        assert_eq!(traces.matches(&format!("|status|order|{id}|")).count(), 1);
        assert_eq!(traces.matches(&format!("|order.status_changed|order|{id}|")).count(), 1);
    }

    fn a_status_is_judged_in_the_order_of_the_contract(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other_shop) = (online_shop(&world), online_shop(&world));
        let (customer, stranger) = (world.customer(), world.customer());
        let (operator, courier) = (world.hire(&shop, Role::Operator), world.hire(&shop, Role::Courier));
        let (manager, seller) = (world.hire(&shop, Role::Manager), world.hire(&shop, Role::Seller));
        let foreign = world.hire(&other_shop, Role::Operator);
        let product = offer(&world, &shop, PLAIN);
        let order = ordered(&world, &customer, product, 1, online());
        let before = world.database.dump();
        let refused = |actor, status| code(set_status(&world, actor, &order, status));

        for unseen in [&stranger, &courier, &seller, &foreign] {
            assert_eq!([refused(unseen, "nonsense"), refused(unseen, "paid")], ["not_found"; 2]);
        }
        let unknown = Refusal::field("status", FieldProblem::UnknownChoice { value: "nonsense".to_owned() });
        assert_eq!(refusal(set_status(&world, &customer, &order, "nonsense")), unknown);
        assert_eq!([refused(&customer, "cancelled"), refused(&operator, "delivered")], ["forbidden"; 2]);
        let to = OrderStatus::ReadyForDelivery;
        let expected = illegal(OrderStatus::AwaitingPayment, to, &[OrderStatus::Cancelled]);
        assert_eq!(refusal(set_status(&world, &operator, &order, "ready_for_delivery")), expected);
        assert_eq!(refused(&manager, "paid"), "transition_not_allowed");
        assert_eq!(world.database.dump(), before);
    }

    fn a_cancel_puts_the_goods_back_where_they_came_from(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, Offer { pieces: "2", ..PLAIN });
        world.receive(&shop, receipt(&shop, product, "8", "7999.99"));
        let before = world.database.dump_of(&["stock_batches"]);
        let order = ordered(&world, &customer, product, 3, cash());
        assert_ne!(world.database.dump_of(&["stock_batches"]), before);

        let cancelled = cancel(&world, &customer, &order, "Fikrim o'zgardi").unwrap();

        assert_eq!(world.database.dump_of(&["stock_batches"]), before);
        let order = &cancelled.order;
        assert_eq!((order.status, order.payment_status), (OrderStatus::Cancelled, PaymentStatus::Unpaid));
        assert_eq!((order.cancel_reason.as_str(), order.cancelled_at), ("Fikrim o'zgardi", Some(world.clock.now())));
        assert!(!cancelled.can_cancel && !cancelled.can_pay);
        let expected = illegal(OrderStatus::Cancelled, OrderStatus::Cancelled, &[]);
        assert_eq!(refusal(cancel(&world, &customer, &cancelled, "")), expected);
        let stock = put(&world, &customer, product, 10).unwrap().lines[0].product.stock();
        assert_eq!(stock, 10);
        let traces = world.database.dump_of(&["audit_entries", "outbox", "stock_movements"]);
        let id = order.id;
        assert_eq!(traces.matches(&format!("|cancel|order|{id}|")).count(), 1);
        assert_eq!(traces.matches(&format!("|order.cancelled|order|{id}|")).count(), 1);
        assert_eq!(traces.matches(&format!("|order_cancel|order|{id}|")).count(), 1);
    }

    fn a_customer_cancels_until_his_order_is_packed(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let (plain, rx) = (offer(&world, &shop, PLAIN), offer(&world, &shop, RX));

        for (product, command) in [(plain, online()), (plain, cash()), (rx, online()), (rx, cash())] {
            let order = ordered(&world, &customer, product, 1, command);
            assert_eq!(status(&cancel(&world, &customer, &order, "").unwrap()), OrderStatus::Cancelled);
        }
        let packed = ordered(&world, &customer, plain, 1, cash());
        set_status(&world, &operator, &packed, "ready_for_delivery").unwrap();
        let expected = illegal(OrderStatus::ReadyForDelivery, OrderStatus::Cancelled, &[]);
        assert_eq!(refusal(cancel(&world, &customer, &packed, "")), expected);
        assert_eq!(status(&cancel(&world, &operator, &packed, "").unwrap()), OrderStatus::Cancelled);
    }

    fn staff_say_why_they_cancel_what_is_paid(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let product = offer(&world, &shop, PLAIN);
        let order = ordered(&world, &customer, product, 1, online());
        let id = order.order.id;
        world.database.execute(&format!(
            "UPDATE orders SET status = 'paid', payment_status = 'paid', expires_at = NULL WHERE id = {id}"
        ));

        assert_eq!(refusal(cancel(&world, &operator, &order, "")), Refusal::field("reason", FieldProblem::Required));
        let by_status = set_status(&world, &operator, &order, "cancelled");
        assert_eq!(refusal(by_status), Refusal::field("comment", FieldProblem::Required));
        assert_eq!(code(cancel(&world, &customer, &order, "")), "illegal_transition");
        let cancelled = cancel(&world, &operator, &order, "Dori tugadi").unwrap().order;
        assert_eq!((cancelled.status, cancelled.payment_status), (OrderStatus::Cancelled, PaymentStatus::RefundPending));
    }

    fn staff_of_a_switched_off_store_finish_its_orders(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let product = offer(&world, &shop, PLAIN);
        let order = ordered(&world, &customer, product, 1, cash());
        let id = shop.store_id;

        world.database.execute(&format!("UPDATE stores SET status = 'inactive' WHERE id = {id}"));
        let operator = world.again(&operator);
        assert!(set_status(&world, &operator, &order, "ready_for_delivery").is_ok());
        world.database.execute(&format!("UPDATE stores SET status = 'blocked' WHERE id = {id}"));
        let operator = world.again(&operator);
        assert_eq!(code(cancel(&world, &operator, &order, "")), "store_blocked");
        assert!(orders::view(&world.context, &customer, order.order.id).is_ok());
        assert!(carts::view(&world.context, &customer).is_ok());
    }

    fn a_cancel_that_fails_anywhere_leaves_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let order = ordered(&world, &customer, product, 2, cash());
        let before = world.database.dump();
        let probe = world.context.database().probe();

        for statement in 1.. {
            probe.fail_at(statement);
            let cancelled = cancel(&world, &customer, &order, "");
            if probe.disarm() {
                assert!(cancelled.is_ok() && statement > 8);
                break;
            }
            assert!(cancelled.is_err(), "statement {statement} failed unnoticed");
            assert_eq!(world.database.dump(), before, "after statement {statement}");
        }
    }
}
