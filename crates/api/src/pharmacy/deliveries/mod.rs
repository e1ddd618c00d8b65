//! Deliveries of online orders (pharmacy.md 2.10): the courier's way, without positions and codes.

pub mod bodies;
pub mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::Right;
use savdo_domain::ids::{DeliveryId, OrderId};
use savdo_services::Context;
use savdo_services::deliveries;

use crate::extract::{Body, InLanguage, Keyed, OptionalBody, PageQuery, PathId, PharmacyPage, Query};
use crate::guards::SignedIn;
use crate::pharmacy::deliveries::bodies::{AssignBody, DeliveryCancelBody, DeliveryQuery, DeliveryStatusBody};
use crate::pharmacy::deliveries::replies::{DeliveryDetailReply, DeliveryReply, DeliveryStepReply};
use crate::problem::Problem;
use crate::reply::PageReply;
use crate::routes::Route;
use crate::{blocking, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::Orders), pharmacy::deliveries; assign).once(),
        route!(May(Right::Deliveries), pharmacy::deliveries; list),
        route!(May(Right::Deliveries), pharmacy::deliveries; view),
        route!(May(Right::Deliveries), pharmacy::deliveries; history),
        route!(May(Right::Deliveries), pharmacy::deliveries; advance).once(),
        route!(May(Right::Deliveries), pharmacy::deliveries; cancel).once(),
    ]
}

/// Gives a packed order to a courier, or from one courier to another.
///
/// # Errors
/// 400 for anybody but an active courier of the store; 401; 403 for buyers and couriers; 404; 409 for an order that is not packed.
#[utoipa::path(post, path = "/api/v1/pharmacy/orders/{id}/assign-courier/", tag = "deliveries", request_body = AssignBody,
    params(("id" = i64, Path, description = "The order")),
    responses(
        (status = 200, description = "The delivery", body = DeliveryReply),
        (status = 403, description = "forbidden, store_blocked"),
        (status = 409, description = "order_not_ready, delivery_on_the_way"),
    ),
)]
pub async fn assign(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(order_id): PathId,
    Keyed(key, Body(body)): Keyed<Body<AssignBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command(OrderId::new(order_id))?;
    let once = key.answering(move |seen: deliveries::DeliverySeen| {
        reply::spoken(reply::found(DeliveryReply::new(seen.delivery, language)), language)
    });
    reply::once(
        blocking::run(&context, move |context| {
            deliveries::assign(context, &actor, command, &once)
        })
        .await?,
    )
}

/// The deliveries that the caller sees, the newest first: a courier his own, staff their store's.
///
/// # Errors
/// 400 for filters; 401; 403 for whoever only orders; 404 past the last page.
#[utoipa::path(get, path = "/api/v1/pharmacy/deliveries/", tag = "deliveries", params(DeliveryQuery, PharmacyPage), responses(
    (status = 200, description = "A page of deliveries", body = PageReply<DeliveryReply>),
    (status = 403, description = "forbidden, store_blocked"),
    (status = 404, description = "invalid_page"),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<DeliveryQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter = query.into_filter();
    let wanted = page.page();
    let listed = blocking::run(&context, move |context| {
        deliveries::list(context, &actor, filter, &wanted)
    })
    .await?;
    let listed = listed.map(|delivery| DeliveryReply::new(delivery, language));
    reply::paged(listed, &page, &request)
}

/// One delivery; a courier sees also what he carried.
///
/// # Errors
/// 401; 403 for whoever only orders; 404.
#[utoipa::path(get, path = "/api/v1/pharmacy/deliveries/{id}/", tag = "deliveries", params(("id" = i64, Path, description = "The delivery")), responses(
    (status = 200, description = "The delivery", body = DeliveryDetailReply),
    (status = 403, description = "forbidden, store_blocked"),
))]
pub async fn view(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(delivery_id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = DeliveryId::new(delivery_id);
    let seen = blocking::run(&context, move |context| deliveries::view(context, &actor, id)).await?;
    Ok(reply::found(DeliveryDetailReply::new(seen, language)))
}

/// The steps that a delivery took, the oldest first.
///
/// # Errors
/// 401; 403 for whoever only orders; 404.
#[utoipa::path(get, path = "/api/v1/pharmacy/deliveries/{id}/history/", tag = "deliveries", params(("id" = i64, Path, description = "The delivery")), responses(
    (status = 200, description = "Its steps", body = Vec<DeliveryStepReply>),
    (status = 403, description = "forbidden, store_blocked"),
))]
pub async fn history(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(delivery_id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = DeliveryId::new(delivery_id);
    let seen = blocking::run(&context, move |context| deliveries::history(context, &actor, id)).await?;
    let zone = seen.delivery.order.store.zone;
    let steps = seen.steps.into_iter().map(|step| DeliveryStepReply::of(step, zone));
    Ok(reply::found(steps.collect::<Vec<_>>()))
}

/// Sets the status of a delivery, and with it that of its order: `on_the_way`, `delivered`.
///
/// # Errors
/// 400 for any other status; 401; 403 for an operator; 404; 409 where the delivery does not go there or the cash is missing.
#[utoipa::path(post, path = "/api/v1/pharmacy/deliveries/{id}/status/", tag = "deliveries", request_body = DeliveryStatusBody,
    params(("id" = i64, Path, description = "The delivery")),
    responses(
        (status = 200, description = "The delivery", body = DeliveryDetailReply),
        (status = 403, description = "forbidden, store_blocked"),
        (status = 409, description = "illegal_transition, courier_required, cash_required, amount_mismatch"),
    ),
)]
pub async fn advance(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(delivery_id): PathId,
    Keyed(key, Body(body)): Keyed<Body<DeliveryStatusBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command(DeliveryId::new(delivery_id))?;
    let once =
        key.answering(move |seen| reply::spoken(reply::found(DeliveryDetailReply::new(seen, language)), language));
    reply::once(
        blocking::run(&context, move |context| {
            deliveries::advance(context, &actor, command, &once)
        })
        .await?,
    )
}

/// Calls a delivery off: its order waits for another courier, or is cancelled with it.
///
/// # Errors
/// 400 for fields, a reason that must be said; 401; 403 for a courier; 404; 409 for one that has ended.
#[utoipa::path(post, path = "/api/v1/pharmacy/deliveries/{id}/cancel/", tag = "deliveries", request_body = Option<DeliveryCancelBody>,
    params(("id" = i64, Path, description = "The delivery")),
    responses(
        (status = 200, description = "The delivery", body = DeliveryDetailReply),
        (status = 403, description = "forbidden, store_blocked"),
        (status = 409, description = "illegal_transition"),
    ),
)]
pub async fn cancel(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(delivery_id): PathId,
    Keyed(key, OptionalBody(body)): Keyed<OptionalBody<DeliveryCancelBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command(DeliveryId::new(delivery_id));
    let once =
        key.answering(move |seen| reply::spoken(reply::found(DeliveryDetailReply::new(seen, language)), language));
    reply::once(
        blocking::run(&context, move |context| {
            deliveries::cancel(context, &actor, command, &once)
        })
        .await?,
    )
}
