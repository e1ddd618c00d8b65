//! Words that these tests share.

use std::time::{Duration, Instant};

use savdo_domain::ids::ProductId;
use savdo_services::testing::{Goods, Shop, money, receipt};
use savdo_tests::{Answer, Client, Fleet};
use serde_json::{Value, json};

pub(crate) const ITEMS: &str = "/api/v1/pharmacy/cart/items/";
pub(crate) const ORDERS: &str = "/api/v1/pharmacy/orders/";
pub(crate) const SALES: &str = "/api/v1/sales/";

/// The longest that a client tries again.
const PATIENCE: Duration = Duration::from_secs(60);

/// A shop that is open online.
pub(crate) fn pharmacy(fleet: &Fleet) -> Shop {
    let shop = fleet.world.shop();
    fleet.world.open_online(&shop);
    shop
}

/// So many pieces of something at 12 000.00 so'm that everybody may order.
pub(crate) fn medicine(fleet: &Fleet, shop: &Shop, name: &str, pieces: &str) -> ProductId {
    let product = fleet
        .world
        .online_product(shop, Goods::named(name).at(money("12000.00")));
    fleet.world.receive(shop, receipt(shop, product, pieces, "500.00"));
    product
}

/// Clients of customers who have one piece each in their cart.
pub(crate) fn buyers(fleet: &Fleet, product: ProductId, count: usize) -> Vec<Client> {
    let buyer = |_| {
        let client = fleet.client_of(&fleet.world.customer());
        put(&client, product);
        client
    };
    (0..count).map(buyer).collect()
}

pub(crate) fn put(client: &Client, product: ProductId) {
    let answer = client.post(ITEMS, &one(product));
    assert_eq!(answer.status, 201, "{}", answer.text);
}

pub(crate) fn one(product: ProductId) -> Value {
    json!({ "product_id": product, "quantity": 1 })
}

pub(crate) fn to_pay(method: &str) -> Value {
    json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": method })
}

pub(crate) fn sale_of_one(shop: &Shop, product: ProductId) -> Value {
    json!({ "branch": shop.branch_id, "payment_type": "cash", "items": [{ "product": product, "quantity": 1 }] })
}

/// An order of one piece, by its address.
pub(crate) fn ordered(client: &Client, product: ProductId, method: &str) -> String {
    put(client, product);
    let answer = client.post(ORDERS, &to_pay(method)).expect_status(201);
    format!("{ORDERS}{}/", answer.integer("/id"))
}

/// Sends a request under a key until it is answered: what a client does who lost the line, or whose first request still runs.
pub(crate) fn insisting(client: &Client, key: &str, path: &str, body: &Value) -> Answer {
    let client = client
        .with_header("idempotency-key", key)
        .with_header("content-type", "application/json");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let sent = client.try_send("POST", path, Some(body.to_string().as_bytes()));
        if let Ok(answer) = sent
            && !matches!(answer.status, 502..=504)
            && !is_in_flight(&answer)
        {
            return answer;
        }
        assert!(Instant::now() < deadline, "{path} is not answered");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

fn is_in_flight(answer: &Answer) -> bool {
    answer.status == 409 && answer.text.contains("idempotency_in_flight")
}

/// The statuses, in order.
pub(crate) fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

/// So many of the one, then so many of the other.
pub(crate) fn counts(one: (u16, usize), other: (u16, usize)) -> Vec<u16> {
    [vec![one.0; one.1], vec![other.0; other.1]].concat()
}

/// How many rows a query counts.
pub(crate) fn count(fleet: &Fleet, from: &str) -> usize {
    let lines = fleet
        .world
        .database
        .lines(&format!("SELECT count(*)::text AS line FROM {from}"));
    lines.first().and_then(|line| line.parse().ok()).unwrap_or_default()
}
