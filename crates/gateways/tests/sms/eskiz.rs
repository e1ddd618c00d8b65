//! What Eskiz says of a message decides about it; its token is renewed by one for all.

use std::sync::Barrier;

use savdo_gateways::sms::{EskizSettings, EskizSms};
use savdo_services::gateways::{Receipt, SmsGateway, SmsProvider};

use crate::fake::{FakeProvider, Heard, Says};
use crate::{SHORT, deserted, sms, told};

const LOGIN: &str = "POST /auth/login";
const REFRESH: &str = "PATCH /auth/refresh";
const SEND: &str = "POST /message/sms/send";

pub(crate) fn settings(url: &str) -> EskizSettings {
    EskizSettings {
        url: url.to_owned(),
        email: "savdo@savdo.uz".to_owned(),
        password: "maxfiy".to_owned(),
        from: "4546".to_owned(),
        callback_url: Some("https://savdo.uz/api/v1/hooks/sms/eskiz/tokenli/".to_owned()),
        waits: SHORT,
    }
}

pub(crate) fn gateway(provider: &FakeProvider) -> EskizSms {
    EskizSms::new(settings(&provider.url))
}

pub(crate) fn token(token: &str) -> Says {
    Says::Answer(
        200,
        format!(r#"{{"message":"token_generated","data":{{"token":"{token}"}},"token_type":"bearer"}}"#),
    )
}

pub(crate) fn taken(id: &str) -> Says {
    Says::Answer(
        200,
        format!(r#"{{"id":"{id}","message":"Waiting for SMS provider","status":"waiting"}}"#),
    )
}

/// What a gateway that is logged in hears of a message.
fn said(says: Says) -> String {
    let provider = FakeProvider::start(move |heard, _| if heard.line == LOGIN { token("t1") } else { says.clone() });
    let handed = gateway(&provider).send(&sms());
    assert!(!handed.is_repeatable, "Eskiz knows no message again");
    assert_eq!(handed.receipt.is_some(), told(&handed) == "sent");
    told(&handed)
}

fn answer(status: u16, body: &str) -> String {
    said(Says::Answer(status, body.to_owned()))
}

#[test]
fn a_message_goes_to_eskiz_after_one_log_in() {
    let provider = FakeProvider::start(|heard, before| match heard.line.as_str() {
        LOGIN => token("t1"),
        _ => taken(&format!("uuid-{before}")),
    });
    let gateway = gateway(&provider);

    let handed = [gateway.send(&sms()), gateway.send(&sms())];

    let receipt = |id: &str| {
        Some(Receipt {
            provider: SmsProvider::Eskiz,
            id: id.to_owned(),
        })
    };
    assert_eq!(
        handed.map(|handed| handed.receipt),
        [receipt("uuid-1"), receipt("uuid-2")]
    );
    let heard = provider.heard();
    assert_eq!(provider.lines(), [LOGIN, SEND, SEND]);
    assert_eq!(heard[0].body, "email=savdo%40savdo.uz&password=maxfiy");
    assert_eq!(
        (heard[0].authorization.as_str(), heard[1].authorization.as_str()),
        ("", "Bearer t1")
    );
    assert_eq!(heard[1].content_type, "application/x-www-form-urlencoded");
    assert_eq!(
        heard[1].body,
        "mobile_phone=998901234567&message=Kod%3A+482915+%26+boshqa&from=4546\
         &callback_url=https%3A%2F%2Fsavdo.uz%2Fapi%2Fv1%2Fhooks%2Fsms%2Feskiz%2Ftokenli%2F"
    );
}

#[test]
fn what_eskiz_says_of_a_message_decides_about_it() {
    assert_eq!(
        answer(
            400,
            r#"{"status":"error","message":"Moderatsiyadan o'tmagan matn: 482915"}"#
        ),
        "permanent 400: Moderatsiyadan o'tmagan matn: ***"
    );
    assert_eq!(
        answer(
            422,
            r#"{"status":"error","message":{"mobile_phone":["998901234567 is blocked"]}}"#
        ),
        r#"permanent 422: {"mobile_phone":["*** is blocked"]}"#
    );
    assert_eq!(
        answer(200, r#"{"status":"error","message":"no balance"}"#),
        "permanent 200: no balance"
    );
    assert_eq!(answer(400, "<html>"), "permanent 400:");
    assert_eq!(answer(403, ""), "retry 403: Eskiz cannot be asked so");
    assert_eq!(answer(302, ""), "retry 302: Eskiz cannot be asked so");
    assert_eq!(said(Says::TooMany(90)), "retry after 90: 429: too many");
    assert_eq!(answer(200, r#"{"id":7,"status":"waiting"}"#), "sent");
}

#[test]
fn whatever_else_eskiz_does_the_fate_of_the_message_is_unknown() {
    assert_eq!(answer(500, "oops"), "unknown 500: a fault of Eskiz");
    assert_eq!(answer(504, ""), "unknown 504: a fault of Eskiz");
    assert_eq!(answer(200, "{}"), "unknown 200: an answer that is none");
    assert_eq!(answer(200, r#"{"id":null}"#), "unknown 200: an answer that is none");
    assert_eq!(
        said(Says::Half(200, r#"{"id":"uuid"}"#.to_owned())),
        "unknown 200: an answer that is none"
    );
    assert_eq!(said(Says::HangsUp), "unknown the connection broke off");
    assert_eq!(said(Says::Nothing), "unknown no answer in time");
    assert_eq!(said(Says::Drips), "unknown no answer in time");
}

#[test]
fn without_a_log_in_the_message_surely_was_not_taken() {
    let login = |says: Says| {
        let provider = FakeProvider::start(move |_, _| says.clone());
        let told = told(&gateway(&provider).send(&sms()));
        assert_eq!(provider.lines(), [LOGIN]);
        told
    };

    assert_eq!(
        login(Says::Answer(401, String::new())),
        "retry 401: the log-in is refused"
    );
    assert_eq!(
        login(Says::Answer(500, String::new())),
        "retry 500: the log-in is refused"
    );
    assert_eq!(
        login(Says::Answer(200, "{}".to_owned())),
        "retry the log-in is answered without a token"
    );
    assert_eq!(
        login(Says::Half(200, "{".to_owned())),
        "retry the log-in is answered without a token"
    );
    assert_eq!(login(Says::HangsUp), "retry no log-in: the connection broke off");
    assert_eq!(login(Says::Nothing), "retry no log-in: no answer in time");
    let nobody = EskizSms::new(settings(&deserted()));
    assert_eq!(told(&nobody.send(&sms())), "retry no log-in: no connection");
}

/// A provider that takes messages with the token `good` alone.
fn demanding(good: &'static str, refresh: Says, login: Says) -> FakeProvider {
    FakeProvider::start(move |heard: &Heard, before| match heard.line.as_str() {
        LOGIN if before == 0 => token("old"),
        LOGIN => login.clone(),
        REFRESH => refresh.clone(),
        _ if heard.authorization == format!("Bearer {good}") => taken("uuid"),
        _ => Says::Answer(401, r#"{"message":"Expired"}"#.to_owned()),
    })
}

/// A gateway whose token was good and is no more.
fn with_old_token(provider: &FakeProvider) -> EskizSms {
    let gateway = gateway(provider);
    assert_eq!(
        told(&gateway.send(&sms())),
        "retry 401: the token of a new log-in is refused"
    );
    gateway
}

#[test]
fn a_token_that_is_over_is_refreshed_else_there_is_a_log_in_and_then_no_more() {
    let run = |provider: FakeProvider| {
        let gateway = with_old_token(&provider);
        let told = told(&gateway.send(&sms()));
        let heard = provider.lines()[2..].to_vec();
        (told, heard)
    };
    let no = || Says::Answer(401, String::new());
    let gave_up = "retry 401: the token of a new log-in is refused".to_owned();

    assert_eq!(
        run(demanding("fresh", token("fresh"), no())),
        ("sent".to_owned(), [SEND, REFRESH, SEND].map(str::to_owned).to_vec())
    );
    assert_eq!(
        run(demanding("new", no(), token("new"))),
        (
            "sent".to_owned(),
            [SEND, REFRESH, LOGIN, SEND].map(str::to_owned).to_vec()
        )
    );
    assert_eq!(
        run(demanding("new", token("useless"), token("new"))),
        (
            "sent".to_owned(),
            [SEND, REFRESH, SEND, LOGIN, SEND].map(str::to_owned).to_vec()
        )
    );
    assert_eq!(
        run(demanding("none", token("useless"), token("as-useless"))),
        (gave_up, [SEND, REFRESH, SEND, LOGIN, SEND].map(str::to_owned).to_vec())
    );
    let (told, heard) = run(demanding("none", no(), no()));
    assert_eq!((told.as_str(), heard.len()), ("retry 401: the log-in is refused", 3));
}

#[test]
fn one_renews_the_token_for_all_who_wait() {
    let provider = demanding("fresh", token("fresh"), Says::Answer(401, String::new()));
    let gateway = with_old_token(&provider);
    let start = Barrier::new(8);

    let told: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    told(&gateway.send(&sms()))
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });

    assert_eq!(told, ["sent"; 8]);
    let lines = provider.lines();
    assert_eq!(lines.iter().filter(|line| *line == REFRESH).count(), 1, "{lines:?}");
    assert_eq!(lines.iter().filter(|line| *line == LOGIN).count(), 1);
}
