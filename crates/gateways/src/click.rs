//! Click's Merchant API (payments.md 3.6, 3.7): where a payment stands, giving its money back, and registering its sale with the tax office.
//!
//! What Click answers is told apart into what it did, what it surely did not, and what nobody knows. Neither secrets nor the numbers of
//! payments stand in what is said of a failure. Invoices are deliberately absent: nobody asks for them.

mod fiscal;

use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::Money;
use savdo_domain::ids::OrderId;
use savdo_domain::payment::click::{ClickDesk, ClickStatus, FiscalSale, auth_header};
use savdo_services::gateways::{AskedPayment, ClickGateway, Clicked, Reversal, Submission};
use serde_json::Value;

pub use crate::http::Waits;
use crate::http::{Answer, Call, Caller, Method, Silence, said};

/// How Click is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickApiSettings {
    /// The address of its API, such as `https://api.click.uz/v2/merchant`.
    pub url: String,
    /// How long it is waited for.
    pub waits: Waits,
}

/// Asks Click.
pub struct ClickApi {
    settings: ClickApiSettings,
    caller: Caller,
}

/// Asks nobody, where no Click is configured: money goes back by hand.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoClick;

const NOBODY: &str = "Click is not asked: payments.click.api_url is empty";

/// What an answer says: its fields, or why there are none to go by.
type Heard = Clicked<Result<Value, String>>;

impl ClickApi {
    /// A caller; nothing is connected yet.
    #[must_use]
    pub fn new(settings: ClickApiSettings) -> Self {
        Self {
            caller: Caller::new(settings.waits.connect),
            settings,
        }
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.settings.waits.whole
    }

    fn ask(&self, desk: &ClickDesk, method: Method, path: &str, until: (DateTime<Utc>, Instant)) -> Heard {
        match self.call(desk, (method, path, ""), until) {
            Ok(answer) => judge(&answer),
            Err(silence) => silent(silence),
        }
    }

    fn call(
        &self,
        desk: &ClickDesk,
        (method, path, body): (Method, &str, &str),
        (now, deadline): (DateTime<Utc>, Instant),
    ) -> Result<Answer, Silence> {
        let base = self.settings.url.trim_end_matches('/');
        let credential = auth_header(&desk.merchant_user_id, &desk.desk.secrets.live, now);
        let call = Call {
            method,
            url: &format!("{base}/payment/{path}"),
            credential: Some(("Auth", &credential)),
            content_type: "application/json",
            body,
        };
        self.caller.call(&call, deadline)
    }

    fn status_until(
        &self,
        desk: &ClickDesk,
        payment_id: i64,
        until: (DateTime<Utc>, Instant),
    ) -> Clicked<AskedPayment> {
        let path = format!("status/{}/{payment_id}", desk.service_id);
        match self.ask(desk, Method::Get, &path, until) {
            Clicked::Told(Ok(told)) => match told.get("payment_status").and_then(Value::as_i64) {
                Some(status) => found(payment_id, status, &told),
                None => unknown("an answer without payment_status"),
            },
            rest => not_found(rest),
        }
    }
}

impl ClickGateway for ClickApi {
    fn status(&self, desk: &ClickDesk, payment_id: i64, now: DateTime<Utc>) -> Clicked<AskedPayment> {
        self.status_until(desk, payment_id, (now, self.deadline()))
    }

    fn status_by_order(
        &self,
        desk: &ClickDesk,
        (order_id, day): (OrderId, NaiveDate),
        now: DateTime<Utc>,
    ) -> Clicked<AskedPayment> {
        let until = (now, self.deadline());
        let path = format!(
            "status_by_mti/{}/{order_id}/{}",
            desk.service_id,
            day.format("%Y-%m-%d")
        );
        let told = match self.ask(desk, Method::Get, &path, until) {
            Clicked::Told(Ok(told)) => told,
            rest => return not_found(rest),
        };
        let number = |name| told.get(name).and_then(Value::as_i64);
        match (number("payment_id").filter(|id| *id > 0), number("payment_status")) {
            (Some(payment_id), Some(status)) => found(payment_id, status, &told),
            // Not every answer says both.
            (Some(payment_id), None) => self.status_until(desk, payment_id, until),
            (None, _) => Clicked::Told(AskedPayment::NotFound {
                why: "an answer without payment_id".to_owned(),
            }),
        }
    }

    fn reverse(&self, desk: &ClickDesk, payment_id: i64, now: DateTime<Utc>) -> Clicked<Reversal> {
        let path = format!("reversal/{}/{payment_id}", desk.service_id);
        let heard = self.ask(desk, Method::Delete, &path, (now, self.deadline()));
        heard.and_then(|told| {
            Clicked::Told(match told {
                Ok(_) => Reversal::Done,
                Err(why) => Reversal::Refused { why },
            })
        })
    }

    fn submit_items(
        &self,
        desk: &ClickDesk,
        payment_id: i64,
        sale: &FiscalSale,
        now: DateTime<Utc>,
    ) -> Clicked<Submission> {
        let body = fiscal::body(desk, payment_id, sale).to_string();
        let posted = (Method::Post, "ofd_data/submit_items", body.as_str());
        match self.call(desk, posted, (now, self.deadline())) {
            Ok(answer) => fiscal::submission(&answer),
            Err(silence) => silent(silence),
        }
    }

    fn receipt(&self, desk: &ClickDesk, payment_id: i64, now: DateTime<Utc>) -> Clicked<Option<String>> {
        let path = format!("ofd_data/{}/{payment_id}", desk.service_id);
        match self.call(desk, (Method::Get, &path, ""), (now, self.deadline())) {
            Ok(answer) => fiscal::receipt(&answer),
            Err(silence) => silent(silence),
        }
    }
}

impl ClickGateway for NoClick {
    fn is_there(&self) -> bool {
        false
    }

    fn status(&self, _desk: &ClickDesk, _payment_id: i64, _now: DateTime<Utc>) -> Clicked<AskedPayment> {
        not_now(NOBODY)
    }

    fn status_by_order(
        &self,
        _desk: &ClickDesk,
        _order: (OrderId, NaiveDate),
        _now: DateTime<Utc>,
    ) -> Clicked<AskedPayment> {
        not_now(NOBODY)
    }

    fn reverse(&self, _desk: &ClickDesk, _payment_id: i64, _now: DateTime<Utc>) -> Clicked<Reversal> {
        let why = NOBODY.to_owned();
        Clicked::Told(Reversal::Refused { why })
    }

    fn submit_items(
        &self,
        _desk: &ClickDesk,
        _payment_id: i64,
        _sale: &FiscalSale,
        _now: DateTime<Utc>,
    ) -> Clicked<Submission> {
        not_now(NOBODY)
    }

    fn receipt(&self, _desk: &ClickDesk, _payment_id: i64, _now: DateTime<Utc>) -> Clicked<Option<String>> {
        not_now(NOBODY)
    }
}

fn silent<Told>(silence: Silence) -> Clicked<Told> {
    match silence {
        Silence::Unheard(why) => not_now(why),
        Silence::Unknown(why) => unknown(why),
    }
}

fn judge(answer: &Answer) -> Heard {
    let status = answer.status;
    let told: Option<Value> = answer.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
    let error = told
        .as_ref()
        .and_then(|told| told.get("error_code"))
        .and_then(Value::as_i64);
    let note = told
        .as_ref()
        .and_then(|told| told.get("error_note"))
        .and_then(Value::as_str);
    let refused = || {
        let code = error.map_or_else(String::new, |error| format!(" error {error}"));
        let note = note.map_or_else(String::new, |note| format!(": {}", said(note)));
        Clicked::Told(Err(format!("{status}{code}{note}")))
    };
    match (status, told.as_ref(), error) {
        (200..=299, Some(told), Some(0)) => Clicked::Told(Ok(told.clone())),
        (200..=299, _, Some(_)) => refused(),
        (200..=299, ..) => unknown(format!("{status}: an answer that is none")),
        (401 | 403, ..) => Clicked::LogInRefused {
            why: format!("{status}: the log-in is refused"),
        },
        (429, ..) => Clicked::NotNow {
            why: "429: too many".to_owned(),
            after: answer.pause(),
        },
        (408, ..) => unknown("408: no answer in time"),
        (400..=499, ..) => refused(),
        (300..=399, ..) => not_now(format!("{status}: Click cannot be asked so")),
        _ => unknown(format!("{status}: a fault of Click")),
    }
}

/// What cannot be told of a payment.
fn not_found(heard: Heard) -> Clicked<AskedPayment> {
    heard.and_then(|told| match told {
        Err(why) => Clicked::Told(AskedPayment::NotFound { why }),
        Ok(_) => unknown("an answer that is none"),
    })
}

fn found(payment_id: i64, status: i64, told: &Value) -> Clicked<AskedPayment> {
    Clicked::Told(AskedPayment::Found {
        payment_id,
        status: ClickStatus::of(status),
        amount: told.get("amount").and_then(amount),
    })
}

/// So'm, as text or as a number by its source text; its documentation promises none.
fn amount(told: &Value) -> Option<Money> {
    match told {
        Value::String(text) => Money::parse(text).ok(),
        Value::Number(number) => Money::parse(&number.to_string()).ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn not_now<Told>(why: impl Into<String>) -> Clicked<Told> {
    let why = why.into();
    Clicked::NotNow { why, after: None }
}

fn unknown<Told>(why: impl Into<String>) -> Clicked<Told> {
    Clicked::Unknown { why: why.into() }
}
