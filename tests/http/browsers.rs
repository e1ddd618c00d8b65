//! What browsers are told: security headers on every answer, and which pages may call (pharmacy.md 1.1, reliability.md 83).

use std::collections::BTreeMap;

use savdo_persistence::testing::Backend;
use savdo_tests::{Answer, Server};
use serde_json::json;

const OURS: &str = "https://dokon.uz";

fn with_origin() -> Server {
    Server::configured(&[("SAVDO_CORS__ORIGINS", "http://localhost:3000, https://dokon.uz")])
}

/// What pages are told by CORS.
fn cors(answer: &Answer) -> BTreeMap<&str, &str> {
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| name.starts_with("access-control-"));
    headers.map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn assert_framed(answer: &Answer, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{name} of {what}");
    }
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none';") && policy.ends_with("frame-ancestors 'none'"),
        "{policy} of {what}"
    );
}

#[test]
fn every_answer_has_the_security_headers() {
    let server = crate::shell::server();
    let client = server.client();
    let large = vec![b'x'; 1024 * 1024 + 1];
    let json = client.with_header("content-type", "application/json");
    let answers = [
        (200, client.get("/health/")),
        (200, client.get("/api/docs/")),
        (200, client.get("/api/schema/")),
        (200, client.get("/api/v1/pharmacy/products/")),
        (400, json.send("POST", "/api/v1/auth/login/", Some(b"{"))),
        (401, client.get("/api/v1/sales/")),
        (404, client.get("/nothing/")),
        (405, client.act("/health/ready/")),
        (413, json.send("POST", "/api/v1/auth/login/", Some(&large))),
        (414, client.get(&format!("/{}", "x".repeat(10_000)))),
        (415, client.send("POST", "/api/v1/auth/login/", Some(b"{}"))),
        (500, client.get("/test/panic/")),
    ];

    for (status, answer) in answers {
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_framed(&answer, &status.to_string());
        assert!(answer.header("strict-transport-security").is_empty());
    }
}

#[test]
fn the_viewer_may_run_its_own_scripts_and_nobody_elses() {
    let server = Server::on(Backend::Sqlite);

    let policy = server
        .client()
        .get("/api/docs/")
        .header("content-security-policy")
        .to_owned();

    assert!(
        policy.contains("script-src 'self';") && !policy.contains("script-src 'self' 'unsafe-inline'"),
        "{policy}"
    );
}

#[test]
fn who_came_by_tls_is_told_to_come_by_nothing_else() {
    let strict = |server: &Server, proto: &str| {
        let client = server.client().with_header("x-forwarded-proto", proto);
        client.get("/nothing/").header("strict-transport-security").to_owned()
    };
    let behind_proxy = Server::configured(&[("SAVDO_SERVER__TRUSTED_PROXIES", "127.0.0.1")]);

    assert_eq!(strict(&behind_proxy, "https"), "max-age=31536000");
    assert_eq!(strict(&behind_proxy, "http"), "");
    assert_eq!(
        strict(&Server::on(Backend::Sqlite), "https"),
        "",
        "anybody can write that header"
    );
}

#[test]
fn a_page_of_a_known_origin_may_call() {
    let server = with_origin();
    let client = server.client().with_header("origin", OURS);
    let ask = client.with_header("access-control-request-method", "POST");

    let preflight = ask.send("OPTIONS", "/api/v1/sales/", None);
    assert_eq!((preflight.status, preflight.text.as_str()), (204, ""));
    assert_framed(&preflight, "a preflight");
    let expected = BTreeMap::from([
        ("access-control-allow-origin", OURS),
        ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS"),
        (
            "access-control-allow-headers",
            "Authorization, Content-Type, Idempotency-Key, X-Idempotency-Key, X-Request-Id, Accept-Language, If-None-Match, Last-Event-ID",
        ),
        (
            "access-control-expose-headers",
            "Link, X-Total-Count, Retry-After, X-Request-Id, Idempotent-Replayed, ETag, Content-Disposition",
        ),
        ("access-control-max-age", "86400"),
    ]);
    assert_eq!(cors(&preflight), expected);

    for answer in [
        client.get("/api/v1/pharmacy/products/"),
        client.get("/api/v1/sales/"),
        client.get("/nothing/"),
    ] {
        assert_eq!(answer.header("access-control-allow-origin"), OURS);
        assert!(answer.header("access-control-allow-credentials").is_empty());
        assert!(answer.header("vary").contains("Origin"));
    }
}

#[test]
fn a_page_of_any_other_origin_may_not() {
    let server = with_origin();

    for origin in [
        "null",
        "*",
        "https://evil-dokon.uz",
        "https://dokon.uz.evil.uz",
        "https://sub.dokon.uz",
        "http://dokon.uz",
        "https://dokon.uz:8443",
        "https://DOKON.uz",
        "http://localhost:3001",
    ] {
        let client = server.client().with_header("origin", origin);
        let ask = client.with_header("access-control-request-method", "POST");

        let preflight = ask.send("OPTIONS", "/api/v1/sales/", None);

        assert_eq!(preflight.status, 405, "{origin}");
        for answer in [
            preflight,
            client.get("/api/v1/pharmacy/products/"),
            client.get("/api/v1/sales/"),
        ] {
            assert_eq!(cors(&answer), BTreeMap::new(), "{origin}");
            assert!(answer.header("vary").contains("Origin"));
        }
    }
    let nobody = Server::on(Backend::Sqlite);
    let answer = nobody.client().with_header("origin", OURS).get("/nothing/");
    assert_eq!(cors(&answer), BTreeMap::new(), "nobody is allowed unless configured");
}

#[test]
fn the_address_in_the_audit_log_is_that_of_the_connection_unless_a_proxy_is_trusted() {
    let login = json!({ "username": "owner1", "password": savdo_services::testing::PASSWORD });
    let noted = |server: &Server| {
        let _ = server.world.shop();
        let client = server.client().with_header("x-forwarded-for", "6.6.6.6, 1.2.3.4");
        assert_eq!(client.post("/api/v1/auth/login/", &login).status, 200);
        let ips = server
            .world
            .database
            .lines("SELECT ip AS line FROM audit_entries ORDER BY id DESC LIMIT 1");
        ips.concat()
    };

    assert_eq!(noted(&Server::on(Backend::Sqlite)), "127.0.0.1");
    let behind_proxy = Server::configured(&[("SAVDO_SERVER__TRUSTED_PROXIES", "127.0.0.0/8")]);
    assert_eq!(noted(&behind_proxy), "1.2.3.4");
}
