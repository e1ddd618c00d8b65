//! Many at once.

use savdo_domain::access::Role;
use savdo_domain::order::OrderStatus;
use savdo_domain::stock::StockRefusal;
use savdo_domain::{Quantity, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::orders;
use savdo_services::sales;
use savdo_services::testing::{World, at_once, refusal, sale};
use savdo_services::verify::verify;

use crate::support::{
    Offer, PLAIN, assign, call_off, cancel, cash, code, hand_over, offer, online_shop, ordered, packed, put,
    set_status, standings,
};

on_both! {
    fn one_cart_is_ordered_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        put(&world, &customer, product, 1).unwrap();

        let outcomes = at_once(8, |_| orders::place(&world.context, &customer, cash(), &Unkeyed));

        let mut codes: Vec<_> = outcomes.into_iter().map(|outcome| outcome.map_or_else(|error| code::<()>(Err(error)), |_| "placed")).collect();
        codes.sort_unstable();
        assert_eq!(codes, [["cart_empty"; 7].as_slice(), &["placed"]].concat());
    }

    fn what_is_left_goes_to_as_many_as_it_lasts(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let product = offer(&world, &shop, Offer { pieces: "6", ..PLAIN });
        let customers: Vec<_> = (0..12).map(|_| world.customer()).collect();
        for customer in &customers {
            put(&world, customer, product, 1).unwrap();
        }

        let outcomes = at_once(12, |buyer| orders::place(&world.context, &customers[buyer], cash(), &Unkeyed));

        let codes: Vec<_> = outcomes.into_iter().filter_map(|outcome| outcome.err().map(|error| code::<()>(Err(error)))).collect();
        assert_eq!(codes, ["insufficient_stock"; 6]);
        let level = world.database.dump_of(&["stock_levels"]);
        assert!(level.contains(&format!("|{product}|0|0|")), "{level}");
    }

    fn the_counter_and_the_online_shop_sell_what_there_is_and_no_more(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let product = offer(&world, &shop, Offer { pieces: "8", ..PLAIN });
        let customers: Vec<_> = (0..8).map(|_| world.customer()).collect();
        for customer in &customers {
            put(&world, customer, product, 1).unwrap();
        }

        let outcomes = at_once(16, |buyer| match customers.get(buyer) {
            Some(customer) => orders::place(&world.context, customer, cash(), &Unkeyed).map(|_| ()),
            None => sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, "1")]), &Unkeyed).map(|_| ()),
        });

        let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).map(|error| refusal::<()>(Err(error))).collect();
        assert_eq!(refused.len(), 8);
        for refusal in refused {
            let Refusal::Stock(StockRefusal::Insufficient(short)) = refusal else { panic!("{refusal:?}") };
            let figures: Vec<_> = short.iter().map(|line| (line.product_id, line.available, line.requested)).collect();
            assert_eq!(figures, [(product, Quantity::ZERO, Quantity::ONE)]);
        }
        let level = world.database.dump_of(&["stock_levels"]);
        assert!(level.contains(&format!("|{product}|0|0|")), "{level}");
    }

    fn orders_of_the_same_products_in_opposite_order_all_succeed(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let many = Offer { pieces: "100", ..PLAIN };
        let (one, two) = (offer(&world, &shop, many), offer(&world, &shop, many));
        let customers: Vec<_> = (0..10).map(|_| world.customer()).collect();
        for (number, customer) in customers.iter().enumerate() {
            let products = if number % 2 == 0 { [one, two] } else { [two, one] };
            for product in products {
                put(&world, customer, product, 3).unwrap();
            }
        }

        let outcomes = at_once(10, |buyer| orders::place(&world.context, &customers[buyer], cash(), &Unkeyed));

        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
    }

    fn many_cancels_have_one_effect(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let before = world.database.dump_of(&["stock_batches"]);
        let order = ordered(&world, &customer, product, 3, cash());

        let outcomes = at_once(16, |thread| {
            let actor = if thread % 2 == 0 { &customer } else { &shop.owner };
            cancel(&world, actor, &order, "")
        });

        let codes: Vec<_> = outcomes.into_iter().filter_map(|outcome| outcome.err().map(|error| code::<()>(Err(error)))).collect();
        assert_eq!(codes, ["illegal_transition"; 15]);
        assert_eq!(world.database.dump_of(&["stock_batches"]), before);
        let steps = orders::history(&world.context, &customer, order.order.id).unwrap().steps;
        assert_eq!(steps.len(), 2);
        let traces = world.database.dump_of(&["audit_entries", "outbox"]);
        assert_eq!(traces.matches("|cancel|order|").count(), 1);
        assert_eq!(traces.matches("|order.cancelled|").count(), 1);
    }

    fn the_last_piece_goes_to_one_of_fifty_buyers(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let product = offer(&world, &shop, Offer { pieces: "1", ..PLAIN });
        let customers: Vec<_> = (0..50).map(|_| world.customer()).collect();
        for customer in &customers {
            put(&world, customer, product, 1).unwrap();
        }

        let outcomes = at_once(50, |buyer| orders::place(&world.context, &customers[buyer], cash(), &Unkeyed));

        let codes: Vec<_> = outcomes.into_iter().filter_map(|outcome| outcome.err().map(|error| code::<()>(Err(error)))).collect();
        assert_eq!(codes, ["insufficient_stock"; 49]);
        assert_eq!(standings(&world), ["preparing pending -"]);
        world.check_ledger();
    }

    fn an_order_is_packed_or_cancelled_and_never_both(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let mut packed = 0;

        for _ in 0..8 {
            let order = ordered(&world, &customer, product, 1, cash());
            let outcomes = at_once(2, |thread| match thread {
                0 => cancel(&world, &customer, &order, ""),
                _ => set_status(&world, &shop.owner, &order, "ready_for_delivery"),
            });
            let codes: Vec<_> = outcomes.into_iter().filter_map(|outcome| outcome.err().map(|error| code::<()>(Err(error)))).collect();
            assert_eq!(codes, ["illegal_transition"]);
            let steps = orders::history(&world.context, &customer, order.order.id).unwrap().steps;
            assert_eq!(steps.len(), 2);
            packed += usize::from(steps[1].to == OrderStatus::ReadyForDelivery);
        }
        assert_eq!(standings(&world).iter().filter(|stand| stand.starts_with("ready")).count(), packed);
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        world.check_ledger();
    }

    fn a_courier_hands_over_while_the_operator_calls_him_off(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, courier) = (world.customer(), world.hire(&shop, Role::Courier));
        let product = offer(&world, &shop, PLAIN);

        for round in 0..9 {
            let order = packed(&world, &shop, &customer, product);
            let delivery = assign(&world, &shop.owner, &order, &courier).unwrap().delivery.id;
            set_status(&world, &courier, &order, "on_the_way").unwrap();
            let outcomes = at_once(2, |thread| match (thread, round % 3) {
                (0, _) => hand_over(&world, &courier, &order, "12000.00").map(|_| ()),
                (_, 0) => cancel(&world, &shop.owner, &order, "Rad etildi").map(|_| ()),
                (_, 1) => call_off(&world, &shop.owner, delivery, true).map(|_| ()),
                _ => call_off(&world, &shop.owner, delivery, false).map(|_| ()),
            });
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        }
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        assert_eq!(verify(&world.context).unwrap().differences, []);
    }

    fn an_order_given_to_two_couriers_at_once_is_with_one(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let couriers = [world.hire(&shop, Role::Courier), world.hire(&shop, Role::Courier)];
        let product = offer(&world, &shop, PLAIN);

        for _ in 0..6 {
            let order = packed(&world, &shop, &customer, product);
            let outcomes = at_once(4, |thread| assign(&world, &shop.owner, &order, &couriers[thread % 2]));
            assert!(outcomes.iter().all(Result::is_ok));
        }
        let active = "SELECT order_id || '' AS line FROM deliveries WHERE status = 'ready'";
        assert_eq!(world.database.lines(active).len(), 6);
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        assert_eq!(verify(&world.context).unwrap().differences, []);
    }
}
