//! `stock.low`: told when a document takes goods from above the threshold to it or below, whichever way they leave.

#![cfg(test)]

use savdo_domain::cart::CartPart;
use savdo_domain::ids::ProductId;
use savdo_domain::order::PaymentMethod;
use savdo_domain::settings::SettingsPatch;
use savdo_domain::stock::MovementType;
use savdo_persistence::on_both;
use savdo_services::carts::{self, AddToCart};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, PlaceOrder};
use savdo_services::stock::{self, CorrectStock, GoodsLine, ListStock, MoveMany};
use savdo_services::testing::{Goods, Shop, World, at_once, issue, quantity, receipt, sale};
use savdo_services::{Page, sales, settings};

/// A product of which so many pieces lie in the branch.
fn stocked(world: &World, shop: &Shop, name: &str, pieces: &str) -> ProductId {
    let product = world.online_product(shop, Goods::named(name));
    world.receive(shop, receipt(shop, product, pieces, "10"));
    product
}

fn told(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT subject_type || ' ' || subject_id || ' ' || payload AS line FROM outbox WHERE event = 'stock.low' ORDER BY id",
    )
}

fn low(shop: &Shop, product: ProductId, on_hand: &str) -> String {
    let branch = shop.branch_id;
    format!(r#"product {product} {{"location_id":{branch},"on_hand":"{on_hand}","product_id":{product}}}"#)
}

fn watch(world: &World, shop: &Shop, patch: SettingsPatch) {
    settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();
}

on_both! {
    fn a_sale_tells_once_of_each_product_that_it_makes_run_low(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let [lines, plenty, few] = [("Choy", "8"), ("Tuz", "7"), ("Un", "5")].map(|(name, pieces)| stocked(&world, &shop, name, pieces));

        world.sell(&shop.owner, sale(&shop, &[(lines, "1.5"), (plenty, "1"), (few, "1"), (lines, "1.5")]));
        world.sell(&shop.owner, sale(&shop, &[(lines, "1")]));

        assert_eq!(told(&world), [low(&shop, lines, "5.000")]);
        world.receive(&shop, receipt(&shop, lines, "10", "10"));
        world.sell(&shop.owner, sale(&shop, &[(lines, "14")]));
        assert_eq!(told(&world)[1..], [low(&shop, lines, "0.000")]);
    }

    fn an_order_tells_of_what_runs_low(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        world.open_online(&shop);
        let product = stocked(&world, &shop, "Aspirin", "6");
        let buyer = world.customer();
        let line = AddToCart { product_id: product, pieces: 2 };
        carts::add(&world.context, &buyer, line, &Unkeyed).unwrap();

        let order = PlaceOrder {
            delivery_address: "Toshkent, Navoiy 1".to_owned(),
            comment: String::new(),
            payment_method: PaymentMethod::Cash,
            expected_total: None,
            part: CartPart::All,
        };
        orders::place(&world.context, &buyer, order, &Unkeyed).unwrap();

        assert_eq!(told(&world), [low(&shop, product, "4.000")]);
    }

    fn goods_that_leave_by_hand_tell_of_what_runs_low(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let [one, many, counted] = ["Choy", "Tuz", "Un"].map(|name| stocked(&world, &shop, name, "9"));

        stock::move_goods(&world.context, &shop.owner, issue(&shop, one, "4"), &Unkeyed).unwrap();
        let line = || GoodsLine {
            product_id: many,
            quantity: quantity("3"),
            unit_cost: None,
            supplier: None,
            series: String::new(),
            expires_on: None,
            batch: None,
        };
        let out = MoveMany {
            movement_type: MovementType::Out,
            branch: Some(shop.branch_id),
            warehouse: None,
            description: String::new(),
            items: vec![line(), line()],
        };
        stock::move_many(&world.context, &shop.owner, out, &Unkeyed).unwrap();
        let query = ListStock {
            branch: None,
            warehouse: None,
            product: Some(counted),
            category: None,
            search: String::new(),
            is_nonzero: None,
            sort: Vec::new(),
            page: Page::new(1, 100),
        };
        let level = stock::list(&world.context, &shop.owner, query).unwrap().rows[0].id;
        for pieces in ["6", "2", "1", "4"] {
            let command = CorrectStock {
                quantity: quantity(pieces),
                expected: None,
                description: String::new(),
                series: String::new(),
                expires_on: None,
            };
            stock::correct(&world.context, &shop.owner, level, command, &Unkeyed).unwrap();
        }

        assert_eq!(told(&world), [low(&shop, one, "5.000"), low(&shop, many, "3.000"), low(&shop, counted, "2.000")]);
    }

    fn a_store_is_told_by_its_own_settings(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, "Choy", "9");

        watch(&world, &shop, SettingsPatch { low_stock_enabled: Some(false), ..SettingsPatch::default() });
        world.sell(&shop.owner, sale(&shop, &[(product, "5")]));
        assert_eq!(told(&world), [""; 0]);
        let most = SettingsPatch { low_stock_enabled: Some(true), low_stock_threshold: Some(1), ..SettingsPatch::default() };
        watch(&world, &shop, most);
        world.sell(&shop.owner, sale(&shop, &[(product, "2")]));
        world.sell(&shop.owner, sale(&shop, &[(product, "1")]));
        assert_eq!(told(&world), [low(&shop, product, "1.000")]);
    }

    fn of_many_sales_at_once_one_makes_goods_run_low(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, "Choy", "20");

        at_once(8, |_| world.sell(&shop.owner, sale(&shop, &[(product, "2")])));

        assert_eq!(told(&world), [low(&shop, product, "4.000")]);
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
    }

    fn whichever_statement_fails_nobody_is_told_of_a_sale_that_was_not_made(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, "Choy", "6");

        // The number of a sale that failed is spent: a sequence is none of what a transaction takes back.
        for nth in 1.. {
            world.database.probe().fail_at(nth);
            let outcome = sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, "1")]), &Unkeyed);
            if world.database.probe().disarm() {
                assert!(outcome.is_ok(), "{outcome:?}");
                break;
            }
            assert!(outcome.is_err(), "statement {nth} failed unseen");
            assert_eq!(told(&world), [""; 0], "statement {nth}");
        }
        assert_eq!(told(&world), [low(&shop, product, "5.000")]);
    }
}
