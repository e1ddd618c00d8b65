//! What is told before any order is looked at (payments.md 1.3, 2.1, 2.2, 2.5).

use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::testing::PAYME_KEY;
use savdo_tests::{Client, Server};
use serde_json::{Value, json};

use super::{PAYME, Till, basic, number};
use crate::failing;

const CHECK: &[u8] = br#"{"method":"CheckTransaction","params":{"id":"5305e3bab097f420a62ced0b"},"id":7}"#;

fn till() -> Till {
    Till::open(Server::on(Backend::Sqlite))
}

fn sent(client: &Client, method: &str, body: &[u8]) -> (i64, Value) {
    let answer = client.send(method, PAYME, Some(body));
    (number(&answer), answer.at("/id").clone())
}

#[test]
fn another_method_is_32300_with_the_id_whoever_calls() {
    let till = till();
    let stranger = till.server.client().unnoted();

    for method in ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "PAYME"] {
        for client in [&till.payme, &stranger] {
            assert_eq!(sent(client, method, CHECK), (-32300, json!(7)), "{method}");
        }
    }
    let asked_before = stranger
        .with_header("origin", "http://localhost:3000")
        .with_header("access-control-request-method", "POST");
    assert_eq!(sent(&asked_before, "OPTIONS", b""), (-32300, Value::Null));
}

#[test]
fn a_credential_that_opens_no_desk_is_32504_before_anything_else() {
    let till = till();
    let good = basic(&format!("Paycom:{PAYME_KEY}"));
    let stranger = till.server.client().unnoted();
    let with = |header: &str| stranger.with_header("authorization", header);
    let order = till.order();
    let create = json!({ "method": "CreateTransaction", "params": till.creating(super::ID, order), "id": 7 });
    let create = create.to_string();

    for client in [
        stranger.clone(),
        with("Basic"),
        with("Basic !!!"),
        with(&good.replace("Basic", "Bearer")),
        with(&basic("Paycom")),
        with(&basic("Paycom:")),
        with(&basic(&format!("paycom:{PAYME_KEY}"))),
        with(&basic(&format!("Paycom:{PAYME_KEY}x"))),
        with(&good).with_header("authorization", &good),
        till.buyer.clone(),
    ] {
        assert_eq!(sent(&client, "POST", create.as_bytes()), (-32504, json!(7)));
        assert_eq!(
            sent(&client, "POST", br#"{"method":"ChangePassword","id":"x"}"#),
            (-32504, json!("x"))
        );
        assert_eq!(sent(&client, "POST", b"{"), (-32504, Value::Null));
    }
    assert_eq!(till.rows("provider_transactions"), 0);
    assert_eq!(sent(&with(&good.replace("Basic", "bAsIc")), "POST", CHECK).0, -31003);
}

#[test]
fn the_body_is_judged_by_json_then_shape_then_method() {
    let till = till();
    let told = |body: &str| sent(&till.payme, "POST", body.as_bytes());

    for body in ["", "{", "nonsense", r#"{"id":1,"id":2}"#, "{\"id\":1}x"] {
        assert_eq!(told(body), (-32700, Value::Null), "{body}");
    }
    assert_eq!(sent(&till.payme, "POST", b"{\"id\":\"\xff\"}"), (-32700, Value::Null));
    for (body, id) in [
        ("[]", Value::Null),
        (r#"[{"method":"CheckTransaction","params":{},"id":1}]"#, Value::Null),
        ("7", Value::Null),
        ("null", Value::Null),
        ("{}", Value::Null),
        (r#"{"method":"CheckTransaction","params":{}}"#, Value::Null),
        (r#"{"method":"CheckTransaction","id":3}"#, json!(3)),
        (r#"{"params":{},"id":3}"#, json!(3)),
        (r#"{"method":1,"params":{},"id":3}"#, json!(3)),
        (r#"{"method":"CheckTransaction","params":[],"id":3}"#, json!(3)),
        (
            r#"{"method":"CheckTransaction","params":{"id":"x"},"id":"3"}"#,
            json!("3"),
        ),
        (r#"{"method":"CheckTransaction","params":{"id":5},"id":3}"#, json!(3)),
        (r#"{"method":"CancelTransaction","params":{"id":"x"},"id":3}"#, json!(3)),
        (
            r#"{"method":"CancelTransaction","params":{"id":"x","reason":"5"},"id":3}"#,
            json!(3),
        ),
        (r#"{"method":"GetStatement","params":{"from":1},"id":3}"#, json!(3)),
        (
            r#"{"method":"GetStatement","params":{"from":1,"to":2.0},"id":3}"#,
            json!(3),
        ),
        (
            r#"{"method":"CheckPerformTransaction","params":{"amount":1},"id":3}"#,
            json!(3),
        ),
        (
            r#"{"method":"CheckPerformTransaction","params":{"amount":1,"account":[]},"id":3}"#,
            json!(3),
        ),
    ] {
        assert_eq!(told(body), (-32600, id), "{body}");
    }
    for method in ["ChangePassword", "checktransaction", ""] {
        let answer = till.call(method, &json!({}));
        assert_eq!((number(&answer), answer.text("/error/data")), (-32601, method));
    }
}

#[test]
fn junk_in_account_is_a_malformed_order_number() {
    let till = till();
    let junk = [
        json!({}),
        json!({ "order_id": null }),
        json!({ "order_id": "" }),
        json!({ "order_id": {} }),
        json!({ "order_id": [1] }),
        json!({ "order_id": true }),
        json!({ "order_id": 1.5 }),
        json!({ "order_id": -1 }),
        json!({ "order_id": "-1" }),
        json!({ "order_id": "1'; DROP TABLE orders; --" }),
        json!({ "order_id": "\"1\"" }),
        json!({ "order_id": "\u{0}" }),
        json!({ "order_id": "9".repeat(300) }),
        json!({ "order_id": 9_223_372_036_854_775_808_u64 }),
    ];

    for account in junk {
        let answer = till.call("CheckPerformTransaction", &json!({ "amount": 1, "account": account }));
        assert_eq!(
            (number(&answer), answer.text("/error/data")),
            (-31054, "order_id"),
            "{account}"
        );
    }
    let unknown = json!({ "amount": 1, "account": { "order_id": 9_223_372_036_854_775_807_i64 } });
    assert_eq!(till.fault("CheckPerformTransaction", &unknown), -31050);
}

#[test]
fn the_header_for_the_type_the_last_slash_and_the_older_address_make_no_difference() {
    let till = till();

    for path in [
        PAYME,
        "/api/v1/payments/payme",
        "/api/v6/payments/webhook/payme/",
        "/api/v6/payments/webhook/payme",
    ] {
        for content_type in ["text/json; charset=UTF-8", "application/json", "text/html", ""] {
            let client = till.payme.with_header("content-type", content_type);
            let answer = client.send("POST", path, Some(CHECK));
            assert_eq!(number(&answer), -31003, "{path} {content_type}");
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.header("content-language"), "");
        }
    }
}

#[test]
fn nobody_counts_the_calls() {
    let till = till();

    for _ in 0..700 {
        assert_eq!(sent(&till.payme, "POST", CHECK).0, -31003);
    }
}

#[test]
fn a_body_that_is_too_large_or_too_slow_is_a_failure_of_ours() {
    let till = Till::open(Server::configured(&[("SAVDO_SERVER__BODY_TIMEOUT_MS", "300")]));
    let large = format!(
        r#"{{"method":"CheckTransaction","params":{{"id":"x"}},"id":7,"more":"{}"}}"#,
        "x".repeat(64 * 1024)
    );

    assert_eq!(sent(&till.payme, "POST", large.as_bytes()), (-32400, Value::Null));
    let stranger = till.server.client().unnoted();
    assert_eq!(sent(&stranger, "POST", large.as_bytes()), (-32504, Value::Null));
    let credential = ("Authorization", basic(&format!("Paycom:{PAYME_KEY}")));
    let told = failing::unfinished(&till.server, PAYME, &credential, "\"id\":null");
    assert!(told.contains(r#"{"error":{"code":-32400,"#), "{told}");
}

#[test]
fn a_database_that_fails_is_a_failure_of_ours_with_the_id() {
    super::on_both(|till| {
        let order = till.opened();
        till.server
            .world
            .database
            .execute("ALTER TABLE provider_transactions RENAME TO elsewhere");

        for (method, params) in [
            ("CheckTransaction", json!({ "id": super::ID })),
            ("PerformTransaction", json!({ "id": super::ID })),
            ("CreateTransaction", till.creating(super::OTHER_ID, order)),
            ("GetStatement", json!({ "from": 1, "to": i64::MAX })),
        ] {
            let answer = till.call(method, &params);
            assert_eq!((number(&answer), answer.integer("/id")), (-32400, 7), "{method}");
        }
    });
}

#[test]
fn a_panic_and_too_long_headers_are_a_failure_of_ours() {
    let till = Till::open(Server::with(TestDatabase::new(Backend::Sqlite), failing::panicking));

    let panicked = till.payme.send("POST", "/api/v1/payments/payme/panic/", Some(CHECK));
    assert_eq!((number(&panicked), panicked.at("/id")), (-32400, &Value::Null));
    let long = till.payme.with_header("x-more", &"x".repeat(40_000));
    assert_eq!(sent(&long, "POST", CHECK), (-32400, Value::Null));
}

#[test]
fn payme_may_call_from_its_networks_alone_where_they_are_named() {
    let elsewhere = Till::open(Server::configured(&[(
        "SAVDO_PAYMENTS__PAYME__ALLOW_FROM",
        "185.234.113.0/28",
    )]));
    let here = Till::open(Server::configured(&[(
        "SAVDO_PAYMENTS__PAYME__ALLOW_FROM",
        "127.0.0.0/8",
    )]));

    assert_eq!(sent(&elsewhere.payme, "POST", CHECK), (-32504, json!(7)));
    assert_eq!(sent(&here.payme, "POST", CHECK), (-31003, json!(7)));
}
