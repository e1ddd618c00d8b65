//! What the installation tells of itself to whoever watches it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use savdo_persistence::testing::Backend;
use savdo_services::testing::{Goods, PAYME_KEY, money, receipt};
use savdo_tests::{Client, Server};
use serde_json::{Value, json};

use crate::online::{medicine, pharmacy};

fn watched() -> Server {
    Server::configured(&[("SAVDO_METRICS__LISTEN", "127.0.0.1:0")])
}

/// The value of one sample, without its labels where it has none.
fn sample(watcher: &Client, name: &str) -> Option<String> {
    let page = watcher.get("/metrics").expect_status(200).text;
    let line = page.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.map(str::to_owned)
}

#[test]
fn requests_are_counted_by_route_and_never_by_path() {
    let server = watched();
    let shop = server.world.shop();
    let (client, watcher) = (server.client_of(&shop.owner), server.watcher());

    for path in [
        "/api/v1/sales/171717171/",
        "/api/v1/trade/sales/181818181",
        "/api/v1/sales/191919191",
    ] {
        assert_eq!(client.get(path).status, 404);
    }
    client.get("/api/v1/secret-171717171/");
    client.send("SECRET", "/api/v1/sales/", None);

    let count = |method: &str, route: &str, status: u16| {
        let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
        sample(
            &watcher,
            &format!("savdo_http_request_duration_seconds_count{{{labels}}}"),
        )
    };
    assert_eq!(count("GET", "/api/v1/sales/{id}/", 404).as_deref(), Some("3"));
    assert_eq!(count("GET", "unknown", 404).as_deref(), Some("1"));
    assert_eq!(count("other", "/api/v1/sales/", 405).as_deref(), Some("1"));
    let page = watcher.get("/metrics").text;
    for private in ["171717171", "181818181", "secret", "SECRET", "owner1", "127.0.0.1"] {
        assert!(!page.contains(private), "{private}");
    }
}

#[test]
fn transactions_replays_and_refusals_are_counted() {
    let server = watched();
    let shop = server.world.shop();
    let product = server.world.product(&shop, Goods::named("Choynak").at(money("100.00")));
    server.world.receive(&shop, receipt(&shop, product, "10", "50.00"));
    let (client, watcher) = (server.client_of(&shop.owner), server.watcher());
    let keyed = client.with_header("idempotency-key", "key-1");
    let sale =
        json!({ "branch": shop.branch_id, "payment_type": "cash", "items": [{ "product": product, "quantity": 1 }] });

    for _ in 0..3 {
        assert_eq!(keyed.post("/api/v1/sales/", &sale).status, 201);
    }
    for _ in 0..11 {
        client.post(
            "/api/v1/auth/login/",
            &json!({ "username": "owner1", "password": "wrong" }),
        );
    }

    let value = |name: &str| sample(&watcher, name);
    assert_eq!(
        value("savdo_transaction_duration_seconds_count{name=\"sale_sell\"}").as_deref(),
        Some("3")
    );
    assert_eq!(
        value("savdo_transaction_duration_seconds_bucket{name=\"sale_sell\",le=\"+Inf\"}").as_deref(),
        Some("3")
    );
    assert_eq!(value("savdo_idempotent_replays_total").as_deref(), Some("2"));
    assert_eq!(
        value("savdo_throttled_total{limit=\"logins_of_account\"}").as_deref(),
        Some("1")
    );
    assert_eq!(
        value("savdo_throttled_total{limit=\"requests_of_user\"}").as_deref(),
        Some("0")
    );
    assert_eq!(value("savdo_writer_queue").as_deref(), Some("0"));
    assert_eq!(value("savdo_pool_connections{state=\"busy\"}").as_deref(), Some("0"));
    let number = |name: &str| {
        value(name)
            .and_then(|text| text.parse::<u64>().ok())
            .unwrap_or_default()
    };
    assert!(number("savdo_statements_total") > 20);
    assert!(number("savdo_pool_wait_seconds_count") > 5);
    assert!(number("process_resident_memory_bytes") > 1024 * 1024);
    let version = format!("savdo_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(value(&version).as_deref(), Some("1"));
}

#[test]
fn messages_that_were_given_up_are_counted() {
    let server = watched();
    let shop = server.world.shop();
    server.world.open_online(&shop);
    let product = server.world.online_product(&shop, Goods::named("Analgin"));
    server.world.receive(&shop, receipt(&shop, product, "5", "1"));
    let buyer = server.client_of(&server.world.customer());
    let item = json!({ "product_id": product, "quantity": 1 });
    let _ = buyer.post("/api/v1/pharmacy/cart/items/", &item).expect_status(201);
    let order = json!({ "delivery_address": "Toshkent, Navoiy 1" });
    let _ = buyer.post("/api/v1/pharmacy/orders/", &order).expect_status(201);
    let given_up = "savdo_dead_letters{sink=\"notices\",status=\"dead\"}";
    assert_eq!(sample(&server.watcher(), given_up), None);

    let dispatches = "outbox_dispatches SET status = 'dead' WHERE sink = 'notices'";
    server.world.database.execute(&format!("UPDATE {dispatches}"));

    assert_eq!(sample(&server.watcher(), given_up).as_deref(), Some("1"));
}

#[test]
fn calls_of_providers_and_what_became_of_payments_are_counted() {
    let server = watched();
    let shop = pharmacy(&server);
    let product = medicine(&server, &shop, "Analgin", "12000.00");
    let buyer = server.client_of(&server.world.customer());
    let item = json!({ "product_id": product, "quantity": 1 });
    let _ = buyer.post("/api/v1/pharmacy/cart/items/", &item).expect_status(201);
    let order = buyer.post(
        "/api/v1/pharmacy/orders/",
        &json!({ "delivery_address": "Toshkent, Navoiy 1" }),
    );
    let order = order.expect_status(201).integer("/id").to_string();
    let time = server.world.context.now().timestamp_millis();
    let account = json!({ "order_id": order });
    let call = |key: &str, method: &str, params: Value| {
        let credential = format!("Basic {}", STANDARD.encode(format!("Paycom:{key}")));
        let payme = server.client().with_header("authorization", &credential);
        let body = json!({ "method": method, "params": params, "id": 1 });
        payme.post("/api/v1/payments/payme/", &body).expect_status(200)
    };

    call("x", "PerformTransaction", json!({ "id": "SECRET-1" }));
    call(PAYME_KEY, "SECRET-2", json!({}));
    call(PAYME_KEY, "PerformTransaction", json!({ "id": "SECRET-1" }));
    let creating = json!({ "id": "SECRET-1", "time": time, "amount": 1_200_000, "account": account });
    for _ in 0..2 {
        call(PAYME_KEY, "CreateTransaction", creating.clone());
    }

    let watcher = server.watcher();
    let calls = |method: &str, code: &str| {
        let labels = format!("provider=\"payme\",direction=\"in\",method=\"{method}\",code=\"{code}\"");
        sample(
            &watcher,
            &format!("savdo_provider_call_duration_seconds_count{{{labels}}}"),
        )
    };
    let payments = |outcome: &str| {
        let labels = format!("provider=\"payme\",outcome=\"{outcome}\"");
        sample(&watcher, &format!("savdo_payments_total{{{labels}}}"))
    };
    let open = "savdo_open_transactions{provider=\"payme\"}";
    assert_eq!(calls("unknown", "-32504").as_deref(), Some("1"));
    assert_eq!(calls("unknown", "-32601").as_deref(), Some("1"));
    assert_eq!(calls("PerformTransaction", "-31003").as_deref(), Some("1"));
    assert_eq!(calls("CreateTransaction", "0").as_deref(), Some("2"));
    assert_eq!(payments("processing").as_deref(), Some("1"));
    assert_eq!(
        (payments("success"), sample(&watcher, open).as_deref()),
        (None, Some("1"))
    );

    call(PAYME_KEY, "PerformTransaction", json!({ "id": "SECRET-1" }));
    assert_eq!(calls("PerformTransaction", "0").as_deref(), Some("1"));
    assert_eq!(
        (payments("success").as_deref(), sample(&watcher, open)),
        (Some("1"), None)
    );
    assert_eq!(sample(&watcher, "savdo_late_payments").as_deref(), Some("0"));
    server.world.database.execute("UPDATE payments SET is_late = TRUE");
    assert_eq!(sample(&watcher, "savdo_late_payments").as_deref(), Some("1"));
    assert!(!watcher.get("/metrics").text.contains("SECRET"));

    // Whoever watches is told the rest also while the database is away.
    server
        .world
        .database
        .execute("ALTER TABLE provider_transactions RENAME TO elsewhere");
    assert_eq!(sample(&watcher, "savdo_late_payments"), None);
    assert_eq!(payments("success").as_deref(), Some("1"));
}

#[test]
fn metrics_have_an_address_of_their_own_or_none() {
    let server = watched();

    assert_eq!(server.client().get("/metrics").status, 404);
    assert_eq!(server.watcher().get("/api/v1/sales/").status, 404);
    assert!(
        server
            .watcher()
            .get("/metrics")
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    assert_eq!(Server::on(Backend::Sqlite).client().get("/metrics").status, 404);
}
