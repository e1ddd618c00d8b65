//! Short messages to providers that behave, and to those that do not.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod eskiz;
mod fake;
mod playmobile;

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use savdo_domain::dispatch::Outcome;
use savdo_domain::phone::Phone;
use savdo_gateways::sms::{LogSms, NoSms, Waits, WithFallback};
use savdo_services::gateways::{Handed, Receipt, Sms, SmsGateway, SmsProvider};

use fake::{FakeProvider, Says};

/// Nobody waits long in a test.
const SHORT: Waits = Waits {
    connect: Duration::from_secs(2),
    whole: Duration::from_millis(1500),
};

fn sms() -> Sms {
    Sms {
        message_number: 42,
        to: Phone::parse("+998901234567").unwrap(),
        text: "Kod: 482915 & boshqa".to_owned(),
        is_doubtful: false,
        at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
    }
}

fn told(handed: &Handed) -> String {
    let (kind, why) = match &handed.outcome {
        Outcome::Sent => ("sent", ""),
        Outcome::Retry { why, after: None } => ("retry", why.as_str()),
        Outcome::Retry {
            why,
            after: Some(after),
        } => return format!("retry after {}: {why}", after.num_seconds()),
        Outcome::Permanent { why } => ("permanent", why.as_str()),
        Outcome::Unknown { why } => ("unknown", why.as_str()),
        Outcome::Pointless { .. } => panic!("no gateway says so: {handed:?}"),
    };
    let said = format!("{kind} {why}");
    assert!(!said.contains("482915") && !said.contains("1234567"), "{said}");
    said.trim_end().to_owned()
}

/// A port that nobody listens on.
fn deserted() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn a_message_of_the_log_and_of_nobody_is_over_at_once() {
    assert_eq!(told(&LogSms.send(&sms())), "sent");
    assert_eq!(
        told(&NoSms.send(&sms())),
        "permanent no short messages are sent: sms.gateway is \"none\""
    );
}

#[test]
fn nobody_reads_a_message_or_a_password_in_a_debug_line() {
    let eskiz = eskiz::settings("https://notify.eskiz.uz/api");
    let playmobile = playmobile::settings("https://send.smsxabar.uz");

    let shown = format!("{:?} {eskiz:?} {playmobile:?}", sms());

    for hidden in ["482915", "901234567", "maxfiy", "tokenli"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[test]
fn a_second_provider_gets_what_the_first_surely_did_not_take() {
    let second = || FakeProvider::start(|_, _| Says::Answer(200, "Request is received".to_owned()));
    let ask = |says: Says, sms: &Sms| {
        let first = FakeProvider::start(move |heard, _| match heard.line.as_str() {
            "POST /auth/login" => eskiz::token("t1"),
            _ => says.clone(),
        });
        let second = second();
        let both = WithFallback::new(Arc::new(eskiz::gateway(&first)), Arc::new(playmobile::gateway(&second)));
        assert!(!both.knows_repetitions());
        let handed = both.send(sms);
        (told(&handed), handed.receipt, second.heard().len())
    };
    let by_second = Some(Receipt {
        provider: SmsProvider::PlayMobile,
        id: "savdo-42".to_owned(),
    });
    let no_balance = || Says::Answer(400, r#"{"status":"error","message":"no balance"}"#.to_owned());

    assert_eq!(ask(no_balance(), &sms()), ("sent".to_owned(), by_second.clone(), 1));
    assert_eq!(
        ask(Says::Answer(429, String::new()), &sms()),
        ("sent".to_owned(), by_second, 1)
    );
    for lost in [
        Says::Nothing,
        Says::HangsUp,
        Says::Answer(500, String::new()),
        Says::Half(200, "{".to_owned()),
    ] {
        let (told, receipt, asked) = ask(lost, &sms());
        assert!(
            told.starts_with("unknown ") && receipt.is_none() && asked == 0,
            "{told}"
        );
    }
    let doubtful = Sms {
        is_doubtful: true,
        ..sms()
    };
    assert_eq!(
        ask(no_balance(), &doubtful),
        ("permanent 400: no balance".to_owned(), None, 0)
    );
    let (told, _, asked) = ask(eskiz::taken("e-1"), &sms());
    assert_eq!((told.as_str(), asked), ("sent", 0));
}
