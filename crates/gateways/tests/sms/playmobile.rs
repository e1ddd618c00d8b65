//! What PlayMobile says of a message decides about it.

use std::time::{Duration, Instant};

use savdo_gateways::sms::{PlayMobileSettings, PlayMobileSms};
use savdo_services::gateways::{Receipt, SmsGateway, SmsProvider};

use crate::fake::{FakeProvider, Says};
use crate::{SHORT, deserted, sms, told};

pub(crate) fn settings(url: &str) -> PlayMobileSettings {
    PlayMobileSettings {
        url: url.to_owned(),
        username: "savdo".to_owned(),
        password: "maxfiy".to_owned(),
        originator: "3700".to_owned(),
        waits: SHORT,
    }
}

pub(crate) fn gateway(provider: &FakeProvider) -> PlayMobileSms {
    PlayMobileSms::new(settings(&provider.url))
}

fn said(says: Says) -> String {
    let provider = FakeProvider::start(move |_, _| says.clone());
    let handed = gateway(&provider).send(&sms());
    assert!(handed.is_repeatable, "the same id goes out again");
    assert_eq!(handed.receipt.is_some(), told(&handed) == "sent");
    told(&handed)
}

fn answer(status: u16, body: &str) -> String {
    said(Says::Answer(status, body.to_owned()))
}

#[test]
fn a_message_goes_to_playmobile_under_a_name_that_stays() {
    let provider = FakeProvider::start(|_, _| Says::Answer(200, "Request is received\n".to_owned()));
    let gateway = gateway(&provider);

    let handed = [gateway.send(&sms()), gateway.send(&sms())];

    let receipt = Receipt {
        provider: SmsProvider::PlayMobile,
        id: "savdo-42".to_owned(),
    };
    assert_eq!(handed[0].receipt, Some(receipt));
    assert_eq!(handed[0], handed[1]);
    let heard = provider.heard();
    assert_eq!(heard[0], heard[1], "a repetition is the same to the letter");
    assert_eq!(heard[0].line, "POST /broker-api/send");
    assert_eq!(heard[0].authorization, "Basic c2F2ZG86bWF4Zml5");
    assert_eq!(heard[0].content_type, "application/json; charset=UTF-8");
    assert_eq!(
        heard[0].body,
        r#"{"messages":[{"message-id":"savdo-42","recipient":"998901234567","sms":{"content":{"text":"Kod: 482915 & boshqa"},"originator":"3700"}}]}"#
    );
}

#[test]
fn what_playmobile_says_of_a_message_decides_about_it() {
    assert_eq!(
        answer(
            400,
            r#"{"error-code":202,"error-description":"no recipient 998901234567"}"#
        ),
        "permanent error 202: no recipient ***"
    );
    assert_eq!(
        answer(400, r#"{"error_code":"404","error_description":"Content\r\nis empty"}"#),
        "permanent error 404: Content  is empty"
    );
    for code in [
        101, 104, 105, 204, 205, 206, 301, 306, 401, 402, 403, 405, 406, 407, 408,
    ] {
        let body = format!(r#"{{"error-code":{code},"error-description":"x"}}"#);
        assert_eq!(answer(400, &body), format!("permanent error {code}: x"));
    }
    for code in [100, 102, 103, 410, 411] {
        let body = format!(r#"{{"error-code":{code},"error-description":"x"}}"#);
        assert_eq!(answer(400, &body), format!("retry error {code}: x"));
    }
    assert_eq!(answer(400, "<html>"), "retry 400: an answer that is none");
    assert_eq!(answer(401, ""), "retry 401: the log-in is refused");
    assert_eq!(answer(403, ""), "retry 403: the log-in is refused");
    assert_eq!(answer(404, ""), "retry 404: the broker cannot be asked so");
    assert_eq!(answer(302, ""), "retry 302: the broker cannot be asked so");
    assert_eq!(said(Says::TooMany(90)), "retry after 90: 429: too many");
    assert_eq!(said(Says::TooMany(1_000_000)), "retry after 86400: 429: too many");
}

#[test]
fn whatever_else_playmobile_does_the_fate_of_the_message_is_unknown() {
    assert_eq!(answer(500, "oops"), "unknown 500: a fault of the broker");
    assert_eq!(answer(503, ""), "unknown 503: a fault of the broker");
    assert_eq!(
        answer(200, r#"{"something":"else"}"#),
        "unknown 200: an answer that is none"
    );
    assert_eq!(
        said(Says::Half(200, "Request is received".to_owned())),
        "unknown 200: an answer that is none"
    );
    assert_eq!(said(Says::HangsUp), "unknown the connection broke off");
    let begun = Instant::now();
    assert_eq!(said(Says::Nothing), "unknown no answer in time");
    assert_eq!(said(Says::Drips), "unknown no answer in time");
    assert!(begun.elapsed() < Duration::from_secs(6), "nobody waits for ever");
}

#[test]
fn a_broker_that_is_not_there_surely_took_nothing() {
    let handed = PlayMobileSms::new(settings(&deserted())).send(&sms());

    assert_eq!(told(&handed), "retry no connection");
}
