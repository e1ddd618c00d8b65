//! Where providers of short messages report what became of them (payments.md 5.2, 5.3).
//!
//! The answer is always 200 and empty: a provider that is refused would only come again, and whoever guesses at the word in the
//! address learns nothing.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use savdo_services::Context;
use savdo_services::gateways::SmsProvider;
use savdo_services::sms_reports::{self, SmsReport};
use serde_json::Value;

use crate::extract::{BodyLimits, read_body};
use crate::routes::Route;
use crate::shell::Shell;
use crate::{blocking, route};

/// The most bytes of a report.
const BYTES_MAX: usize = 64 * 1024;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(Anyone, hooks; report_of_eskiz).unlimited(),
        route!(Anyone, hooks; report_of_playmobile).unlimited(),
    ]
}

/// A body of any kind, or none that could be read.
pub struct Sent(Option<Bytes>);

impl FromRequest for Sent {
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Infallible>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = BodyLimits::of(request, BYTES_MAX);
        let payload = payload.take();
        Box::pin(async move { Ok(Self(read_body(payload, limits).await.ok())) })
    }
}

/// What became of a message that Eskiz took. Anything is answered alike.
#[utoipa::path(post, path = "/api/v1/hooks/sms/eskiz/{token}/", tag = "hooks",
    params(("token" = String, Path, description = "`sms.hook_token` of the configuration")),
    request_body(content = Option<Value>, content_type = "application/x-www-form-urlencoded", description = "Or the same as JSON: `request_id`, `status`"),
    responses((status = 200, description = "Always, and empty")))]
pub async fn report_of_eskiz(
    context: web::Data<Context>,
    request: HttpRequest,
    token: web::Path<String>,
    Sent(sent): Sent,
) -> HttpResponse {
    let reports = sent.as_deref().map(of_eskiz).unwrap_or_default();
    note(&context, &request, &token, SmsProvider::Eskiz, reports).await
}

/// What became of messages that PlayMobile took. Anything is answered alike.
#[utoipa::path(post, path = "/api/v1/hooks/sms/playmobile/{token}/", tag = "hooks",
    params(("token" = String, Path, description = "`sms.hook_token` of the configuration")),
    request_body(content = Option<Value>, content_type = "application/json", description = "`messages` of `message-id`, `status`"),
    responses((status = 200, description = "Always, and empty")))]
pub async fn report_of_playmobile(
    context: web::Data<Context>,
    request: HttpRequest,
    token: web::Path<String>,
    Sent(sent): Sent,
) -> HttpResponse {
    let reports = sent.as_deref().map(of_playmobile).unwrap_or_default();
    note(&context, &request, &token, SmsProvider::PlayMobile, reports).await
}

async fn note(
    context: &web::Data<Context>,
    request: &HttpRequest,
    token: &str,
    provider: SmsProvider,
    reports: Vec<SmsReport>,
) -> HttpResponse {
    let is_believed = Shell::of(request)
        .sms_hook_token
        .as_ref()
        .is_some_and(|known| known.is(token));
    if is_believed && !reports.is_empty() {
        let noted = blocking::run(context, move |context| sms_reports::note(context, provider, &reports)).await;
        if noted.is_err() {
            tracing::warn!(%provider, "A report of {provider} is lost: it was a hint");
        }
    }
    HttpResponse::Ok().finish()
}

fn of_eskiz(bytes: &[u8]) -> Vec<SmsReport> {
    let told: Option<Value> = serde_json::from_slice(bytes).ok();
    let form: Vec<(String, String)> = form_urlencoded::parse(bytes).into_owned().collect();
    let value = |name: &str| match &told {
        Some(told) => told.get(name).and_then(Value::as_str).and_then(word),
        None => form
            .iter()
            .find(|(key, _)| key == name)
            .and_then(|(_, value)| word(value)),
    };
    let report = value("request_id").zip(value("status"));
    report
        .map(|(id, status)| SmsReport { id, status })
        .into_iter()
        .collect()
}

fn of_playmobile(bytes: &[u8]) -> Vec<SmsReport> {
    let told: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let messages = told
        .get("messages")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let report = |message: &Value| {
        Some(SmsReport {
            id: message.get("message-id").and_then(Value::as_str).and_then(word)?,
            status: message.get("status").and_then(Value::as_str).and_then(word)?,
        })
    };
    messages.iter().filter_map(report).collect()
}

/// All that a provider ever tells is a short word.
fn word(text: &str) -> Option<String> {
    const LENGTH_MAX: usize = 100;
    let is_word = !text.is_empty() && text.len() <= LENGTH_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_word.then(|| text.to_owned())
}
