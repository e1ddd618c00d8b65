//! The address that Payme calls (payments.md 2): HTTP status 200 whatever happens, with its result or its fault.
//!
//! The order of judging is the domain's; here bytes become what it judges, and what it answers becomes bytes.

mod read;
mod write;

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::rt::time::timeout;
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse};
use savdo_domain::payment::payme::{Body, Call, Fault, PaymeDesk, Request};
use savdo_services::Context;
use savdo_services::desks::Desks;
use savdo_services::payments::payme::{self as calls, Asked, Render};

use crate::providers::{WITHIN, arrived};
use crate::routes::Route;
use crate::shell::Shell;
use crate::{blocking, route, shell};

use read::Received;
pub(crate) use write::failure;

/// What stands in `data` of a fault while no desk says what it calls the field.
const ACCOUNT_FIELD: &str = "order_id";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    let own = route!(Anyone, providers::payme; call);
    vec![own.alias("/api/v6/payments/webhook/payme/").for_any_method()]
}

/// A call of Payme (Payme Merchant API): JSON-RPC with a login and a key. The status is always 200.
#[utoipa::path(post, path = "/api/v1/payments/payme/", tag = "payments",
    request_body(content = Option<Value>, content_type = "application/json", description = "`method`, `params`, `id`"),
    responses((status = 200, description = "`result` or `error`, and `id`", body = Value)))]
pub async fn call(context: web::Data<Context>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let began = Instant::now();
    let arrived = arrived(&request, payload).await;
    let desk = desk(context.desks(), &request).cloned();
    let account_field = desk
        .as_ref()
        .map_or(ACCOUNT_FIELD, |desk| desk.account_field.as_str())
        .to_owned();
    let received = arrived.map(|bytes| Received::of(&bytes, &account_field));
    let text = match judged(&request, desk.as_ref(), received.as_ref()) {
        Ok(judged) => carried_out(&context, judged, WITHIN.saturating_sub(began.elapsed())).await,
        Err(fault) => {
            told("something that is refused", Some(&fault));
            let id = received.map_or_else(write::no_id, |received| received.id);
            write::refused(&fault, &account_field, &id)
        }
    };
    HttpResponse::Ok().content_type("application/json").body(text)
}

/// The desk that the credential opens, where Payme may call from.
fn desk<'a>(desks: &'a Desks, request: &HttpRequest) -> Option<&'a PaymeDesk> {
    let is_admitted = shell::admits_provider(&Shell::of(request).payme_networks, shell::client(request));
    let header = credential(request.headers());
    desks.opened_by_payme(header).filter(|_| is_admitted)
}

/// The one `Authorization` header; two are none.
fn credential(headers: &HeaderMap) -> Option<&str> {
    let mut credentials = headers.get_all(AUTHORIZATION);
    let credential = credentials.next()?.to_str().ok()?;
    credentials.next().is_none().then_some(credential)
}

/// A call that is to be carried out.
struct Judged {
    desk: PaymeDesk,
    call: Call,
    received: Received,
}

/// The call, where it is one. A body that did not arrive whole is judged last: who calls by another method or without the key is told that.
fn judged(request: &HttpRequest, desk: Option<&PaymeDesk>, received: Option<&Received>) -> Result<Judged, Fault> {
    let read = Request {
        is_post: request.method() == Method::POST,
        is_authorised: desk.is_some(),
        body: received.map_or(Body::NotJson, |received| received.body.clone()),
    }
    .read();
    match (read, desk, received) {
        (Ok(call), Some(desk), Some(received)) => Ok(Judged {
            desk: desk.clone(),
            call,
            received: received.clone(),
        }),
        (Err(Fault::NotJson), _, None) | (Ok(_), _, _) => Err(Fault::OurFailure),
        (Err(fault), _, _) => Err(fault),
    }
}

/// Carries the call out, and writes its answer; work that takes too long is not waited for, and a repeat of the call finds what it did.
async fn carried_out(context: &web::Data<Context>, judged: Judged, left: Duration) -> String {
    let Judged { desk, call, received } = judged;
    let (method, id) = (name(&call), received.id);
    let account_field = desk.account_field.clone();
    let render: Render = {
        let (account_field, id) = (account_field.clone(), id.clone());
        Arc::new(move |outcome| write::outcome(outcome, &account_field, &id))
    };
    let work = blocking::run(context, move |context| {
        let asked = Asked {
            desk: &desk,
            stores_with_own: &context.desks().stores_with_own_payme(),
            call,
            account: received.account,
            request: received.logged,
        };
        let outcome = calls::call(context, asked, Arc::clone(&render))?;
        Ok((render(&outcome), outcome.err()))
    });
    match timeout(left, work).await {
        Ok(Ok((text, fault))) => {
            told(method, fault.as_ref());
            text
        }
        Ok(Err(_)) | Err(_) => {
            told(method, Some(&Fault::OurFailure));
            write::refused(&Fault::OurFailure, &account_field, &id)
        }
    }
}

/// What the log of requests says of a call: never what stood in it.
fn told(method: &str, fault: Option<&Fault>) {
    let number = fault.map_or(0, Fault::number);
    tracing::info!(method, number, "Payme asked {method} and was told {number}");
}

const fn name(call: &Call) -> &'static str {
    match call {
        Call::CheckPerform(_) => "CheckPerformTransaction",
        Call::Create(_) => "CreateTransaction",
        Call::Perform(_) => "PerformTransaction",
        Call::Cancel(_) => "CancelTransaction",
        Call::Check(_) => "CheckTransaction",
        Call::Statement(_) => "GetStatement",
        Call::SetFiscal(_) => "SetFiscalData",
    }
}
