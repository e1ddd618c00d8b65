//! Click calls us (payments.md 3): each row of its tables, over HTTP.

mod attempts;
mod codes;
mod desks;
mod envelope;
mod failing;
mod fields;
mod hashes;
mod starting;

use savdo_domain::ids::OrderId;
use savdo_domain::payment::click::Signed;
use savdo_domain::payment::desk::DeskSecret;
use savdo_persistence::testing::Backend;
use savdo_services::testing::{CLICK_SECRET, CLICK_SERVICE};
use savdo_tests::{Answer, Client, Server};
use serde_json::Value;

use crate::payme::{self, Till};

const PREPARE: &str = "/api/v1/payments/click/prepare/";
const COMPLETE: &str = "/api/v1/payments/click/complete/";
const FORM: &str = "application/x-www-form-urlencoded";
/// What an order of these tests costs, in so'm.
const TOTAL: &str = "12000.00";
const TRANS: i64 = 3_000_000_001;

/// Runs a test on a server over each database.
fn on_both(test: fn(&Till)) {
    payme::on_both(test);
}

fn till() -> Till {
    Till::open(Server::on(Backend::Sqlite))
}

/// A call of Click, signed when it is sent.
#[derive(Debug, Clone)]
struct Call {
    fields: Vec<(String, String)>,
    secret: String,
}

impl Call {
    fn prepare(order: OrderId) -> Self {
        Self::of("0", &order.to_string())
    }

    fn complete(order: OrderId, prepare_id: i64) -> Self {
        Self::of("1", &order.to_string()).with("merchant_prepare_id", &prepare_id.to_string())
    }

    fn of(action: &str, order: &str) -> Self {
        let trans = TRANS.to_string();
        let fields = [
            ("click_trans_id", trans.as_str()),
            ("service_id", CLICK_SERVICE),
            ("click_paydoc_id", "77"),
            ("merchant_trans_id", order),
            ("amount", TOTAL),
            ("action", action),
            ("error", "0"),
            ("error_note", ""),
            ("sign_time", "2026-11-21 12:00:00"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            fields: fields.into(),
            secret: CLICK_SECRET.to_owned(),
        }
    }

    /// With another value of a field, in its place.
    fn with(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(other, _)| other == name) {
            Some((_, other)) => value.clone_into(other),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(other, _)| other != name);
        self
    }

    /// With a field once more.
    fn and(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    fn attempt(self, click_trans_id: i64) -> Self {
        self.with("click_trans_id", &click_trans_id.to_string())
    }

    fn signed_by(self, secret: &str) -> Self {
        Self {
            secret: secret.to_owned(),
            ..self
        }
    }

    fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn signature(&self) -> String {
        let is_prepare = self.text("action") == "0";
        let signed = Signed {
            click_trans_id: self.text("click_trans_id"),
            service_id: self.text("service_id"),
            merchant_trans_id: self.text("merchant_trans_id"),
            merchant_prepare_id: if is_prepare {
                ""
            } else {
                self.text("merchant_prepare_id")
            },
            amount: self.text("amount"),
            action: self.text("action"),
            sign_time: self.text("sign_time"),
        };
        signed.signature(&DeskSecret::new(self.secret.as_str()))
    }

    /// The fields with the signature, unless the test made one or left it out.
    fn signed(&self) -> Vec<(String, String)> {
        let mut fields = self.fields.clone();
        if self.secret.is_empty() || fields.iter().any(|(name, _)| name == "sign_string") {
            return fields;
        }
        fields.push(("sign_string".to_owned(), self.signature()));
        fields
    }

    fn body(&self) -> String {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(self.signed()).finish()
    }

    /// Sends it as Click does: to the address of its action.
    fn send(&self, till: &Till) -> Answer {
        let path = if self.text("action") == "1" { COMPLETE } else { PREPARE };
        self.send_by(&till.server.client().unnoted(), path)
    }

    fn send_by(&self, client: &Client, path: &str) -> Answer {
        let client = client.with_header("content-type", FORM);
        client.send("POST", path, Some(self.body().as_bytes()))
    }
}

/// The code of an answer and our number in it, whose note is that of the code.
#[track_caller]
fn told(answer: &Answer) -> (i64, Option<i64>) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    let code = answer.integer("/error");
    let note = match code {
        0 => "Success",
        -1 => "SIGN CHECK FAILED!",
        -2 => "Incorrect parameter amount",
        -3 => "Action not found",
        -4 => "Already paid",
        -5 => "User does not exist",
        -6 => "Transaction does not exist",
        -7 => "Failed to update user",
        -8 => "Error in request from click",
        -9 => "Transaction cancelled",
        other => panic!("{other} is no code"),
    };
    assert_eq!(answer.text("/error_note"), note);
    let keys = ["merchant_prepare_id", "merchant_confirm_id"];
    let numbers: Vec<&Value> = keys.iter().filter_map(|key| answer.body.get(key)).collect();
    assert_eq!(
        (numbers.len(), answer.body.as_object().unwrap().len()),
        (1, 5),
        "{}",
        answer.text
    );
    (code, numbers[0].as_i64())
}

#[track_caller]
fn code(till: &Till, call: &Call) -> i64 {
    told(&call.send(till)).0
}

/// Our number of an attempt that is prepared.
#[track_caller]
fn prepared(till: &Till, order: OrderId) -> i64 {
    match told(&Call::prepare(order).send(till)) {
        (0, Some(number)) => number,
        other => panic!("{other:?}"),
    }
}

/// An order that is paid, and the number of its attempt.
#[track_caller]
fn paid(till: &Till) -> (OrderId, i64) {
    let order = till.order();
    let number = prepared(till, order);
    assert_eq!(told(&Call::complete(order, number).send(till)), (0, Some(number)));
    (order, number)
}

/// Where the order and its money stand.
fn stands(till: &Till, order: OrderId) -> String {
    let (status, money) = till.stands(order);
    format!("{status} {money}")
}
