//! What buyers and couriers try at carts, orders and deliveries (reliability.md 17, 25, 35 to 37, 41, 54).

use chrono::NaiveDate;
use savdo_domain::access::{Actor, Role};
use savdo_domain::cart::CartRefusal;
use savdo_domain::order::OrderStatus;
use savdo_domain::stock::StockRefusal;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::deliveries::{self, DeliveryFilter};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, OrderFilter, PlaceOrder};
use savdo_services::stock::MoveGoods;
use savdo_services::testing::{Shop, World, at_once, money, receipt, refusal};
use savdo_services::{Page, carts};

use crate::support::{
    Offer, PLAIN, TABLES, assign, call_off, cancel, carry, cash, code, hand_over, offer, online, online_shop, ordered,
    packed, payments, put, receive_cash, reprice, set_status, standings,
};

/// Pieces of a product that are good until a day, that day included.
fn receive_until(world: &World, shop: &Shop, product: savdo_domain::ids::ProductId, pieces: &str, until: &str) {
    let expires_on: Option<NaiveDate> = Some(until.parse().unwrap());
    let goods = receipt(shop, product, pieces, "8000.00");
    world.receive(shop, MoveGoods { expires_on, ..goods });
}

on_both! {
    /// Case 17 of the abuse cases.
    fn no_filter_shows_a_customer_the_orders_of_another(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, other) = (world.customer(), world.customer());
        let product = offer(&world, &shop, PLAIN);
        let own = ordered(&world, &customer, product, 1, cash()).order.id;
        let foreign = ordered(&world, &other, product, 1, cash()).order;
        let none = OrderFilter::default;
        let listed = |filter| {
            let listed = orders::list(&world.context, &customer, filter, &Page::new(1, 20)).unwrap();
            (listed.total, listed.rows.iter().map(|seen| seen.order.id).collect::<Vec<_>>())
        };

        assert_eq!(listed(OrderFilter { buyer_id: Some(other.user_id), ..none() }), (0, vec![]));
        assert_eq!(listed(OrderFilter { store_id: Some(shop.store_id), ..none() }), (1, vec![own]));
        assert_eq!(listed(OrderFilter { statuses: vec![OrderStatus::Preparing], ..none() }), (1, vec![own]));
        for typed in [foreign.id.to_string(), foreign.buyer.phone] {
            assert_eq!(listed(none().with_search(&typed)), (1, vec![own]), "the search is for staff");
        }
    }

    /// Case 25 of the abuse cases.
    fn a_courier_meets_no_delivery_but_his_own(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, his) = (world.customer(), world.hire(&shop, Role::Courier));
        let colleague = world.hire(&shop, Role::Courier);
        let stranger = world.hire(&online_shop(&world), Role::Courier);
        let product = offer(&world, &shop, PLAIN);
        let order = packed(&world, &shop, &customer, product);
        let delivery = assign(&world, &shop.owner, &order, &his).unwrap().delivery.id;
        let page = Page::new(1, 20);
        let count = |actor: &Actor| deliveries::list(&world.context, actor, DeliveryFilter::default(), &page).unwrap().total;
        let check = |stage: &str| {
            let before = world.everything();
            for other in [&colleague, &stranger] {
                let refused = [
                    code(deliveries::view(&world.context, other, delivery)),
                    code(deliveries::history(&world.context, other, delivery)),
                    code(carry(&world, other, delivery, "on_the_way")),
                    code(carry(&world, other, delivery, "delivered")),
                    code(orders::view(&world.context, other, order.order.id)),
                    code(orders::history(&world.context, other, order.order.id)),
                    code(set_status(&world, other, &order, "on_the_way")),
                    code(hand_over(&world, other, &order, "12000.00")),
                    code(receive_cash(&world, other, &order, "12000.00")),
                    code(cancel(&world, other, &order, "")),
                ];
                assert_eq!(refused, ["not_found"; 10], "{stage}");
                assert_eq!(count(other), 0, "{stage}");
                // Calling off is for staff, whosever the delivery is.
                assert!(["forbidden", "not_found"].contains(&code(call_off(&world, other, delivery, true))), "{stage}");
            }
            assert!(world.everything() == before, "{stage}: something changed");
        };

        check("assigned");
        set_status(&world, &his, &order, "on_the_way").unwrap();
        check("on the way");
        hand_over(&world, &his, &order, "12000.00").unwrap();
        check("delivered");
        assert_eq!(count(&his), 1);
    }

    /// Case 35 of the abuse cases.
    fn an_order_costs_what_its_buyer_was_shown_or_is_none(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let product = offer(&world, &shop, Offer { pieces: "100", ..PLAIN });
        let customers: Vec<_> = (0..6).map(|_| world.customer()).collect();

        for round in 0..3 {
            let price = carts::view(&world.context, &customers[0]).unwrap();
            assert!(price.summary.is_empty);
            for customer in &customers {
                put(&world, customer, product, 2).unwrap();
            }
            let shown = carts::view(&world.context, &customers[0]).unwrap().summary.total_price;
            let other = if round % 2 == 0 { "15000.00" } else { "12000.00" };
            let outcomes = at_once(7, |thread| match customers.get(thread) {
                Some(customer) => {
                    let asked = PlaceOrder { expected_total: Some(shown), ..cash() };
                    Some(orders::place(&world.context, customer, asked, &Unkeyed))
                }
                None => {
                    reprice(&world, &shop, product, other);
                    None
                }
            });

            for (outcome, customer) in outcomes.into_iter().flatten().zip(&customers) {
                match outcome {
                    Ok(placed) => assert_eq!(placed.order.total_price, shown),
                    refused => {
                        assert_eq!(code(refused), "price_changed");
                        assert_eq!(carts::clear(&world.context, customer).unwrap().lines.len(), 0);
                    }
                }
            }
        }
        world.check_ledger();
    }

    /// Case 36 of the abuse cases: nothing dearer can be asked for.
    fn the_most_of_the_dearest_is_ordered_at_its_price(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let products = [0; 2].map(|_| offer(&world, &shop, Offer { price: "9999999999.99", pieces: "100", ..PLAIN }));
        for product in products {
            put(&world, &customer, product, 100).unwrap();
        }

        assert_eq!(carts::view(&world.context, &customer).unwrap().summary.total_price, money("1999999999998.00"));
        let placed = orders::place(&world.context, &customer, cash(), &Unkeyed).unwrap();

        assert_eq!(placed.order.total_price, money("1999999999998.00"));
        assert_eq!(payments(&world), ["cash pending 199999999999800"]);
        world.check_ledger();
    }

    /// Case 37 of the abuse cases.
    fn a_product_added_a_hundred_times_is_one_line_compared_with_the_stock_each_time(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let plenty = offer(&world, &shop, Offer { pieces: "200", ..PLAIN });
        let few = offer(&world, &shop, Offer { pieces: "3", ..PLAIN });

        for _ in 0..100 {
            put(&world, &customer, plenty, 1).unwrap();
        }
        for _ in 0..3 {
            put(&world, &customer, few, 1).unwrap();
        }

        let (min, max) = ("1".to_owned(), "100".to_owned());
        let most = FieldErrors::one("quantity", FieldProblem::OutOfRange { min, max });
        assert_eq!(refusal(put(&world, &customer, plenty, 1)), most.into());
        let short = CartRefusal::InsufficientStock { available: 3, requested: 4 };
        assert_eq!(refusal(put(&world, &customer, few, 1)), short.into());
        let cart = carts::view(&world.context, &customer).unwrap();
        assert_eq!(cart.lines.iter().map(|offered| offered.line.pieces).collect::<Vec<_>>(), [100, 3]);
    }

    /// Case 41 of the abuse cases.
    fn what_expired_is_never_ordered_and_what_expires_today_still_is(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, Offer { pieces: "1", ..PLAIN });
        let today = "2026-03-12";
        receive_until(&world, &shop, product, "4", today);
        receive_until(&world, &shop, product, "2", "2026-03-13");
        let batches = || world.batches();
        put(&world, &customer, product, 7).unwrap();

        let first = ordered(&world, &world.customer(), product, 1, cash());
        assert_eq!(batches(), ["1: 1000 800000", "2: 3000 2400000", "3: 2000 1600000"], "of today first");
        world.clock.advance(chrono::TimeDelta::days(1));
        let left = batches();
        let Refusal::Stock(StockRefusal::Insufficient(short)) = refusal(orders::place(&world.context, &customer, cash(), &Unkeyed)) else {
            panic!("it was ordered")
        };
        let figures: Vec<_> = short.iter().map(|line| (line.product_id, line.available.to_string(), line.requested.to_string())).collect();
        assert_eq!(figures, [(product, "3.000".to_owned(), "7.000".to_owned())]);
        assert_eq!(batches(), left);
        ordered(&world, &world.customer(), product, 3, cash());
        assert_eq!(batches(), ["1: 0 0", "2: 3000 2400000", "3: 0 0"]);
        // What comes back expired meanwhile lies there and is nobody's.
        cancel(&world, &shop.owner, &first, "").unwrap();
        assert_eq!(batches(), ["1: 0 0", "2: 4000 3200000", "3: 0 0"]);
        let before = world.database.dump_of(TABLES);
        assert_eq!(code(orders::place(&world.context, &customer, cash(), &Unkeyed)), "insufficient_stock");
        assert_eq!(code(put(&world, &world.customer(), product, 1)), "insufficient_stock");
        assert_eq!(world.database.dump_of(TABLES), before);
        world.check_ledger();
    }

    /// Case 54 of the abuse cases, of cash; the providers' payments come with their issue.
    fn an_order_is_paid_or_cancelled_by_its_buyer_and_never_both(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let mut paid = 0;

        for _ in 0..8 {
            let order = ordered(&world, &customer, product, 1, online());
            let outcomes = at_once(2, |thread| match thread {
                0 => cancel(&world, &customer, &order, ""),
                _ => receive_cash(&world, &shop.owner, &order, "12000.00"),
            });
            let [cancelled, received] = outcomes.try_into().unwrap();
            assert_ne!(cancelled.is_ok(), received.is_ok());
            paid += usize::from(received.is_ok());
            for lost in [cancelled, received].into_iter().filter(Result::is_err) {
                assert_eq!(code(lost), "illegal_transition");
            }
            let steps = orders::history(&world.context, &customer, order.order.id).unwrap().steps;
            assert_eq!(steps.len(), 2);
        }

        assert_eq!(standings(&world).iter().filter(|stand| *stand == "paid paid -").count(), paid);
        assert_eq!(standings(&world).iter().filter(|stand| *stand == "cancelled unpaid -").count(), 8 - paid);
        assert_eq!(payments(&world), vec!["cash success 1200000"; paid]);
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        world.check_ledger();
    }
}
