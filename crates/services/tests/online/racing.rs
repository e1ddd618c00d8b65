//! Many at once.

use savdo_domain::stock::StockRefusal;
use savdo_domain::{Quantity, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::orders;
use savdo_services::sales;
use savdo_services::testing::{World, refusal, sale};

use crate::support::{Offer, PLAIN, at_once, cancel, cash, code, offer, online_shop, ordered, put};

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
}
