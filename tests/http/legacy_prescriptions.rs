//! Prescriptions at the addresses that older clients know (pharmacy.md, part 4).

use savdo_domain::access::Role;
use savdo_persistence::testing::Backend;
use savdo_services::testing::{Shop, picture};
use savdo_tests::{Client, Form, Server, same_on_both};
use serde_json::{Value, json};

use crate::legacy::{CHECKOUT, in_cash, put};
use crate::online::{on_prescription, pharmacy};

/// An order of this customer that waits for a prescription.
fn waiting(server: &Server, shop: &Shop, client: &Client, name: &str) -> i64 {
    put(client, on_prescription(server, shop, name, "90000.00"));
    let order = client.unnoted().post(CHECKOUT, &in_cash()).expect_status(201);
    order.integer("/id")
}

#[test]
fn a_prescription_is_sent_and_judged_by_either_name_of_a_key() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let client = server.client_of(&server.world.customer());
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let order = waiting(server, &shop, &client, "Tramadol").to_string();
        let base = "/api/v7/prescriptions/";
        let send = |form: &Form| client.send_form("POST", base, form);
        let (one, other) = (picture(1).0, picture(2).0);

        send(&Form::of("order", &order).file("rasmlar", "a.txt", b"no picture"));
        send(&Form::of("order", &order).file("images", "a.txt", b"no picture"));
        send(&Form::of("order", &order));
        send(
            &Form::of("order", &order)
                .text("order_id", "7")
                .file("rasmlar", "a.png", &one)
                .file("images", "b.png", &other),
        );
        let first = send(
            &Form::of("order", &order)
                .text("order_id", &order)
                .file("rasmlar", "a.png", &one),
        )
        .integer("/id");
        operator.get(&format!("{base}pending/"));
        client.get(base);
        client.get(&format!("{base}pending/"));
        let reject = format!("{base}{first}/reject/");
        operator.post(&reject, &json!({}));
        operator.post(&reject, &json!({ "reason": "" }));
        operator.post(&reject, &json!({ "rad_sababi": "x".repeat(501) }));
        operator.post(&reject, &json!({ "rad_sababi": null }));
        operator.post(&reject, &json!({ "reason": "Xira", "rad_sababi": "Eski" }));
        operator.post(&reject, &json!({ "rad_sababi": "Muhr ko'rinmaydi" }));
        operator.post(&reject, &json!({ "rad_sababi": "Muhr ko'rinmaydi" }));
        operator.act(&format!("{base}{first}/approve/"));
        server
            .client_of(&server.world.customer())
            .get(&format!("{base}{first}/"));
    });
}

#[test]
fn a_prescription_for_no_order_goes_to_the_only_store_and_moves_nothing() {
    let server = Server::on(Backend::Sqlite);
    let shop = pharmacy(&server);
    let client = server.client_of(&server.world.customer());
    let order = waiting(&server, &shop, &client, "Tramadol");
    let form = Form::default().file("rasmlar", "a.png", &picture(1).0);
    let send = || client.send_form("POST", "/api/v7/prescriptions/", &form);

    let sent = send().expect_status(201);

    assert_eq!(
        (&sent.body["order_id"], &sent.body["status"]),
        (&Value::Null, &json!("pending"))
    );
    let order = client.get(&format!("/api/v3/orders/{order}/"));
    assert_eq!(
        (order.text("/status"), &order.body["prescription_uploaded"]),
        ("awaiting_prescription", &json!(false))
    );
    pharmacy(&server);
    let refused = send();
    assert_eq!(
        (refused.status, refused.body.get("order_id").is_some()),
        (400, true),
        "{}",
        refused.text
    );
}
