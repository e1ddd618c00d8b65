//! Payments for online orders, as buyers start them and people look at them (pharmacy.md 2.9).

pub mod bodies;
pub mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Actor, Right};
use savdo_domain::account::Language;
use savdo_services::Context;
use savdo_services::payments::{self, StartPayment};

use crate::extract::{Body, InLanguage, Keyed, MaybeKey, PageQuery, PathPaymentId, PharmacyPage, Query};
use crate::guards::SignedIn;
use crate::pharmacy::payments::bodies::{PaymentBody, PaymentQuery, RefundBody};
use crate::pharmacy::payments::replies::{PaymentLogReply, PaymentReply};
use crate::problem::Problem;
use crate::reply::PageReply;
use crate::routes::Route;
use crate::{blocking, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::Payments), pharmacy::payments; list),
        route!(May(Right::Payments), pharmacy::payments; start).once(),
        route!(May(Right::Payments), pharmacy::payments; view),
        route!(May(Right::PaymentLogs), pharmacy::payments; logs),
        route!(May(Right::Refunds), pharmacy::payments; refund).once(),
    ]
}

/// The payments that the caller sees, the newest first: those for his own orders, staff those of their store.
///
/// # Errors
/// 400 for filters; 401; 403; 404 past the last page.
#[utoipa::path(get, path = "/api/v1/pharmacy/payments/", tag = "payments", params(PaymentQuery, PharmacyPage), responses(
    (status = 200, description = "A page of payments", body = PageReply<PaymentReply>),
    (status = 403, description = "store_blocked"),
    (status = 404, description = "invalid_page"),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<PaymentQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let wish = query.into_wish();
    let wanted = page.page();
    let listed = blocking::run(&context, move |context| {
        payments::list(context, &actor, wish, language, &wanted)
    })
    .await?;
    reply::paged(listed.map(|seen| PaymentReply::new(seen, language)), &page, &request)
}

/// Starts to pay an order of one's own online; asking again gives the payment that is there.
///
/// # Errors
/// 400 for fields, a return address that no origin admits; 401; 403; 404 for any other order; 409 for one that is not to be paid so now.
#[utoipa::path(post, path = "/api/v1/pharmacy/payments/", tag = "payments", request_body = PaymentBody, responses(
    (status = 200, description = "The payment that was there", body = PaymentReply),
    (status = 201, description = "A new payment", body = PaymentReply),
    (status = 403, description = "store_blocked"),
    (status = 404, description = "No such order of the caller's own"),
    (status = 409, description = "order_not_awaiting_payment, payment_in_progress, provider_not_configured"),
))]
pub async fn start(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<PaymentBody>>,
) -> Result<HttpResponse, Problem> {
    started(&context, actor, body.into_command(language)?, key).await
}

/// Starts to pay, from whichever address.
async fn started(
    context: &web::Data<Context>,
    actor: Actor,
    command: StartPayment,
    key: MaybeKey,
) -> Result<HttpResponse, Problem> {
    let language: Language = command.language;
    let once = key.answering(move |started: payments::StartedPayment| {
        let mut response = if started.is_new {
            HttpResponse::Created()
        } else {
            HttpResponse::Ok()
        };
        reply::spoken(response.json(PaymentReply::new(started.seen, language)), language)
    });
    let done = blocking::run(context, move |context| payments::start(context, &actor, command, &once));
    reply::once(done.await?)
}

/// One payment.
///
/// # Errors
/// 401; 403; 404.
#[utoipa::path(get, path = "/api/v1/pharmacy/payments/{id}/", tag = "payments", params(("id" = String, Path, description = "The payment, by its `payment_id`")), responses(
    (status = 200, description = "The payment", body = PaymentReply),
    (status = 403, description = "store_blocked"),
))]
pub async fn view(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathPaymentId(id): PathPaymentId,
) -> Result<HttpResponse, Problem> {
    let seen = blocking::run(&context, move |context| payments::view(context, &actor, &id, language)).await?;
    Ok(reply::found(PaymentReply::new(seen, language)))
}

/// What happened to a payment, call by call, the oldest first; for staff of its store.
///
/// # Errors
/// 401; 403 for everybody else; 404.
#[utoipa::path(get, path = "/api/v1/pharmacy/payments/{id}/logs/", tag = "payments", params(("id" = String, Path, description = "The payment, by its `payment_id`")), responses(
    (status = 200, description = "Its log", body = Vec<PaymentLogReply>),
    (status = 403, description = "forbidden, store_blocked"),
))]
pub async fn logs(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathPaymentId(id): PathPaymentId,
) -> Result<HttpResponse, Problem> {
    let read = blocking::run(&context, move |context| payments::logs(context, &actor, &id)).await?;
    let zone = read.payment.zone;
    let logs = read.logs.into_iter().map(|log| PaymentLogReply::new(log, zone));
    Ok(reply::found(logs.collect::<Vec<_>>()))
}

/// Marks the money of a payment as given back by hand; for owners and managers of its store.
///
/// # Errors
/// 400 for fields; 401; 403 for everybody else; 404; 409 for money that is not here, or that nobody is owed.
#[utoipa::path(post, path = "/api/v1/pharmacy/payments/{id}/refund/", tag = "payments", request_body = RefundBody,
    params(("id" = String, Path, description = "The payment, by its `payment_id`")), responses(
    (status = 200, description = "The payment", body = PaymentReply),
    (status = 403, description = "forbidden, store_blocked"),
    (status = 409, description = "not_refundable"),
))]
pub async fn refund(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathPaymentId(id): PathPaymentId,
    Keyed(key, Body(body)): Keyed<Body<RefundBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command(id, language)?;
    let once = key.answering(move |seen| reply::spoken(reply::found(PaymentReply::new(seen, language)), language));
    let done = blocking::run(&context, move |context| {
        payments::refund(context, &actor, command, &once)
    });
    reply::once(done.await?)
}
