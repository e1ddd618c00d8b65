//! One stock for the counter and the online shop: who comes first is served, whichever way he came.

#![cfg(test)]

use savdo_domain::access::Actor;
use savdo_domain::cart::CartPart;
use savdo_domain::ids::ProductId;
use savdo_domain::order::PaymentMethod;
use savdo_persistence::on_both;
use savdo_services::carts::{self, AddToCart};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, PlaceOrder};
use savdo_services::testing::{Goods, Shop, World, at_once, receipt, refusal, sale};
use savdo_services::{Result, sales};

fn in_stock(world: &World, shop: &Shop, name: &str, pieces: &str) -> ProductId {
    let product = world.online_product(shop, Goods::named(name));
    world.receive(shop, receipt(shop, product, pieces, "50.00"));
    product
}

/// Customers with one piece of each product in the cart.
fn customers(world: &World, number: usize, products: &[ProductId]) -> Vec<Actor> {
    let customer = |_| {
        let customer = world.customer();
        for product in products {
            let add = AddToCart {
                product_id: *product,
                pieces: 1,
            };
            carts::add(&world.context, &customer, add, &Unkeyed).unwrap();
        }
        customer
    };
    (0..number).map(customer).collect()
}

fn order(world: &World, customer: &Actor) -> Result<()> {
    let command = PlaceOrder {
        delivery_address: "Toshkent, Amir Temur 1".to_owned(),
        comment: String::new(),
        payment_method: PaymentMethod::Cash,
        expected_total: None,
        part: CartPart::All,
    };
    orders::place(&world.context, customer, command, &Unkeyed).map(|_| ())
}

fn codes(outcomes: Vec<Result<()>>) -> Vec<Option<&'static str>> {
    let refused = outcomes.into_iter().filter(Result::is_err);
    refused.map(|outcome| refusal(outcome).code()).collect()
}

on_both! {
    fn the_last_goods_are_sold_once_over_both_channels(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = in_stock(&world, &shop, "Bint", "10");
        let customers = customers(&world, 10, &[product]);

        let outcomes = at_once(20, |buyer| match customers.get(buyer) {
            Some(customer) => order(&world, customer),
            None => sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, "1")]), &Unkeyed).map(|_| ()),
        });

        assert_eq!(codes(outcomes), [Some("insufficient_stock"); 10]);
        assert_eq!(world.levels(), [format!("{product}: 0 0 -")]);
        world.check_ledger();
    }

    fn both_channels_may_name_the_same_products_in_opposite_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let products = ["Bint", "Paxta"].map(|name| in_stock(&world, &shop, name, "20"));
        let customers = customers(&world, 10, &products);
        let [first, second] = products;

        let outcomes = at_once(20, |buyer| match customers.get(buyer) {
            Some(customer) => order(&world, customer),
            None => sales::sell(&world.context, &shop.owner, sale(&shop, &[(second, "1"), (first, "1")]), &Unkeyed).map(|_| ()),
        });

        assert_eq!(codes(outcomes), []);
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        assert_eq!(world.levels(), [format!("{first}: 0 0 -"), format!("{second}: 0 0 -")]);
        world.check_ledger();
    }
}
