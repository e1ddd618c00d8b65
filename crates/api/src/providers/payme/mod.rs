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
use savdo_domain::ids::StoreId;
use savdo_domain::payment::Provider;
use savdo_domain::payment::payme::{Body, Call, Fault, PaymeDesk, Request};
use savdo_services::Context;
use savdo_services::desks::Desks;
use savdo_services::metrics::{Direction, ProviderCall};
use savdo_services::payments::payme::{self as calls, Asked, Render};

use crate::providers::{Within, arrived};
use crate::routes::Route;
use crate::shell::Shell;
use crate::{blocking, route, shell};

use read::Received;
pub(crate) use write::failure;

/// The method of a call that is refused before it is one, in the log and in metrics: what was sent is in neither.
const UNKNOWN: &str = "unknown";
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
    let within = Within::of(&request);
    let left = || within.saturating_sub(began.elapsed());
    let arrived = arrived(&request, payload).await;
    let desks = super::desks(&context, left()).await;
    let desk = desks.as_deref().and_then(|desks| desk(desks, &request)).cloned();
    let account_field = desk
        .as_ref()
        .map_or(ACCOUNT_FIELD, |desk| desk.account_field.as_str())
        .to_owned();
    let received = arrived.map(|bytes| Received::of(&bytes, &account_field));
    let (method, fault, text) = match judged(&request, (desks, desk), received.as_ref()) {
        Ok(judged) => {
            let method = name(&judged.call);
            let (fault, text) = carried_out(&context, judged, left()).await;
            (method, fault, text)
        }
        Err(fault) => {
            let id = received.map_or_else(write::no_id, |received| received.id);
            let text = write::refused(&fault, &account_field, &id);
            (UNKNOWN, Some(fault), text)
        }
    };
    let code = fault.as_ref().map_or(0, Fault::number);
    tracing::info!(method, number = code, "Payme asked {method} and was told {code}");
    let call = ProviderCall {
        provider: Provider::Payme,
        direction: Direction::In,
        method,
        code,
    };
    context.provider_called(call, began.elapsed());
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
    /// The stores that have a desk of their own.
    stores_with_own: Vec<StoreId>,
    call: Call,
    received: Received,
}

/// The call, where it is one. A body that did not arrive whole is judged last: who calls by another method or without the key is told that.
/// Without desks nobody is told whether he has the key.
fn judged(
    request: &HttpRequest,
    (desks, desk): (Option<Arc<Desks>>, Option<PaymeDesk>),
    received: Option<&Received>,
) -> Result<Judged, Fault> {
    let read = Request {
        is_post: request.method() == Method::POST,
        is_authorised: desk.is_some(),
        body: received.map_or(Body::NotJson, |received| received.body.clone()),
    }
    .read();
    match (read, desks, desk, received) {
        (Err(Fault::NotPost), ..) => Err(Fault::NotPost),
        (_, None, ..) | (Err(Fault::NotJson), _, _, None) => Err(Fault::OurFailure),
        (Ok(call), Some(desks), Some(desk), Some(received)) => Ok(Judged {
            desk,
            stores_with_own: desks.stores_with_own_payme(),
            call,
            received: received.clone(),
        }),
        (Err(fault), ..) => Err(fault),
        (Ok(_), ..) => Err(Fault::OurFailure),
    }
}

/// Carries the call out, and writes its answer, with the fault if it is one; work that takes too long is not waited for, and a repeat of the call finds what it did.
async fn carried_out(context: &web::Data<Context>, judged: Judged, left: Duration) -> (Option<Fault>, String) {
    let Judged {
        desk,
        stores_with_own,
        call,
        received,
    } = judged;
    let id = received.id;
    let account_field = desk.account_field.clone();
    let render: Render = {
        let (account_field, id) = (account_field.clone(), id.clone());
        Arc::new(move |outcome| write::outcome(outcome, &account_field, &id))
    };
    let work = blocking::run(context, move |context| {
        let asked = Asked {
            desk: &desk,
            stores_with_own: &stores_with_own,
            call,
            account: received.account,
            request: received.logged,
        };
        let outcome = calls::call(context, asked, Arc::clone(&render))?;
        Ok((render(&outcome), outcome.err()))
    });
    match timeout(left, work).await {
        Ok(Ok((text, fault))) => (fault, text),
        Ok(Err(_)) | Err(_) => {
            let text = write::refused(&Fault::OurFailure, &account_field, &id);
            (Some(Fault::OurFailure), text)
        }
    }
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
