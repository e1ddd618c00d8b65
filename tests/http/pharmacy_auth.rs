//! `/api/v1/pharmacy/auth/`: signing in and out.

use savdo_domain::access::Role;
use savdo_persistence::on_both;
use savdo_persistence::testing::Backend;
use savdo_services::testing::PASSWORD;
use savdo_tests::{Answer, Client, Server, same_on_both};
use serde_json::json;

fn login(client: &Client, name: &str) -> Answer {
    let body = json!({ "phone_number": name, "password": PASSWORD });
    client.unnoted().post("/api/v1/pharmacy/auth/login/", &body)
}

on_both! {
    fn customers_and_staff_sign_in(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let _ = server.world.hire(&shop, Role::Operator);
        let _ = server.world.customer();

        let operator = login(&server.client(), "worker2").expect_status(200);
        let buyer = login(&server.client(), "90 000-00-03").expect_status(200);

        assert_eq!(operator.body["message"], json!(null));
        assert_eq!(operator.body["data"]["user"], json!({
            "id": 2, "phone_number": "+998900000002", "first_name": "", "last_name": "", "address": "", "email": "",
            "language": "uz", "role": "operator", "store_role": "operator", "store": 1, "is_verified": true,
        }));
        assert_eq!(buyer.body["data"]["user"], json!({
            "id": 3, "phone_number": "+998900000003", "first_name": "Mijoz", "last_name": "3", "address": "", "email": "",
            "language": "uz", "role": "customer", "store_role": null, "store": null, "is_verified": true,
        }));
        let profile = server.client().signed_in(buyer.text("/data/access")).get("/api/v1/auth/profil/");
        assert_eq!((profile.status, profile.text("/phone1")), (200, "+998900000003"));
    }

    fn a_spent_or_ended_token_is_always_just_not_valid(database: TestDatabase) {
        let server = Server::over(database);
        let _ = server.world.customer();
        let client = server.client().unnoted();
        let first = login(&client, "+998900000001");
        let refresh = |token: &str| client.post("/api/v1/pharmacy/auth/token/refresh/", &json!({ "refresh": token }));

        let second = refresh(first.text("/data/refresh")).expect_status(200);
        let spent = refresh(first.text("/data/refresh"));

        assert_eq!((spent.status, spent.text("/code")), (401, "token_not_valid"));
        let signed_in = client.signed_in(second.text("/access"));
        let logout = |token: &str| signed_in.post("/api/v1/pharmacy/auth/logout/", &json!({ "refresh": token }));
        let refused = logout(first.text("/data/refresh"));
        assert_eq!((refused.status, refused.text("/error_code")), (400, "token_not_valid"));
        let left = logout(second.text("/refresh"));
        assert_eq!((left.status, left.body), (200, json!({ "message": "Tizimdan chiqdingiz.", "data": null })));
        assert_eq!(refresh(second.text("/refresh")).status, 401);
    }
}

#[test]
fn a_body_that_cannot_be_read_is_refused_in_the_manner_of_the_family() {
    let server = Server::on(Backend::Sqlite);
    let client = server.client().with_header("content-type", "application/json");

    let answer = client.send("POST", "/api/v1/pharmacy/auth/login/", Some(b"{"));

    assert_eq!((answer.status, answer.text("/error_code")), (400, "malformed_body"));
    let detail = answer.text("/detail");
    let expected = json!({
        "message": detail, "detail": detail, "error_code": "malformed_body",
        "errors": { "non_field_errors": [detail] }, "non_field_errors": [detail],
    });
    assert_eq!(answer.body, expected);
}

#[test]
fn no_cache_keeps_an_answer_with_tokens() {
    let server = Server::on(Backend::Sqlite);
    let _ = server.world.customer();

    let signed_in = login(&server.client(), "+998900000001");
    let body = json!({ "refresh": signed_in.text("/data/refresh") });
    let refreshed = server.client().post("/api/v1/pharmacy/auth/token/refresh/", &body);

    for answer in [signed_in, refreshed] {
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    }
}

#[test]
fn what_signing_in_to_the_pharmacy_refuses() {
    same_on_both!(|server: &Server| {
        let _ = server.world.customer();
        let client = server.client();
        client.post(
            "/api/v1/pharmacy/auth/login/",
            &json!({ "phone_number": "900000001", "password": "x" }),
        );
        client.post(
            "/api/v1/pharmacy/auth/login/",
            &json!({ "phone_number": "900000002", "password": "x" }),
        );
        client.post("/api/v1/pharmacy/auth/login/", &json!({}));
        client.post("/api/v1/pharmacy/auth/token/refresh/", &json!({}));
        client.post("/api/v1/pharmacy/auth/token/refresh/", &json!({ "refresh": "broken" }));
        client.post("/api/v1/pharmacy/auth/logout/", &json!({ "refresh": "broken" }));
        client.put("/api/v1/pharmacy/auth/login/", &json!({}));
    });
}
