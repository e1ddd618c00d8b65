//! One effect for each idempotency key, at every address that promises it (shop.md 1.6).

use actix_web::http::Method;
use savdo_domain::ids::ProductId;
use savdo_services::testing::{Goods, Shop, money, receipt};
use savdo_tests::{Answer, Client, Server, same_on_both};
use serde_json::{Value, json};

use crate::online;

/// POSTs without the promise: their answer holds a secret, or they make nothing and move nothing.
const WITHOUT: [&str; 28] = [
    "/api/v1/hooks/sms/eskiz/{token}/",
    "/api/v1/hooks/sms/playmobile/{token}/",
    "/api/v1/payments/payme/",
    "/api/v1/payments/click/prepare/",
    "/api/v1/payments/click/complete/",
    "/api/v1/auth/change-password/",
    "/api/v1/auth/register/",
    "/api/v1/workers/{id}/permissions/",
    "/api/v1/workers/{id}/activate/",
    "/api/v1/workers/{id}/deactivate/",
    "/api/v1/auth/login/",
    "/api/v1/auth/token/refresh/",
    "/api/v1/auth/logout/",
    "/api/v1/auth/send-reset-email/",
    "/api/v1/auth/reset-password/{uid}/{token}/",
    "/api/v1/pharmacy/auth/login/",
    "/api/v1/pharmacy/auth/token/refresh/",
    "/api/v1/pharmacy/auth/logout/",
    "/api/v1/pharmacy/auth/register/",
    "/api/v1/pharmacy/auth/verify/",
    "/api/v1/pharmacy/auth/resend/",
    "/api/v1/pharmacy/auth/password/forgot/",
    "/api/v1/pharmacy/auth/password/reset/",
    "/api/v1/pharmacy/me/password/",
    "/api/v1/pharmacy/cart/split/",
    "/api/v1/pharmacy/notifications/mark-all-read/",
    "/api/v1/pharmacy/notifications/{id}/mark-as-read/",
    "/api/v1/pharmacy/notifications/{id}/retry/",
];

/// What moves stock by PUT or PATCH.
const MOVING: [&str; 2] = ["/api/v1/warehouse/stocks/{id}/", "/api/v1/pharmacy/products/{id}/"];

const SALES: &str = "/api/v1/sales/";

fn stocked(server: &Server, shop: &Shop) -> ProductId {
    let product = server.world.product(shop, Goods::named("Choynak").at(money("100.00")));
    server.world.receive(shop, receipt(shop, product, "10", "50.00"));
    product
}

fn one_of(shop: &Shop, product: ProductId) -> Value {
    json!({ "branch": shop.branch_id, "payment_type": "cash", "items": [{ "product": product, "quantity": 1 }] })
}

fn with_key(client: &Client, key: &str) -> Client {
    client.with_header("idempotency-key", key)
}

fn is_replayed(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == "true"
}

#[test]
fn every_creating_post_and_every_action_on_stock_or_money_honours_a_key() {
    for route in savdo_api::routes::all() {
        let path = route.main_path();
        let is_action = route.method == Method::POST && !WITHOUT.contains(&path.as_str())
            || [Method::PUT, Method::PATCH].contains(&route.method) && MOVING.contains(&path.as_str());

        assert_eq!(route.is_once, is_action, "{} {}", route.method, route.path);
    }
}

#[test]
fn the_same_request_again_gets_the_first_answer() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = stocked(server, &shop);
        let client = with_key(&server.client_of(&shop.owner), "key-1");

        client.post(SALES, &one_of(&shop, product));
        client.post(SALES, &one_of(&shop, product));
        let other = json!({ "branch": shop.branch_id, "payment_type": "card", "items": [{ "product": product, "quantity": 1 }] });
        client.post(SALES, &other);
        client
            .with_header("idempotency-key", "another")
            .post(SALES, &one_of(&shop, product));
        client.post("/api/v1/sales/1/cancel/", &json!({ "reason": "xato" }));
        client.post("/api/v1/sales/1/cancel/", &json!({ "reason": "xato" }));
    });
}

#[test]
fn aliases_and_the_last_slash_are_one_address_and_one_key() {
    let server = Server::on(savdo_persistence::testing::Backend::Sqlite);
    let shop = server.world.shop();
    let body = one_of(&shop, stocked(&server, &shop));
    let client = with_key(&server.client_of(&shop.owner), "\"key-1\"");
    let first = client.post(SALES, &body).expect_status(201);
    let unquoted = server.client_of(&shop.owner).with_header("x-idempotency-key", "key-1");

    for path in ["/api/v1/sales", "/api/v1/trade/sales/", "/api/v1/trade/sales"] {
        let again = unquoted.post(path, &body);
        assert_eq!(
            (again.status, again.text.as_str()),
            (201, first.text.as_str()),
            "{path}"
        );
        assert!(is_replayed(&again), "{path}");
    }
    assert!(!is_replayed(&first));
}

#[test]
fn a_key_that_is_none_is_refused() {
    let server = Server::on(savdo_persistence::testing::Backend::Sqlite);
    let shop = server.world.shop();
    let body = one_of(&shop, stocked(&server, &shop));
    let client = server.client_of(&shop.owner);

    for key in ["a b", "\"\"", &"x".repeat(256)] {
        let answer = with_key(&client, key).post(SALES, &body);
        assert_eq!(
            (answer.status, answer.text("/code")),
            (400, "idempotency_key_invalid"),
            "{key}"
        );
    }
    let differing = with_key(&client, "one")
        .with_header("x-idempotency-key", "two")
        .post(SALES, &body);
    assert_eq!(differing.status, 400);
    assert_eq!(with_key(&server.client(), "a b").post(SALES, &body).status, 401);
    assert_eq!(client.get(SALES).body, json!([]));
}

#[test]
fn no_token_is_ever_kept() {
    let server = Server::on(savdo_persistence::testing::Backend::Sqlite);
    let shop = server.world.shop();
    let login = json!({ "username": "owner1", "password": savdo_services::testing::PASSWORD });
    let client = with_key(&server.client_of(&shop.owner), "key-1");

    let [first, second] = [0; 2].map(|_| client.post("/api/v1/auth/login/", &login).expect_status(200));

    assert!(!is_replayed(&second));
    assert_ne!(first.text, second.text);
    assert_eq!(
        server.world.database.dump_of(&["idempotency_keys"]),
        "# idempotency_keys\n"
    );
}

#[test]
fn an_order_under_a_key_is_placed_and_cancelled_once() {
    same_on_both!(|server: &Server| {
        let shop = online::pharmacy(server);
        let product = online::medicine(server, &shop, "Analgin", "100.00");
        let customer = with_key(&server.client_of(&server.world.customer()), "key-1");

        let item = json!({ "product_id": product, "quantity": 2 });
        for _ in 0..2 {
            customer.post("/api/v1/pharmacy/cart/items/", &item);
        }
        let order = json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" });
        for _ in 0..2 {
            customer.post("/api/v1/pharmacy/orders/", &order);
        }
        for _ in 0..2 {
            customer.act("/api/v1/pharmacy/orders/1/cancel/");
        }
    });
}
