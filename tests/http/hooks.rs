//! What providers report of short messages: believed by the word in the address, and answered alike whatever comes.

use savdo_domain::account::Language;
use savdo_services::accounts;
use savdo_services::testing::origin;
use savdo_tests::{Client, Server};

const TOKEN: &str = "0123456789abcdef01234567";
const FORM: &str = "application/x-www-form-urlencoded";

fn listening() -> Server {
    Server::configured(&[("SAVDO_SMS__HOOK_TOKEN", TOKEN)])
}

/// A message that a provider took.
fn sent(server: &Server, provider: &str, id: &str) {
    accounts::request_reset(&server.world.context, &origin(), Language::Uzbek, "ali@savdo.uz").unwrap();
    server.world.database.execute(&format!(
        "UPDATE outbox_dispatches SET sink = 'sms', status = 'sent', provider = '{provider}', provider_id = '{id}' \
         WHERE provider IS NULL"
    ));
}

fn reported(server: &Server) -> Vec<String> {
    let lines = "SELECT COALESCE(reported, '-') AS line FROM outbox_dispatches ORDER BY id";
    server.world.database.lines(lines)
}

fn report(client: &Client, address: &str, content_type: &str, body: &str) {
    let answer = client
        .with_header("content-type", content_type)
        .send("POST", address, Some(body.as_bytes()));
    assert_eq!((answer.status, answer.text.as_str()), (200, ""), "{body}");
}

#[test]
fn eskiz_reports_by_form_and_by_json() {
    let server = listening();
    sent(&server, "eskiz", "8db53aba-1");
    let address = format!("/api/v1/hooks/sms/eskiz/{TOKEN}/");
    let client = server.client();

    report(
        &client,
        &address,
        FORM,
        "request_id=8db53aba-1&message_id=4385062&user_sms_id=&country=UZ&phone_number=998901234567&status=TRANSMTD\
         &status_date=2026-03-12+10%3A00%3A00",
    );
    let by_form = reported(&server);
    report(
        &client,
        &address,
        "application/json; charset=utf-8",
        r#"{"request_id":"8db53aba-1","message_id":4385062,"status":"DELIVERED","status_date":"2026-03-12 10:00:05"}"#,
    );

    assert_eq!(
        (by_form, reported(&server)),
        (vec!["accepted".to_owned()], vec!["delivered".to_owned()])
    );
}

#[test]
fn playmobile_reports_several_at_once() {
    let server = listening();
    sent(&server, "playmobile", "savdo-1");
    sent(&server, "playmobile", "savdo-2");

    report(
        &server.client(),
        &format!("/api/v1/hooks/sms/playmobile/{TOKEN}"),
        "application/json",
        r#"{"messages":[{"message-id":"savdo-1","channel":"SMS","status":"Delivered","status-date":"2026-03-12"},
            {"message-id":"savdo-2","status":"Expired"},{"message-id":7},{"status":"Delivered"},null]}"#,
    );

    assert_eq!(reported(&server), ["delivered", "undelivered"]);
}

#[test]
fn whoever_guesses_at_the_word_learns_and_changes_nothing() {
    let (listening, deaf) = (listening(), Server::configured(&[]));
    let body = "request_id=e-1&status=DELIVERED";
    for (server, token) in [
        (&listening, "guessed"),
        (&listening, "0123456789abcdef01234568"),
        (&deaf, TOKEN),
    ] {
        sent(server, "eskiz", "e-1");

        report(
            &server.client(),
            &format!("/api/v1/hooks/sms/eskiz/{token}/"),
            FORM,
            body,
        );

        assert!(reported(server).iter().all(|reported| reported == "-"), "{token}");
    }
}

#[test]
fn whatever_comes_is_answered_with_200() {
    let server = listening();
    sent(&server, "eskiz", "e-1");
    let long = "a".repeat(70_000);
    let deep = "[".repeat(5_000);
    for provider in ["eskiz", "playmobile"] {
        let address = format!("/api/v1/hooks/sms/{provider}/{TOKEN}/");
        for body in [
            "",
            "{",
            "null",
            "[]",
            r#"{"messages":{}}"#,
            r#"{"request_id":1,"status":[]}"#,
            "\u{0}=\u{0}",
            &long,
            &deep,
        ] {
            report(&server.client(), &address, "application/json", body);
            report(&server.client(), &address, FORM, body);
            report(&server.client(), &address, "image/png", body);
        }
        let evil = "request_id=e-1%00%27%3B--&status=DELIVERED%0D%0AX";
        report(&server.client(), &address, FORM, evil);
    }

    assert_eq!(reported(&server), ["-"]);
    let other = server.client().get(&format!("/api/v1/hooks/sms/eskiz/{TOKEN}/"));
    assert_eq!(other.status, 405);
}
