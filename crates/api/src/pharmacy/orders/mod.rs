//! Online orders (pharmacy.md 2.5).

pub mod bodies;
pub mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Actor, Right};
use savdo_domain::account::Language;
use savdo_domain::ids::OrderId;
use savdo_services::Context;
use savdo_services::once::{Answer, Rendered};
use savdo_services::orders::{self, AdvanceOrder, OrderSeen};

use crate::extract::{Body, InLanguage, Keyed, OptionalBody, PageQuery, PathId, PharmacyPage, Query};
use crate::guards::SignedIn;
use crate::media::Pictures;
use crate::pharmacy::orders::bodies::{AdvanceBody, CancelBody, CashBody, CheckoutBody, OrderQuery};
use crate::pharmacy::orders::replies::{OrderReply, OrderStepReply};
use crate::problem::Problem;
use crate::reply::PageReply;
use crate::routes::Route;
use crate::{blocking, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::Orders), pharmacy::orders; list),
        route!(May(Right::Checkout), pharmacy::orders; place).once(),
        route!(May(Right::Orders), pharmacy::orders; view),
        route!(May(Right::Orders), pharmacy::orders; history),
        route!(May(Right::Orders), pharmacy::orders; cancel).once(),
        route!(May(Right::Orders), pharmacy::orders; advance).once(),
        route!(May(Right::Orders), pharmacy::orders; receive_cash).once(),
    ]
}

/// The orders that the caller sees: a customer his own, a courier those assigned to him, staff their store's.
///
/// # Errors
/// 400 for filters; 401; 403; 404 past the last page.
#[utoipa::path(get, path = "/api/v1/pharmacy/orders/", tag = "orders", params(OrderQuery, PharmacyPage), responses(
    (status = 200, description = "A page of orders", body = PageReply<OrderReply>),
    (status = 403, description = "store_blocked"),
    (status = 404, description = "invalid_page"),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<OrderQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter = query.into_filter();
    let wanted = page.page();
    let listed = blocking::run(&context, move |context| orders::list(context, &actor, filter, &wanted)).await?;
    let pictures = Pictures::of(&request);
    let listed = listed.map(|seen| OrderReply::new(seen, &pictures, language));
    reply::paged(listed, &page, &request)
}

/// Orders what lies in the caller's cart.
///
/// # Errors
/// 400 for fields, an empty cart, too large a sum; 401; 403 for sellers, operators and couriers; 409 for a closed store,
/// hidden products, other prices, a shortage.
#[utoipa::path(post, path = "/api/v1/pharmacy/orders/", tag = "orders", request_body = CheckoutBody, responses(
    (status = 201, description = "The order", body = OrderReply),
    (status = 400, description = "Field errors, cart_empty, amount_out_of_range"),
    (status = 403, description = "forbidden"),
    (status = 409, description = "store_closed, product_unavailable, price_changed, insufficient_stock"),
))]
pub async fn place(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    Keyed(key, Body(body)): Keyed<Body<CheckoutBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command()?;
    let once = key.answering(move |order| {
        reply::spoken(
            HttpResponse::Created().json(OrderReply::new(order, &pictures, language)),
            language,
        )
    });
    reply::once(blocking::run(&context, move |context| orders::place(context, &actor, command, &once)).await?)
}

/// One order.
///
/// # Errors
/// 401; 403; 404.
#[utoipa::path(get, path = "/api/v1/pharmacy/orders/{id}/", tag = "orders", params(("id" = i64, Path, description = "The order")), responses(
    (status = 200, description = "The order", body = OrderReply),
    (status = 403, description = "store_blocked"),
))]
pub async fn view(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(order_id): PathId,
) -> Result<HttpResponse, Problem> {
    let order_id = OrderId::new(order_id);
    let order = blocking::run(&context, move |context| orders::view(context, &actor, order_id)).await?;
    Ok(reply::found(OrderReply::new(order, &pictures, language)))
}

/// The steps that an order took, the oldest first. A customer learns of staff only what they are.
///
/// # Errors
/// 401; 403; 404.
#[utoipa::path(get, path = "/api/v1/pharmacy/orders/{id}/history/", tag = "orders", params(("id" = i64, Path, description = "The order")), responses(
    (status = 200, description = "Its steps", body = Vec<OrderStepReply>),
    (status = 403, description = "store_blocked"),
))]
pub async fn history(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(order_id): PathId,
) -> Result<HttpResponse, Problem> {
    let order_id = OrderId::new(order_id);
    let seen = blocking::run(&context, move |context| orders::history(context, &actor, order_id)).await?;
    let (zone, shown_only) = (seen.order.store.zone, seen.shown_only);
    let steps = seen.steps.into_iter();
    let steps = steps.map(|step| OrderStepReply::of(step, zone, shown_only));
    Ok(reply::found(steps.collect::<Vec<_>>()))
}

/// Cancels an order; its goods go back.
///
/// # Errors
/// 400 for fields, a reason that must be said; 401; 403; 404; 409 from a status without a cancel.
#[utoipa::path(post, path = "/api/v1/pharmacy/orders/{id}/cancel/", tag = "orders", request_body = Option<CancelBody>,
    params(("id" = i64, Path, description = "The order")),
    responses(
        (status = 200, description = "The order", body = OrderReply),
        (status = 403, description = "forbidden, store_blocked"),
        (status = 409, description = "illegal_transition"),
    ),
)]
pub async fn cancel(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(order_id): PathId,
    Keyed(key, OptionalBody(body)): Keyed<OptionalBody<CancelBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command(OrderId::new(order_id));
    let once =
        key.answering(move |order| reply::spoken(reply::found(OrderReply::new(order, &pictures, language)), language));
    reply::once(blocking::run(&context, move |context| orders::cancel(context, &actor, command, &once)).await?)
}

/// Sets the status of an order by hand.
///
/// # Errors
/// In this order: 404, also where the body is no good; 400 for it and for an unknown status; 403 and 409 as the table of transitions says.
#[utoipa::path(post, path = "/api/v1/pharmacy/orders/{id}/status/", tag = "orders", request_body = AdvanceBody,
    params(("id" = i64, Path, description = "The order")),
    responses(
        (status = 200, description = "The order", body = OrderReply),
        (status = 403, description = "forbidden, transition_not_allowed, store_blocked"),
        (status = 409, description = "illegal_transition, courier_required, cash_required, amount_mismatch"),
    ),
)]
pub async fn advance(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(order_id): PathId,
    keyed: Result<Keyed<Body<AdvanceBody>>, Problem>,
) -> Result<HttpResponse, Problem> {
    let wish = Advancing {
        actor,
        order_id: OrderId::new(order_id),
        keyed,
        pictures,
        language,
    };
    wish.carried_out(&context, orders::advance).await
}

/// The wish to set a status, as it came.
pub(super) struct Advancing {
    pub(super) actor: Actor,
    pub(super) order_id: OrderId,
    pub(super) keyed: Result<Keyed<Body<AdvanceBody>>, Problem>,
    pub(super) pictures: Pictures,
    pub(super) language: Language,
}

/// How a status is set.
type Advance = fn(&Context, &Actor, AdvanceOrder, &Rendered<OrderSeen>) -> savdo_services::Result<Answer>;

impl Advancing {
    pub(super) async fn carried_out(
        self,
        context: &web::Data<Context>,
        advance: Advance,
    ) -> Result<HttpResponse, Problem> {
        let (actor, order_id, language) = (self.actor, self.order_id, self.language);
        let read = self
            .keyed
            .and_then(|Keyed(key, Body(body))| Ok((key, body.into_command(order_id)?)));
        let (key, command) = match read {
            Ok(read) => read,
            Err(problem) => {
                // Whether the caller sees the order has the first word (pharmacy.md 3.1).
                blocking::run(context, move |context| orders::view(context, &actor, order_id)).await?;
                return Err(problem);
            }
        };
        let pictures = self.pictures;
        let once = key
            .answering(move |order| reply::spoken(reply::found(OrderReply::new(order, &pictures, language)), language));
        let done = blocking::run(context, move |context| advance(context, &actor, command, &once));
        reply::once(done.await?)
    }
}

/// Writes down the cash for an order: by staff at the counter, by its courier at the door. One that was to be paid online is paid by it.
///
/// # Errors
/// 400 for the amount; 401; 403 for the buyer, and for a courier who is not on the way; 404; 409 where no cash is due or it is not the total.
#[utoipa::path(post, path = "/api/v1/pharmacy/orders/{id}/cash-received/", tag = "orders", request_body = CashBody,
    params(("id" = i64, Path, description = "The order")),
    responses(
        (status = 200, description = "The order", body = OrderReply),
        (status = 403, description = "forbidden, store_blocked"),
        (status = 409, description = "already_paid, payment_in_progress, illegal_transition, amount_mismatch"),
    ),
)]
pub async fn receive_cash(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(order_id): PathId,
    Keyed(key, Body(body)): Keyed<Body<CashBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command(OrderId::new(order_id))?;
    let once =
        key.answering(move |order| reply::spoken(reply::found(OrderReply::new(order, &pictures, language)), language));
    let done = blocking::run(&context, move |context| {
        orders::receive_cash(context, &actor, command, &once)
    });
    reply::once(done.await?)
}
