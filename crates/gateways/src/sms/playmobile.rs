//! Short messages by PlayMobile's broker (payments.md 5.3).
//!
//! It knows a message again by the id that we give it: one whose fate is unknown is handed over once more under the same id.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use savdo_domain::dispatch::Outcome;
use savdo_services::gateways::{Handed, Receipt, Sms, SmsGateway, SmsProvider};
use serde_json::{Value, json};

use super::{Waits, retry};
use crate::http::{Answer, Call, Caller, Method, Silence, said};

const TAKEN: &str = "request is received";
/// Refusals that speak of the broker or of our account, not of this message: internal, blocked, no channel, try again (two).
const OF_THE_ACCOUNT: [i64; 5] = [100, 102, 103, 410, 411];

/// How PlayMobile is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct PlayMobileSettings {
    /// The address of the broker, such as `https://send.smsxabar.uz`.
    pub url: String,
    /// The log-in.
    pub username: String,
    /// Its password.
    pub password: String,
    /// Who messages are from, such as `3700`.
    pub originator: String,
    /// How long it is waited for.
    pub waits: Waits,
}

impl std::fmt::Debug for PlayMobileSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "PlayMobileSettings({}, {}, ***)", self.url, self.originator)
    }
}

/// Sends short messages by PlayMobile.
pub struct PlayMobileSms {
    settings: PlayMobileSettings,
    caller: Caller,
    url: String,
    authorization: String,
}

impl PlayMobileSms {
    /// A sender; nothing is connected yet.
    #[must_use]
    pub fn new(settings: PlayMobileSettings) -> Self {
        let login = format!("{}:{}", settings.username, settings.password);
        Self {
            caller: Caller::new(settings.waits.connect),
            url: format!("{}/broker-api/send", settings.url.trim_end_matches('/')),
            authorization: format!("Basic {}", STANDARD.encode(login)),
            settings,
        }
    }
}

impl SmsGateway for PlayMobileSms {
    fn send(&self, sms: &Sms) -> Handed {
        let id = format!("savdo-{}", sms.message_number);
        let body = json!({ "messages": [{
            "recipient": sms.to.digits(),
            "message-id": id,
            "sms": { "originator": self.settings.originator, "content": { "text": sms.text } },
        }] });
        let call = Call {
            method: Method::Post,
            url: &self.url,
            credential: Some(("Authorization", &self.authorization)),
            content_type: "application/json; charset=UTF-8",
            body: &body.to_string(),
        };
        let outcome = match self.caller.call(&call, Instant::now() + self.settings.waits.whole) {
            Ok(answer) => judge(&answer),
            Err(Silence::Unheard(why)) => retry(why),
            Err(Silence::Unknown(why)) => Outcome::Unknown { why: why.to_owned() },
        };
        Handed {
            receipt: (outcome == Outcome::Sent).then_some(Receipt {
                provider: SmsProvider::PlayMobile,
                id,
            }),
            outcome,
            is_repeatable: true,
        }
    }

    fn knows_repetitions(&self) -> bool {
        true
    }
}

fn judge(answer: &Answer) -> Outcome {
    let Answer { status, body, .. } = answer;
    let body = body.as_deref().unwrap_or_default().trim();
    match status {
        200..=299 if body.eq_ignore_ascii_case(TAKEN) => Outcome::Sent,
        200..=299 => Outcome::Unknown {
            why: format!("{status}: an answer that is none"),
        },
        400 => refusal(body),
        401 | 403 => retry(format!("{status}: the log-in is refused")),
        429 => Outcome::Retry {
            why: "429: too many".to_owned(),
            after: answer.pause(),
        },
        300..=499 => retry(format!("{status}: the broker cannot be asked so")),
        _ => Outcome::Unknown {
            why: format!("{status}: a fault of the broker"),
        },
    }
}

fn refusal(body: &str) -> Outcome {
    let told: Value = serde_json::from_str(body).unwrap_or_default();
    let key = |names: [&str; 2]| names.iter().find_map(|name| told.get(name));
    let code = key(["error-code", "error_code"]).and_then(|code| {
        let text = code.as_str().and_then(|text| text.trim().parse().ok());
        code.as_i64().or(text)
    });
    let description = key(["error-description", "error_description"]).and_then(Value::as_str);
    let description = said(description.unwrap_or_default());
    match code {
        // A refusal all the same, only nobody knows of what.
        None => retry("400: an answer that is none"),
        Some(code) if OF_THE_ACCOUNT.contains(&code) => retry(format!("error {code}: {description}")),
        Some(code) => Outcome::Permanent {
            why: format!("error {code}: {description}"),
        },
    }
}
