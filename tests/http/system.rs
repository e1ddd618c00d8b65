//! `/health/`, and the description of the API.

use chrono::TimeDelta;
use savdo_persistence::on_both;
use savdo_persistence::testing::Backend;
use savdo_tests::{Server, same_on_both};
use serde_json::json;

#[test]
fn the_process_says_that_it_lives_whatever_the_method() {
    same_on_both!(|server: &Server| {
        let client = server.client();
        client.get("/health/");
        client.get("/health");
        client.act("/health/");
        client.send("OPTIONS", "/health/", None);
    });
}

on_both! {
    fn a_server_over_a_migrated_database_is_ready(database: TestDatabase) {
        let server = Server::over(database);

        let answer = server.client().get("/health/ready/");

        let checks = json!({ "database": "ok", "migrations": "ok", "outbox": "ok", "disk": "ok" });
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.body,
            json!({ "status": "ok", "checks": checks, "version": env!("CARGO_PKG_VERSION") })
        );
    }

    fn a_server_whose_messages_wait_for_over_a_quarter_of_an_hour_is_not_ready(database: TestDatabase) {
        let server = Server::over(database);
        let client = server.client();
        let shop = server.world.shop();
        server.world.database.execute(&format!(
            "UPDATE users SET email = 'egasi@dokon.uz' WHERE id = {}",
            shop.owner.user_id
        ));
        let asked = client.post("/api/v1/auth/send-reset-email/", &json!({ "email": "egasi@dokon.uz" }));
        assert_eq!(asked.status, 200);
        server.world.clock.advance(TimeDelta::minutes(15));

        let ready = client.get("/health/ready/");

        let late = "a message is due for over 15 minutes";
        assert_eq!((ready.status, ready.text("/checks/outbox")), (503, late));
    }

    fn a_server_whose_database_fails_is_alive_and_not_ready(database: TestDatabase) {
        let server = Server::over(database);

        server.world.context.database().probe().fail_at(1);
        let ready = server.client().get("/health/ready/");
        let alive = server.client().get("/health/");

        let checks = json!({ "database": "cannot be read", "migrations": "unknown", "outbox": "unknown", "disk": "ok" });
        assert_eq!((ready.status, ready.text("/status")), (503, "degraded"));
        assert_eq!(ready.body["checks"], checks);
        assert_eq!(alive.status, 200);
    }
}

#[test]
fn the_document_and_its_viewer_are_served() {
    let server = Server::on(Backend::Sqlite);
    let client = server.client();

    assert_eq!(client.get("/api/schema/").text, savdo_api::openapi::text().unwrap());
    assert_eq!(client.get("/openapi.json").text, client.get("/api/schema").text);
    for page in ["/api/docs/", "/api/docs", "/docs/", "/docs"] {
        let answer = client.get(page);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, "text/html; charset=utf-8")
        );
        assert!(answer.text.contains("<base href=\"/api/docs/\">"), "{page}");
    }
    let parts = ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js"];
    let found = parts.map(|part| client.get(&format!("/api/docs/{part}")).status);
    assert_eq!(found, [200; 3]);
    assert!(
        client
            .get("/api/docs/swagger-initializer.js")
            .text
            .contains("/api/schema/")
    );
    assert_eq!(client.get("/api/docs/nothing.js").text("/code"), "not_found");
    assert_eq!(client.act("/api/docs/").header("allow"), "GET, HEAD");
}
