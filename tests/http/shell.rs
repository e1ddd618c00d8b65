//! What holds at every address: paths, methods, bodies, request ids, and a fault of ours.

use std::collections::HashMap;
use std::sync::Barrier;
use std::time::Duration;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use savdo_api::extract::Body;
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_tests::{Answer, Client, Server, same_on_both};
use serde_json::{Value, json};
use validator::{Validate, ValidationErrors};

/// Any object.
#[derive(serde::Deserialize)]
struct Anything(HashMap<String, Value>);

impl Validate for Anything {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

async fn keys(Body(Anything(body)): Body<Anything>) -> impl Responder {
    HttpResponse::Ok().json(json!({ "keys": body.len() }))
}

async fn panics() -> HttpResponse {
    panic!("secret words of a panic")
}

async fn panics_in_a_use_case(context: web::Data<savdo_services::Context>) -> Result<HttpResponse, savdo_api::Problem> {
    savdo_api::blocking::run::<(), _>(&context, |_| panic!("secret words of a panic")).await?;
    Ok(HttpResponse::Ok().finish())
}

fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/test/keys/").route(web::post().to(keys)))
        .service(web::resource("/test/panic/").to(panics))
        .service(web::resource("/api/v1/pharmacy/test/panic/").to(panics_in_a_use_case));
}

pub(crate) fn server() -> Server {
    Server::with(TestDatabase::new(Backend::Sqlite), routes)
}

/// Sends a body to an address that takes any object.
fn sent(client: &Client, body: &[u8]) -> (u16, Value) {
    let json = client.with_header("content-type", "application/json");
    let Answer { status, body, .. } = json.send("POST", "/test/keys/", Some(body));
    (status, body)
}

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.text("/code"))
}

#[test]
fn an_unknown_address_is_answered_in_json() {
    same_on_both!(|server: &Server| {
        let client = server.client();
        client.get("/");
        client.get("/api/v1/nothing/");
        client.act("/api/v1/pharmacy/nothing/");
        client.get("/api/v1/pharmacy/auth/nothing/");
        client.get("/health/ready/%00");
        client.with_header("accept", "text/html").get("/favicon.ico");
    });
}

#[test]
fn another_method_names_those_that_are_allowed() {
    same_on_both!(|server: &Server| {
        let client = server.client();
        client.act("/health/ready/");
        client.delete("/health/ready");
        client.send("PROPFIND", "/health/ready/", None);
        client.send("TRACE", "/health/ready/", None);
        client.put("/api/schema/", &json!({}));
    });
}

#[test]
fn head_is_get_without_its_body() {
    let server = server();
    let client = server.client();

    let get = client.get("/health/ready/");
    let head = client.send("HEAD", "/health/ready/", None);

    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.text.len().to_string());
    assert_eq!(client.send("HEAD", "/nothing/", None).status, 404);
}

#[test]
fn a_missing_last_slash_is_no_other_address() {
    let server = server();
    let client = server.client();

    // A file is called by its name alone.
    let is_file = |path: &str| path.starts_with("/media/");
    for route in savdo_api::routes::all()
        .into_iter()
        .filter(|route| !is_file(&route.path))
    {
        assert!(route.path.ends_with('/'), "{}", route.path);
        let with_slash = route.path.replace("{id}", "1");
        let without_slash = with_slash.trim_end_matches('/').to_owned();
        let method = route.method.as_str();

        let answers = [with_slash, without_slash].map(|path| client.unnoted().send(method, &path, None));

        let [with, without] = answers.map(|answer| (answer.status, answer.text));
        assert_eq!(with, without, "{method} {}", route.path);
        assert!(with.0 != 404 || route.path.contains("{id}"), "{}", route.path);
    }
}

#[test]
fn a_body_that_two_readers_could_understand_differently_is_refused() {
    let server = server();
    let client = server.client();
    let deep_array = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let long_number = format!("{{\"a\": 1{}", "0".repeat(10_000));
    let bodies: [&[u8]; 19] = [
        b"",
        b"{",
        b"[]",
        b"1",
        b"\"text\"",
        b"null",
        b"{} {}",
        b"{} trailing",
        b"\xef\xbb\xbf{}",
        br#"{"a": 1, "a": 2}"#,
        br#"{"a": {"b": 1, "b": 2}}"#,
        br#"{"a": NaN}"#,
        br#"{"a": Infinity}"#,
        br#"{"a": "\ud800"}"#,
        br#"{"a": "\u0000"}"#,
        b"{\"a\": \"\0\"}",
        b"{\"a\": \"\xff\"}",
        deep_array.as_bytes(),
        long_number.as_bytes(),
    ];

    for body in bodies {
        let (status, answer) = sent(&client, body);
        let shown = String::from_utf8_lossy(body);
        let shown: String = shown.chars().take(60).collect();
        assert_eq!((status, &answer["code"]), (400, &json!("malformed_body")), "{shown}");
    }
    assert_eq!(
        sent(&client, br#"{"a": 1e400}"#),
        (200, json!({ "keys": 1 })),
        "a number is judged by its field"
    );
    assert_eq!(
        sent(
            &client,
            format!("{{\"a\": {}1{}}}", "[".repeat(31), "]".repeat(31)).as_bytes()
        )
        .0,
        200
    );
    assert_eq!(
        sent(
            &client,
            format!("{{\"a\": {}1{}}}", "[".repeat(32), "]".repeat(32)).as_bytes()
        )
        .0,
        400
    );
}

#[test]
fn only_json_is_taken_where_json_is_wanted() {
    let server = server();
    let client = server.client();
    let of_type = |media_type: &str| {
        let client = client.with_header("content-type", media_type);
        client.send("POST", "/test/keys/", Some(b"{}"))
    };

    for media_type in [
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
    ] {
        assert_eq!(
            code(&of_type(media_type)),
            (415, "unsupported_media_type"),
            "{media_type}"
        );
    }
    assert_eq!(
        code(&client.send("POST", "/test/keys/", Some(b"{}"))),
        (415, "unsupported_media_type")
    );
    for media_type in ["application/json; charset=utf-8", "Application/JSON"] {
        assert_eq!(of_type(media_type).status, 200, "{media_type}");
    }
    for body in [b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".as_slice(), b"{}"] {
        assert_eq!(sent(&client.with_header("content-encoding", "gzip"), body).0, 415);
    }
    assert_eq!(sent(&client.with_header("content-encoding", "identity"), b"{}").0, 200);
}

#[test]
fn a_body_over_one_mebibyte_is_refused_and_the_server_goes_on() {
    let server = server();
    let client = server.client();
    let body_of = |length: usize| format!("{{\"a\": \"{}\"}}", "x".repeat(length - 9)).into_bytes();

    assert_eq!(sent(&client, &body_of(1024 * 1024)).0, 200);
    let (status, answer) = sent(&client, &body_of(1024 * 1024 + 1));
    assert_eq!((status, &answer["code"]), (413, &json!("body_too_large")));
    let (status, _) = sent(&client, &body_of(8 * 1024 * 1024));
    assert_eq!(status, 413);

    assert_eq!(sent(&client, b"{}").0, 200);
}

#[test]
fn a_plain_request_id_is_taken_over_and_any_other_replaced() {
    let server = server();
    let id_of = |sent: &str| {
        let answer = server.client().with_header("x-request-id", sent).get("/nothing/");
        answer.header("x-request-id").to_owned()
    };

    for sent in ["abcd-123", &"x".repeat(64)] {
        assert_eq!(id_of(sent), sent);
    }
    for sent in ["short", "with space", "under_score", "a;b=c-12345", &"x".repeat(65)] {
        let made = id_of(sent);
        assert_ne!(made, sent);
        assert_eq!(made.len(), 36, "{made}");
    }
    assert_ne!(id_of("short"), id_of("short"));
}

on_both! {
    fn a_panic_is_a_fault_of_ours_and_the_server_goes_on(database: TestDatabase) {
        let server = Server::with(database, routes);
        let client = server.client();

        for path in ["/test/panic/", "/api/v1/pharmacy/test/panic/"] {
            for _ in 0..3 {
                let answer = client.get(path);
                assert_eq!(code(&answer), (500, "internal_error"));
                assert_eq!(answer.body["request_id"], "test-request-1");
                assert_eq!(answer.header("x-request-id"), "test-request-1");
                assert!(!answer.text.contains("secret"), "{}", answer.text);
            }
        }

        let signed_in = client.signed_in("broken").get("/test/panic/");
        assert_eq!((signed_in.status, signed_in.header("cache-control")), (500, "no-store"));
        assert_eq!(client.get("/health/ready/").status, 200);
    }
}

#[test]
fn a_database_without_a_free_connection_is_busy_and_the_server_lives() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let database = TestDatabase::with(backend, |settings| {
            settings.pool_size = 2;
            settings.checkout_timeout = Duration::from_millis(200);
        });
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);
        let all_taken = Barrier::new(3);
        let done = Barrier::new(3);

        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    server.world.database.read("test_keep", |_| {
                        all_taken.wait();
                        done.wait();
                        Ok::<_, savdo_persistence::Error>(())
                    })
                });
            }
            all_taken.wait();
            let answer = client.get("/api/v1/branches/");
            let alive = client.get("/health/");
            done.wait();

            assert_eq!((code(&answer), answer.header("retry-after")), ((503, "busy"), "1"));
            assert_eq!(alive.status, 200);
        });
        assert_eq!(client.get("/api/v1/branches/").status, 200);
    }
}

#[test]
fn words_are_of_the_language_that_is_asked_for_in_both_dialects() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        for language in ["ru-RU,ru;q=0.9,en;q=0.8", "de, en;q=0.5", "de", "uz"] {
            let client = server.client_of(&shop.owner).with_header("accept-language", language);
            client.get(&format!("/api/v1/branches/{}/", shop.branch_id));
            client.post("/api/v1/branches/", &json!({ "name": "" }));
            client.get("/api/v1/pharmacy/products/0/");
            client.post(
                "/api/v1/pharmacy/auth/login/",
                &json!({ "phone_number": "901234567", "password": "x" }),
            );
        }
    });
}

#[test]
fn an_answer_says_its_language_and_that_it_depends_on_what_was_asked_for() {
    let server = server();
    let client = server.client().with_header("accept-language", "ru");
    let told = |path: &str| {
        let answer = client.get(path);
        (
            answer.header("content-language").to_owned(),
            answer.header("vary").to_owned(),
        )
    };

    let in_russian = ("ru".to_owned(), "Accept-Language, Origin".to_owned());
    assert_eq!(told("/api/v1/pharmacy/products/"), in_russian);
    assert_eq!(told("/nothing/"), in_russian);
    assert_eq!(client.get("/test/panic/").header("content-language"), "ru");
    assert_eq!(told("/health/"), (String::new(), "Origin".to_owned()));
}
