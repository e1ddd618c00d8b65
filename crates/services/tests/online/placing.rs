//! Checkout.

use chrono::TimeDelta;
use savdo_domain::access::{PharmacyRole, Role};
use savdo_domain::cart::CartPart;
use savdo_domain::order::{HistorySource, OrderRefusal, OrderStatus, PaymentStatus, PriceLine, UnavailableProduct};
use savdo_domain::settings::SettingsPatch;
use savdo_domain::stock::{LocationKind, Place, ShortLine, StockRefusal};
use savdo_domain::{FieldProblem, Quantity, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, PlaceOrder};
use savdo_services::testing::{World, money, refusal};
use savdo_services::{Clock, carts};

use crate::support::{
    Offer, PLAIN, RX, TABLES, cash, code, offer, online, online_shop, ordered, put, reprice, sell, set, show,
};

on_both! {
    fn an_order_freezes_the_prices_of_its_moment(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (one, two) = (offer(&world, &shop, PLAIN), offer(&world, &shop, Offer { price: "500.50", ..PLAIN }));
        put(&world, &customer, one, 2).unwrap();
        put(&world, &customer, two, 1).unwrap();
        reprice(&world, &shop, one, "13000.00");

        let placed = orders::place(&world.context, &customer, PlaceOrder { comment: "Ertaga".to_owned(), ..cash() }, &Unkeyed).unwrap();
        reprice(&world, &shop, one, "1.00");

        let order = &placed.order;
        assert_eq!((order.status, order.payment_status), (OrderStatus::Preparing, PaymentStatus::Pending));
        assert_eq!((order.total_price, order.needs_prescription), (money("26500.50"), false));
        assert_eq!((order.store.id, order.location_id, order.buyer.id), (shop.store_id, shop.branch_id, customer.user_id));
        assert_eq!((order.delivery_address.as_str(), order.comment.as_str()), ("Toshkent, Navoiy 1", "Ertaga"));
        assert_eq!((order.created_at, order.expires_at), (world.clock.now(), None));
        let lines: Vec<_> = placed.lines.iter().map(|line| (line.product_id, line.pieces, line.price, line.subtotal)).collect();
        let expected = [
            (one, 2, money("13000.00"), money("26000.00")),
            (two, 1, money("500.50"), money("500.50")),
        ];
        assert_eq!(lines, expected);
        assert!(placed.can_cancel && !placed.can_pay && placed.allowed_statuses.is_empty());
        assert_eq!(orders::view(&world.context, &customer, order.id).unwrap(), placed);
        assert!(carts::view(&world.context, &customer).unwrap().summary.is_empty);
        assert_eq!(put(&world, &customer, one, 8).unwrap().lines[0].product.stock(), 8);
    }

    fn an_order_begins_where_its_lines_and_payment_say(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (plain, rx) = (offer(&world, &shop, PLAIN), offer(&world, &shop, RX));
        let begun = |product, command| {
            let placed = ordered(&world, &customer, product, 1, command);
            assert_eq!(orders::view(&world.context, &customer, placed.order.id).unwrap(), placed);
            let order = placed.order;
            let wait = order.expires_at.map(|expires_at| expires_at - order.created_at);
            (order.status, order.payment_status, order.needs_prescription, wait)
        };

        let hours = |hours| Some(TimeDelta::hours(hours));
        use OrderStatus::{AwaitingPayment, AwaitingPrescription, Preparing};
        use PaymentStatus::{Pending, Unpaid};
        assert_eq!(begun(plain, online()), (AwaitingPayment, Unpaid, false, hours(1)));
        assert_eq!(begun(plain, cash()), (Preparing, Pending, false, None));
        assert_eq!(begun(rx, online()), (AwaitingPrescription, Unpaid, true, hours(72)));
        assert_eq!(begun(rx, cash()), (AwaitingPrescription, Unpaid, true, hours(72)));

        put(&world, &customer, rx, 2).unwrap();
        let mixed = ordered(&world, &customer, plain, 1, cash());
        let needed: Vec<_> = mixed.lines.iter().map(|line| (line.product_id, line.pieces, line.needs_prescription)).collect();
        assert_eq!(needed, [(rx, 2, true), (plain, 1, false)]);
        assert_eq!(orders::view(&world.context, &customer, mixed.order.id).unwrap(), mixed);
    }

    fn a_checkout_leaves_its_history_audit_and_event(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);

        let placed = ordered(&world, &customer, product, 1, online());

        let steps = orders::history(&world.context, &customer, placed.order.id).unwrap().steps;
        assert_eq!(steps.len(), 1);
        let step = &steps[0];
        assert_eq!((step.from, step.to), (OrderStatus::Draft, OrderStatus::AwaitingPayment));
        assert_eq!((step.source, step.created_at), (HistorySource::Checkout, world.clock.now()));
        let actor = step.actor.as_ref().unwrap();
        assert_eq!((actor.id, actor.role), (customer.user_id, PharmacyRole::Customer));
        let traces = world.database.dump_of(&["audit_entries", "outbox"]);
        let id = placed.order.id;
        assert_eq!(traces.matches(&format!("|create|order|{id}|Buyurtma №{id}: 12000.00 so'm|")).count(), 1);
        assert_eq!(traces.matches(&format!("|order.created|order|{id}|")).count(), 1);
    }

    fn a_checkout_is_refused_in_the_order_of_the_contract_and_changes_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        assert_eq!(code(orders::place(&world.context, &customer, cash(), &Unkeyed)), "cart_empty");
        let first = offer(&world, &shop, Offer { pieces: "3", ..PLAIN });
        let second = offer(&world, &shop, Offer { pieces: "2", ..PLAIN });
        put(&world, &customer, first, 3).unwrap();
        let cart = put(&world, &customer, second, 2).unwrap();
        let names: Vec<_> = cart.lines.iter().map(|offered| offered.product.name.clone()).collect();
        sell(&world, &shop, first, "2");
        sell(&world, &shop, second, "1");
        show(&world, &shop, second, false);
        reprice(&world, &shop, first, "100.00");
        let shown = Some(money("60000.00"));
        let asked = PlaceOrder { expected_total: shown, ..cash() };
        let switched = |cash, is_open| {
            let (cash_enabled, online_enabled) = (Some(cash), Some(is_open));
            set(&world, &shop, SettingsPatch { cash_enabled, online_enabled, ..SettingsPatch::default() });
        };
        switched(false, false);
        let before = world.database.dump_of(TABLES);
        let refused = || refusal(orders::place(&world.context, &customer, asked.clone(), &Unkeyed));

        assert_eq!(refused(), Refusal::field("payment_method", FieldProblem::PaymentNotAccepted));
        switched(true, false);
        assert_eq!(refused(), OrderRefusal::StoreClosed.into());
        switched(true, true);
        let unavailable = UnavailableProduct { product_id: second, product_name: names[1].clone() };
        assert_eq!(refused(), OrderRefusal::ProductUnavailable(vec![unavailable]).into());
        show(&world, &shop, second, true);
        let line = |product_id, price, pieces, subtotal| PriceLine {
            product_id,
            price_at_add: money("12000.00"),
            price: money(price),
            pieces,
            subtotal: money(subtotal),
        };
        let changed = OrderRefusal::PriceChanged {
            total_price: money("24300.00"),
            lines: vec![line(first, "100.00", 3, "300.00"), line(second, "12000.00", 2, "24000.00")],
        };
        assert_eq!(refused(), changed.into());
        let short = |product_id, name: &str, requested| ShortLine {
            product_id,
            product_name: name.to_owned(),
            place: Place { location_id: shop.branch_id, kind: LocationKind::Branch },
            available: Quantity::ONE,
            requested: Quantity::from_pieces(requested).unwrap(),
        };
        let shortage = StockRefusal::Insufficient(vec![short(first, &names[0], 3), short(second, &names[1], 2)]);
        assert_eq!(refusal(orders::place(&world.context, &customer, cash(), &Unkeyed)), shortage.into());
        assert_eq!(world.database.dump_of(TABLES), before);
    }

    fn the_total_that_was_shown_is_accepted(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        put(&world, &customer, product, 2).unwrap();

        let asked = PlaceOrder { expected_total: Some(money("24000.00")), ..cash() };

        assert!(orders::place(&world.context, &customer, asked, &Unkeyed).is_ok());
    }

    fn a_part_without_prescription_leaves_the_rest_in_the_cart(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (plain, rx) = (offer(&world, &shop, PLAIN), offer(&world, &shop, RX));
        put(&world, &customer, rx, 1).unwrap();
        let part = PlaceOrder { part: CartPart::WithoutPrescription, ..cash() };
        assert_eq!(code(orders::place(&world.context, &customer, part.clone(), &Unkeyed)), "cart_empty");
        put(&world, &customer, plain, 1).unwrap();

        let first = orders::place(&world.context, &customer, part, &Unkeyed).unwrap();
        put(&world, &customer, plain, 1).unwrap();
        carts::split(&world.context, &customer, CartPart::WithoutPrescription).unwrap();
        let second = orders::place(&world.context, &customer, cash(), &Unkeyed).unwrap();

        assert_eq!([&first, &second].map(|seen| seen.lines[0].product_id), [plain; 2]);
        let left = carts::view(&world.context, &customer).unwrap();
        assert_eq!((left.lines.len(), left.lines[0].product.product_id, left.saved.len()), (1, rx, 0));
        assert_eq!(left.store.map(|store| store.id), Some(shop.store_id));
    }

    fn sellers_operators_and_couriers_do_not_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let product = offer(&world, &shop, PLAIN);

        let codes = [Role::Seller, Role::Operator, Role::Courier].map(|role| {
            let worker = world.hire(&shop, role);
            put(&world, &worker, product, 1).unwrap();
            code(orders::place(&world.context, &worker, cash(), &Unkeyed))
        });
        put(&world, &shop.owner, product, 1).unwrap();
        let by_owner = orders::place(&world.context, &shop.owner, online(), &Unkeyed).unwrap();

        assert_eq!(codes, ["forbidden"; 3]);
        assert!(by_owner.can_pay && by_owner.can_cancel);
    }

    fn a_checkout_takes_as_many_statements_for_five_lines_as_for_three(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let probe = world.context.database().probe();
        let products: Vec<_> = (0..5).map(|_| offer(&world, &shop, PLAIN)).collect();

        let [three, five] = [3, 5].map(|lines| {
            for product in &products[..lines] {
                put(&world, &customer, *product, 1).unwrap();
            }
            let before = probe.statements();
            orders::place(&world.context, &customer, cash(), &Unkeyed).unwrap();
            probe.statements() - before
        });

        assert_eq!(three, five);
    }

    fn a_checkout_that_fails_anywhere_leaves_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        for _ in 0..3 {
            put(&world, &customer, offer(&world, &shop, PLAIN), 2).unwrap();
        }
        let before = world.database.dump();
        let probe = world.context.database().probe();

        let mut statement = 1;
        loop {
            probe.fail_at(statement);
            let placed = orders::place(&world.context, &customer, cash(), &Unkeyed);
            if probe.disarm() {
                assert!(placed.is_ok());
                break;
            }
            assert!(placed.is_err(), "statement {statement} failed unnoticed");
            assert_eq!(world.database.dump(), before, "after statement {statement}");
            statement += 1;
        }

        assert!(statement > 10);
    }
}
