//! Payme and Click, as they call the proxy: with the credentials of the desks of development.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use savdo_domain::payment::click::Signed;
use savdo_domain::payment::desk::DeskSecret;
use savdo_services::{Clock, SystemClock};
use savdo_tests::{Answer, Client, Fleet};
use serde_json::{Value, json};

const PAYME: &str = "/api/v1/payments/payme/";
const CREDENTIAL: &str = "Paycom:savdo-sinov-kaliti-hamma-biladi-0001";
const CLICK: [&str; 2] = ["/api/v1/payments/click/prepare/", "/api/v1/payments/click/complete/"];
const SERVICE: &str = "1";
const SECRET: &str = "savdo-click-hamma-biladi-0001";
const SIGN_TIME: &str = "2026-11-21 12:00:00";
/// What an order of one piece costs: in tiyin, and as Click says it.
const TOTAL: (i64, &str) = (1_200_000, "12000.00");

/// The longest that a provider calls again.
const PATIENCE: Duration = Duration::from_secs(60);

/// A provider that calls.
pub(crate) struct Provider(Client);

/// The number of an order by its address.
pub(crate) fn number(order: &str) -> &str {
    order.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

impl Provider {
    pub(crate) fn of(fleet: &Fleet) -> Self {
        let credential = format!("Basic {}", STANDARD.encode(CREDENTIAL));
        let client = fleet.client().with_header("authorization", &credential);
        Self(client.with_header("content-type", "application/json"))
    }

    /// Calls until the answer is one: what a provider does whose call was lost with the server.
    fn call(&self, path: &str, body: &Value) -> Answer {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let sent = self.0.try_send("POST", path, Some(body.to_string().as_bytes()));
            if let Ok(answer) = sent
                && answer.status == 200
                && answer.body.pointer("/error/code") != Some(&json!(-32400))
                && answer.body.get("error") != Some(&json!(-7))
            {
                return answer;
            }
            assert!(Instant::now() < deadline, "{path} is not answered");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    fn payme(&self, method: &str, params: Value) -> Answer {
        self.call(PAYME, &json!({ "id": 1, "method": method, "params": params }))
    }

    pub(crate) fn create(&self, id: &str, order: &str) -> Answer {
        let time = SystemClock.now().timestamp_millis();
        let account = json!({ "order_id": number(order) });
        let params = json!({ "id": id, "time": time, "amount": TOTAL.0, "account": account });
        self.payme("CreateTransaction", params)
    }

    pub(crate) fn perform(&self, id: &str) -> Answer {
        self.payme("PerformTransaction", json!({ "id": id }))
    }

    pub(crate) fn cancel(&self, id: &str) -> Answer {
        self.payme("CancelTransaction", json!({ "id": id, "reason": 5 }))
    }

    /// What we call the attempt, if it was taken.
    pub(crate) fn prepare(&self, id: &str, order: &str) -> Option<i64> {
        let answer = self.click((id, order), "0", None);
        answer.body.get("merchant_prepare_id").and_then(Value::as_i64)
    }

    pub(crate) fn complete(&self, of: (&str, &str), prepare_id: i64) -> Answer {
        self.click(of, "1", Some(prepare_id))
    }

    fn click(&self, (id, order): (&str, &str), action: &str, prepare_id: Option<i64>) -> Answer {
        let prepare_id = prepare_id.map(|id| id.to_string()).unwrap_or_default();
        let signed = Signed {
            click_trans_id: id,
            service_id: SERVICE,
            merchant_trans_id: number(order),
            merchant_prepare_id: &prepare_id,
            amount: TOTAL.1,
            action,
            sign_time: SIGN_TIME,
        };
        let sign_string = signed.signature(&DeskSecret::new(SECRET));
        let fields = [
            ("click_trans_id", id),
            ("service_id", SERVICE),
            ("click_paydoc_id", id),
            ("merchant_trans_id", number(order)),
            ("merchant_prepare_id", &prepare_id),
            ("amount", TOTAL.1),
            ("action", action),
            ("error", "0"),
            ("error_note", "Success"),
            ("sign_time", SIGN_TIME),
            ("sign_string", &sign_string),
        ];
        let sent = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let body = sent.map(|(name, value)| (name.to_owned(), json!(value)));
        let body = Value::Object(body.collect());
        let path = if action == "0" { CLICK[0] } else { CLICK[1] };
        self.call(path, &body)
    }
}
