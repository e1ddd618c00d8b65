//! Click's Merchant API where it behaves, and where it does not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../sms/fake.rs"]
mod fake;
mod fiscal;

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::ids::OrderId;
use savdo_domain::payment::click::ClickDesk;
use savdo_domain::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};
use savdo_gateways::click::{ClickApi, ClickApiSettings, NoClick, Waits};
use savdo_services::gateways::{AskedPayment, ClickGateway, Clicked, Reversal};

use fake::{FakeProvider, Says};

/// Click's number of a payment: it never stands in what is said of a failure.
const PAYMENT: i64 = 2_882_345_901;

fn desk() -> ClickDesk {
    ClickDesk {
        desk: Desk {
            store_id: None,
            environment: Environment::Test,
            secrets: DeskSecrets {
                live: DeskSecret::new("clicksecret"),
                previous: DeskSecret::new("eski"),
            },
        },
        service_id: "85335".to_owned(),
        merchant_id: "46".to_owned(),
        merchant_user_id: "9".to_owned(),
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn at(url: &str) -> ClickApi {
    ClickApi::new(ClickApiSettings {
        url: format!("{url}/v2/merchant"),
        waits: Waits {
            connect: Duration::from_secs(2),
            whole: Duration::from_millis(1500),
        },
    })
}

fn clicked<Told>(asked: Clicked<Told>, told: impl FnOnce(Told) -> String) -> String {
    let said = match asked {
        Clicked::Told(answer) => told(answer),
        Clicked::LogInRefused { why } => format!("log-in refused {why}"),
        Clicked::NotNow { why, after: None } => format!("not now {why}"),
        Clicked::NotNow {
            why,
            after: Some(after),
        } => format!("not before {}: {why}", after.num_seconds()),
        Clicked::Unknown { why } => format!("unknown {why}"),
    };
    for hidden in ["clicksecret", "2882345901", "6582787550"] {
        assert!(!said.contains(hidden), "{said}");
    }
    said
}

fn reversed(asked: Clicked<Reversal>) -> String {
    clicked(asked, |reversal| match reversal {
        Reversal::Done => "done".to_owned(),
        Reversal::Refused { why } => format!("refused {why}"),
    })
}

fn asked(asked: Clicked<AskedPayment>) -> String {
    clicked(asked, |payment| match payment {
        AskedPayment::Found {
            payment_id,
            status,
            amount,
        } => {
            let amount = amount.map_or_else(String::new, |amount| format!(" {amount}"));
            format!("{} {status:?}{amount}", payment_id == PAYMENT)
        }
        AskedPayment::NotFound { why } => format!("not found {why}"),
    })
}

/// What becomes of a reversal and of a question that are answered so.
fn both(says: Says) -> [String; 2] {
    let click = FakeProvider::start(move |_, _| says.clone());
    let api = at(&click.url);
    [
        reversed(api.reverse(&desk(), PAYMENT, now())),
        asked(api.status(&desk(), PAYMENT, now())),
    ]
}

fn answers(status: u16, body: &str) -> [String; 2] {
    both(Says::Answer(status, body.to_owned()))
}

/// The same of both.
fn alike(said: &str) -> [String; 2] {
    [said.to_owned(), said.to_owned()]
}

#[test]
fn click_is_asked_as_its_api_wants_it() {
    let click = FakeProvider::start(|_, _| {
        Says::Answer(
            200,
            r#"{"error_code":0,"payment_id":2882345901,"payment_status":2}"#.to_owned(),
        )
    });
    let api = at(&click.url);
    let day = NaiveDate::from_ymd_opt(2026, 9, 21).unwrap();

    let told = [
        asked(api.status(&desk(), PAYMENT, now())),
        asked(api.status_by_order(&desk(), (OrderId::new(1001), day), now())),
        reversed(api.reverse(&desk(), PAYMENT, now())),
    ];

    assert_eq!(told, ["true Successful", "true Successful", "done"]);
    let lines = click.lines().join(", ");
    assert_eq!(
        lines,
        "GET /v2/merchant/payment/status/85335/2882345901, GET /v2/merchant/payment/status_by_mti/85335/1001/2026-09-21, \
         DELETE /v2/merchant/payment/reversal/85335/2882345901"
    );
    for heard in click.heard() {
        assert_eq!(heard.auth, "9:6582787550ad2401c1b498fd8e4365f0947daced:1790000000");
        let rest = [heard.authorization.as_str(), &heard.content_type, &heard.body];
        assert_eq!(rest, ["", "application/json", ""]);
    }
}

#[test]
fn what_click_did_what_it_will_not_do_and_what_nobody_knows_are_three_things() {
    assert_eq!(
        answers(200, r#"{"error_code":0,"payment_status":-1}"#),
        ["done", "true Failed"]
    );
    assert_eq!(
        answers(200, r#"{"error_code":0}"#),
        ["done", "unknown an answer without payment_status"]
    );
    let note = r#"{"error_code":-500,"error_note":"UZCARD\r\nrefuses 2882345901"}"#;
    let refusal = "200 error -500: UZCARD  refuses ***";
    assert_eq!(
        answers(200, note),
        [format!("refused {refusal}"), format!("not found {refusal}")]
    );
    for status in [400, 404, 406, 410] {
        let expected = [format!("refused {status}"), format!("not found {status}")];
        assert_eq!(answers(status, "<html>"), expected);
    }
}

#[test]
fn how_much_a_payment_is_counts_where_it_is_told_exactly() {
    let told = |amount: &str| {
        let body = format!(r#"{{"error_code":0,"payment_status":2,"amount":{amount}}}"#);
        answers(200, &body)[1].clone()
    };

    let amounts = [
        "15000",
        "15000.10",
        "\"21474836.47\"",
        "15000.001",
        "\"oops\"",
        "null",
        "1.5e4",
    ]
    .map(told);

    let expected = [" 15000.00", " 15000.10", " 21474836.47", "", "", "", ""];
    assert_eq!(amounts, expected.map(|amount| format!("true Successful{amount}")));
}

#[test]
fn an_answer_that_is_none_says_nothing_of_the_money() {
    assert_eq!(answers(401, ""), alike("log-in refused 401: the log-in is refused"));
    assert_eq!(answers(403, "{}"), alike("log-in refused 403: the log-in is refused"));
    assert_eq!(answers(302, ""), alike("not now 302: Click cannot be asked so"));
    assert_eq!(both(Says::TooMany(90)), alike("not before 90: 429: too many"));
    assert_eq!(
        answers(500, r#"{"error_code":-500}"#),
        alike("unknown 500: a fault of Click")
    );
    assert_eq!(answers(502, ""), alike("unknown 502: a fault of Click"));
    assert_eq!(answers(408, ""), alike("unknown 408: no answer in time"));
    for garbage in ["", "oops", "[]", "{}", r#"{"error_code":"0"}"#, r#"{"error_code":0.5}"#] {
        assert_eq!(
            answers(200, garbage),
            alike("unknown 200: an answer that is none"),
            "{garbage}"
        );
    }
    let half = Says::Half(200, r#"{"error_code":0,"payment_status":2}"#.to_owned());
    assert_eq!(both(half), alike("unknown 200: an answer that is none"));
}

#[test]
fn a_click_that_falls_silent_is_not_waited_for_and_nobody_knows_what_it_did() {
    assert_eq!(both(Says::HangsUp), alike("unknown the connection broke off"));
    let begun = Instant::now();
    assert_eq!(both(Says::Nothing), alike("unknown no answer in time"));
    assert_eq!(both(Says::Drips), alike("unknown no answer in time"));
    assert!(begun.elapsed() < Duration::from_secs(9), "nobody waits for ever");
    let deserted = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let api = at(&format!("http://{deserted}"));
    assert_eq!(reversed(api.reverse(&desk(), PAYMENT, now())), "not now no connection");
}

#[test]
fn a_payment_is_found_by_its_order_where_click_tells_its_number_alone() {
    let by_order = |body: &'static str| {
        let click = FakeProvider::start(move |heard, _| {
            let is_by_order = heard.line.contains("status_by_mti");
            let body = if is_by_order {
                body
            } else {
                r#"{"error_code":0,"payment_status":1}"#
            };
            Says::Answer(200, body.to_owned())
        });
        let day = NaiveDate::from_ymd_opt(2026, 9, 21).unwrap();
        let told = asked(at(&click.url).status_by_order(&desk(), (OrderId::new(1001), day), now()));
        (told, click.lines().len())
    };

    let told = [
        by_order(r#"{"error_code":0,"payment_id":2882345901}"#),
        by_order(r#"{"error_code":0,"payment_id":2882345901,"payment_status":0}"#),
        by_order(r#"{"error_code":0,"payment_id":null,"payment_status":0}"#),
        by_order(r#"{"error_code":-1,"error_note":"none"}"#),
    ];

    let expected = [
        ("true UnderWay", 2),
        ("true UnderWay", 1),
        ("not found an answer without payment_id", 1),
        ("not found 200 error -1: none", 1),
    ];
    assert_eq!(told, expected.map(|(told, calls)| (told.to_owned(), calls)));
}

#[test]
fn without_a_click_money_goes_back_by_hand() {
    let why = "Click is not asked: payments.click.api_url is empty";

    assert_eq!(
        reversed(NoClick.reverse(&desk(), PAYMENT, now())),
        format!("refused {why}")
    );
    assert_eq!(asked(NoClick.status(&desk(), PAYMENT, now())), format!("not now {why}"));
}

#[test]
fn nobody_reads_a_secret_in_a_debug_line() {
    let shown = format!("{:?}", desk());

    assert!(!shown.contains("clicksecret") && !shown.contains("eski"), "{shown}");
}
