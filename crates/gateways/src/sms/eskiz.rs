//! Short messages by Eskiz (payments.md 5.2).
//!
//! A token of about a month stands for the log-in; one that is refused is renewed by whoever meets that first, the others wait
//! for it. Eskiz knows no message again: what may have arrived is never handed over twice by this gateway itself.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use form_urlencoded::Serializer;
use savdo_domain::dispatch::Outcome;
use savdo_services::gateways::{Handed, Receipt, Sms, SmsGateway, SmsProvider};
use serde_json::Value;

use super::{Waits, retry};
use crate::http::{Answer, Call, Caller, Method, Silence, said};

const FORM: &str = "application/x-www-form-urlencoded";

/// How Eskiz is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct EskizSettings {
    /// The address of its API, such as `https://notify.eskiz.uz/api`.
    pub url: String,
    /// The log-in.
    pub email: String,
    /// Its password.
    pub password: String,
    /// Who messages are from: `4546` or a nick of one's own.
    pub from: String,
    /// Where it tells what became of a message; the address holds a token.
    pub callback_url: Option<String>,
    /// How long it is waited for.
    pub waits: Waits,
}

impl std::fmt::Debug for EskizSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "EskizSettings({}, {}, ***)", self.url, self.from)
    }
}

/// Sends short messages by Eskiz.
pub struct EskizSms {
    settings: EskizSettings,
    caller: Caller,
    token: Mutex<Option<String>>,
}

/// How a token was come by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Got {
    /// It was there, or somebody else renewed it.
    Found,
    Refreshed,
    LoggedIn,
}

impl EskizSms {
    /// A sender; nothing is connected yet.
    #[must_use]
    pub fn new(settings: EskizSettings) -> Self {
        Self {
            caller: Caller::new(settings.waits.connect),
            settings,
            token: Mutex::default(),
        }
    }

    fn try_to_send(&self, sms: &Sms) -> Result<Answer, Outcome> {
        let deadline = Instant::now() + self.settings.waits.whole;
        let (mut token, mut got) = self.token(deadline)?;
        loop {
            let answer = self.hand_over(sms, &token, deadline)?;
            if answer.status != 401 {
                return Ok(answer);
            }
            (token, got) = match got {
                Got::Found => self.renewed(&token, deadline)?,
                Got::Refreshed => (self.logged_in(&token, deadline)?, Got::LoggedIn),
                Got::LoggedIn => return Err(retry("401: the token of a new log-in is refused")),
            };
        }
    }

    fn hand_over(&self, sms: &Sms, token: &str, deadline: Instant) -> Result<Answer, Outcome> {
        let mut form = Serializer::new(String::new());
        form.append_pair("mobile_phone", sms.to.digits())
            .append_pair("message", &sms.text)
            .append_pair("from", &self.settings.from);
        if let Some(callback) = &self.settings.callback_url {
            form.append_pair("callback_url", callback);
        }
        let form = form.finish();
        self.call(Method::Post, "/message/sms/send", Some(token), &form, deadline)
            .map_err(|silence| match silence {
                Silence::Unheard(why) => retry(why),
                Silence::Unknown(why) => Outcome::Unknown { why: why.to_owned() },
            })
    }

    /// The token that there is, else that of a log-in.
    fn token(&self, deadline: Instant) -> Result<(String, Got), Outcome> {
        let mut kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = kept.as_ref() {
            return Ok((token.clone(), Got::Found));
        }
        let token = self.log_in(deadline)?;
        *kept = Some(token.clone());
        Ok((token, Got::LoggedIn))
    }

    /// Another token than `refused`: the one that somebody else got meanwhile, a refreshed one, or that of a log-in.
    fn renewed(&self, refused: &str, deadline: Instant) -> Result<(String, Got), Outcome> {
        let mut kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = kept.as_ref().filter(|token| token.as_str() != refused) {
            return Ok((token.clone(), Got::Refreshed));
        }
        let refreshed = self.call(Method::Patch, "/auth/refresh", Some(refused), "", deadline);
        let refreshed = refreshed
            .ok()
            .filter(|answer| answer.status == 200)
            .as_ref()
            .and_then(token_of);
        let (token, got) = match refreshed {
            Some(token) => (token, Got::Refreshed),
            None => (self.log_in(deadline)?, Got::LoggedIn),
        };
        *kept = Some(token.clone());
        Ok((token, got))
    }

    /// The token of a log-in, unless somebody else got another meanwhile.
    fn logged_in(&self, refused: &str, deadline: Instant) -> Result<String, Outcome> {
        let mut kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = kept.as_ref().filter(|token| token.as_str() != refused) {
            return Ok(token.clone());
        }
        let token = self.log_in(deadline)?;
        *kept = Some(token.clone());
        Ok(token)
    }

    /// Whatever goes wrong here: no message was handed over.
    fn log_in(&self, deadline: Instant) -> Result<String, Outcome> {
        let form = Serializer::new(String::new())
            .append_pair("email", &self.settings.email)
            .append_pair("password", &self.settings.password)
            .finish();
        match self.call(Method::Post, "/auth/login", None, &form, deadline) {
            Ok(answer) if answer.status == 200 => {
                token_of(&answer).ok_or_else(|| retry("the log-in is answered without a token"))
            }
            Ok(answer) => Err(retry(format!("{}: the log-in is refused", answer.status))),
            Err(Silence::Unheard(why) | Silence::Unknown(why)) => Err(retry(format!("no log-in: {why}"))),
        }
    }

    fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        form: &str,
        deadline: Instant,
    ) -> Result<Answer, Silence> {
        let url = format!("{}{path}", self.settings.url.trim_end_matches('/'));
        let authorization = token.map(|token| format!("Bearer {token}"));
        let call = Call {
            method,
            url: &url,
            credential: authorization.as_deref().map(|value| ("Authorization", value)),
            content_type: FORM,
            body: form,
        };
        self.caller.call(&call, deadline)
    }
}

impl SmsGateway for EskizSms {
    fn send(&self, sms: &Sms) -> Handed {
        match self.try_to_send(sms) {
            Ok(answer) => judge(&answer),
            Err(outcome) => outcome.into(),
        }
    }

    fn knows_repetitions(&self) -> bool {
        false
    }
}

fn token_of(answer: &Answer) -> Option<String> {
    let told: Value = serde_json::from_str(answer.body.as_deref()?).ok()?;
    let token = told.pointer("/data/token")?.as_str()?;
    let is_sendable = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    is_sendable.then(|| token.to_owned())
}

fn judge(answer: &Answer) -> Handed {
    let status = answer.status;
    let told: Option<Value> = answer.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
    let words = || {
        told.as_ref()
            .and_then(|told| told.get("message"))
            .map(words)
            .unwrap_or_default()
    };
    let is_refused = told
        .as_ref()
        .and_then(|told| told.get("status"))
        .is_some_and(|status| status == "error");
    let outcome = match status {
        200..=299 if is_refused => Outcome::Permanent {
            why: format!("{status}: {}", words()),
        },
        200..=299 => {
            return match told.as_ref().and_then(|told| told.get("id")).and_then(id) {
                Some(id) => Handed {
                    outcome: Outcome::Sent,
                    receipt: Some(Receipt {
                        provider: SmsProvider::Eskiz,
                        id,
                    }),
                    is_repeatable: false,
                },
                None => Outcome::Unknown {
                    why: format!("{status}: an answer that is none"),
                }
                .into(),
            };
        }
        400 | 422 => Outcome::Permanent {
            why: format!("{status}: {}", words()),
        },
        429 => Outcome::Retry {
            why: "429: too many".to_owned(),
            after: answer.pause(),
        },
        300..=499 => retry(format!("{status}: Eskiz cannot be asked so")),
        _ => Outcome::Unknown {
            why: format!("{status}: a fault of Eskiz"),
        },
    };
    outcome.into()
}

fn id(value: &Value) -> Option<String> {
    const LENGTH_MAX: usize = 100;
    let id = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is_id =
        !value.is_null() && !id.is_empty() && id.len() <= LENGTH_MAX && id.bytes().all(|byte| byte.is_ascii_graphic());
    is_id.then_some(id)
}

/// A text, or an object of texts by field.
fn words(message: &Value) -> String {
    said(&message.as_str().map_or_else(|| message.to_string(), str::to_owned))
}
