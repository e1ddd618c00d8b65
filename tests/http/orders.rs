//! Online orders (pharmacy.md 2.5, 3.1).

use savdo_domain::access::Role;
use savdo_domain::ids::ProductId;
use savdo_persistence::testing::Backend;
use savdo_tests::{Client, Server, same_on_both};
use serde_json::{Value, json};

use crate::online::{medicine, on_prescription, pharmacy};

const ITEMS: &str = "/api/v1/pharmacy/cart/items/";
const ORDERS: &str = "/api/v1/pharmacy/orders/";

fn in_cash() -> Value {
    json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" })
}

fn put(client: &Client, product: ProductId, pieces: i64) {
    let answer = client
        .unnoted()
        .post(ITEMS, &json!({ "product_id": product, "quantity": pieces }));
    assert_eq!(answer.status, 201, "{}", answer.text);
}

fn ordered(client: &Client, product: ProductId, body: &Value) -> String {
    put(client, product, 1);
    let id = client.unnoted().post(ORDERS, body).integer("/id");
    format!("{ORDERS}{id}/")
}

#[test]
fn an_order_goes_from_the_cart_to_the_shelf_for_couriers() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let aspirin = medicine(server, &shop, "Aspirin", "12000.00");
        let client = server.client_of(&server.world.customer());
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let admin = server.client_of(&server.world.admin());
        put(&client, aspirin, 2);

        let mut body = in_cash();
        body["comment"] = json!("Qo'ng'iroq qiling");
        body["expected_total"] = json!("24000.00");
        let id = client.post(ORDERS, &body).integer("/id");
        let order = format!("{ORDERS}{id}/");
        client.get(&order);
        operator.get(&order);
        operator.post(
            &format!("{order}status/"),
            &json!({ "status": "ready_for_delivery", "comment": "Tayyor" }),
        );
        admin.post(&format!("{order}status/"), &json!({ "status": "on_the_way" }));
        operator.post(&format!("{order}status/"), &json!({ "status": "preparing" }));
        operator.post(&format!("{order}status/"), &json!({ "status": "on_the_way" }));
        client.post(&format!("{order}status/"), &json!({ "status": "cancelled" }));
        client.post(&format!("{order}status/"), &json!({ "status": "packed" }));
        client.get(&format!("{order}history/"));
        operator.get(&format!("{order}history/"));
    });
}

#[test]
fn whether_an_order_is_seen_is_told_before_what_is_wrong_with_the_body() {
    let server = Server::on(Backend::Sqlite);
    let shop = pharmacy(&server);
    let aspirin = medicine(&server, &shop, "Aspirin", "12000.00");
    let buyer = server.client_of(&server.world.customer());
    let status = format!("{}status/", ordered(&buyer, aspirin, &in_cash()));
    let elsewhere = server.world.shop();
    let foreign = server.client_of(&elsewhere.owner);
    let staff = server.client_of(&shop.owner);
    let bodies = [
        "{}",
        "{",
        "[]",
        r#"{"status": 1}"#,
        r#"{"status": "packed"}"#,
        &format!(r#"{{"status": "preparing", "comment": "{}"}}"#, "x".repeat(256)),
    ];

    for body in bodies {
        let statuses = [&foreign, &staff, &buyer].map(|client| {
            let client = client.with_header("content-type", "application/json");
            client.send("POST", &status, Some(body.as_bytes())).status
        });
        assert_eq!(statuses, [404, 400, 400], "{body}");
    }
    let as_text = |client: &Client| client.send("POST", &status, Some(b"status=preparing")).status;
    assert_eq!((as_text(&foreign), as_text(&staff)), (404, 415));
}

#[test]
fn an_order_on_prescription_is_cancelled() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let tramadol = on_prescription(server, &shop, "Tramadol", "30000.00");
        let client = server.client_of(&server.world.customer());
        let stranger = server.client_of(&server.world.customer());
        put(&client, tramadol, 1);

        let placed = client.post(ORDERS, &json!({ "delivery_address": "Toshkent, Navoiy 1" }));
        let order = format!("{ORDERS}{}/", placed.integer("/id"));
        stranger.get(&order);
        stranger.post(&format!("{order}cancel/"), &json!({}));
        client.post(&format!("{order}cancel/"), &json!({ "reason": "x".repeat(256) }));
        client.post(&format!("{order}cancel/"), &json!({ "reason": "Kerak emas" }));
        client.act(&format!("{order}cancel/"));
    });
}

#[test]
fn a_checkout_that_cannot_be_is_refused() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let aspirin = medicine(server, &shop, "Aspirin", "12000.00");
        let customer = server.world.customer();
        let client = server.client_of(&customer);
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));

        client.post(ORDERS, &json!({}));
        client.post(
            ORDERS,
            &json!({ "delivery_address": " uy ", "comment": "x".repeat(501) }),
        );
        client.post(
            ORDERS,
            &json!({ "delivery_address": "Toshkent", "payment_method": "card" }),
        );
        client.post(
            ORDERS,
            &json!({ "delivery_address": "Toshkent", "expected_total": "1.001" }),
        );
        client.post(ORDERS, &in_cash());
        operator.post(ORDERS, &in_cash());
        put(&client, aspirin, 2);
        let mut shown = in_cash();
        shown["expected_total"] = json!(20_000);
        client.post(ORDERS, &shown);
        let other = server.client_of(&server.world.customer());
        ordered(&other, aspirin, &in_cash());
        put(&client, aspirin, 7);
        ordered(&other, aspirin, &in_cash());
        client.post(ORDERS, &in_cash());
    });
}

#[test]
fn an_owner_is_the_buyer_of_what_he_ordered_at_another_store() {
    same_on_both!(|server: &Server| {
        let (shop, other) = (pharmacy(server), pharmacy(server));
        let aspirin = medicine(server, &other, "Aspirin", "12000.00");
        let client = server.client_of(&shop.owner);
        let seller = server.client_of(&other.owner);
        put(&client, aspirin, 1);

        let placed = client.post(ORDERS, &in_cash());
        let order = format!("{ORDERS}{}/", placed.integer("/id"));
        client.get(&order);
        client.get(ORDERS);
        client.post(&format!("{order}status/"), &json!({ "status": "cancelled" }));
        seller
            .unnoted()
            .post(&format!("{order}status/"), &json!({ "status": "cancelled" }));
        client.get(&format!("{order}history/"));
    });
}

#[test]
fn orders_are_listed() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let aspirin = medicine(server, &shop, "Aspirin", "12000.00");
        let client = server.client_of(&server.world.customer());
        let owner = server.client_of(&shop.owner);
        for _ in 0..3 {
            ordered(&client, aspirin, &in_cash());
        }

        client.get("/api/v1/pharmacy/orders/?page_size=2&ordering=created_at");
        client.get("/api/v1/pharmacy/orders/?page_size=2&page=2");
        client.get("/api/v1/pharmacy/orders/?page=2");
        owner.get("/api/v1/pharmacy/orders/?status=paid,preparing&search=mijoz&page_size=1");
        owner.get("/api/v1/pharmacy/orders/?store=999");
        owner.get("/api/v1/pharmacy/orders/?courier=5");
        owner.get("/api/v1/pharmacy/orders/?customer=99999999999999999999");
        owner.get("/api/v1/pharmacy/orders/?courier=x");
        for query in [
            "status=paid,lost",
            "payment_status=none",
            "payment_method=card",
            "needs_prescription=maybe",
            "customer=x",
            "created_from=12.03.2026",
            "ordering=status",
            "page=0",
        ] {
            client.get(&format!("/api/v1/pharmacy/orders/?{query}"));
        }
    });
}
