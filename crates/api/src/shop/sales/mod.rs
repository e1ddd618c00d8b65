//! Sales at the counter (shop.md 16).

mod bodies;
mod paper;
mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Actor, Permission, Right};
use savdo_domain::ids::SaleId;
use savdo_services::Context;
use savdo_services::sales::{self, CancelSale, Sold};

pub use bodies::{CancelBody, SaleBody, SaleLineBody, SalesQuery};
pub use replies::{CancelledSaleReply, RefundReply, SaleDetailReply, SaleLineReply, SaleReply};

use crate::extract::{Body, FileBytes, InLanguage, Keyed, OptionalBody, PageQuery, PathId, Query, ShopPage};
use crate::guards::SignedIn;
use crate::messages::Done;
use crate::paper::{self as printing, PaperQuery};
use crate::problem::Problem;
use crate::reply::{self, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewSales)), shop::sales; list).alias("/api/v1/trade/sales/"),
        route!(May(Right::Shop(Permission::Sell)), shop::sales; sell)
            .once()
            .alias("/api/v1/trade/sales/"),
        route!(May(Right::Shop(Permission::ViewSales)), shop::sales; detail).alias("/api/v1/trade/sales/{id}/"),
        route!(May(Right::Shop(Permission::CancelSale)), shop::sales; cancel)
            .or_patch()
            .once()
            .alias("/api/v1/trade/sales/{id}/cancel/"),
        route!(May(Right::Shop(Permission::ViewSales)), shop::sales; receipt)
            .alias("/api/v1/trade/sales/{id}/receipt/"),
    ]
}

/// Costs are for those who lead the shop.
fn sees_costs(actor: &Actor) -> bool {
    actor.worker.as_ref().is_some_and(|worker| worker.role().is_manager())
}

/// The sales of the store, newest first.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/sales/", tag = "sales", params(SalesQuery, ShopPage), responses(
    (status = 200, description = "A page of the sales", body = Vec<SaleReply>),
    (status = 400, description = "A filter that cannot be"),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    request: HttpRequest,
    Query(query): Query<SalesQuery>,
    page: PageQuery,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = query.into_command(&page);
    let listed = blocking::run(&context, move |context| sales::list(context, &actor, command)).await?;
    reply::listed(listed.map(|view| SaleReply::new(view, zone, language)), &page, &request)
}

/// Sells at the counter; a sale whose `client_id` is known is answered as it is.
///
/// # Errors
/// Field errors; 403 without the right, also to the prices asked; 409 for a shortage, a missing price, or no open shift.
#[utoipa::path(post, path = "/api/v1/sales/", tag = "sales", request_body = SaleBody, responses(
    (status = 201, description = "Sold", body = Written<SaleDetailReply>),
    (status = 200, description = "It was sold before: its client_id is known", body = Written<SaleDetailReply>),
    (status = 403, description = "Without the right, discount_not_allowed, discount_limit_exceeded, price_override_not_allowed"),
    (status = 409, description = "insufficient_stock, price_missing, no_open_shift"),
))]
pub async fn sell(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<SaleBody>>,
) -> Result<HttpResponse, Problem> {
    let (zone, sees_costs) = (zone_of(&actor), sees_costs(&actor));
    let command = body.into_command().ok_or(Problem::MalformedBody)?;
    let once = key.answering(move |sold: Sold| {
        let sale = SaleDetailReply::new(sold.sale, zone, language, sees_costs);
        if sold.is_new {
            reply::created(language, Done::Sold, sale)
        } else {
            reply::changed(language, Done::Sold, sale)
        }
    });
    reply::once(blocking::run(&context, move |context| sales::sell(context, &actor, command, &once)).await?)
}

/// One sale.
///
/// # Errors
/// 403 without the right, 404 for another store's.
#[utoipa::path(get, path = "/api/v1/sales/{id}/", tag = "sales", params(("id" = i64, Path, description = "The sale")), responses(
    (status = 200, description = "The sale", body = SaleDetailReply),
    (status = 404, description = "No such sale"),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let (zone, sees_costs) = (zone_of(&actor), sees_costs(&actor));
    let id = SaleId::new(id);
    let view = blocking::run(&context, move |context| sales::view(context, &actor, id)).await?;
    Ok(reply::found(SaleDetailReply::new(view, zone, language, sees_costs)))
}

/// Undoes a sale: goods and money go back. Answers PATCH as well.
///
/// # Errors
/// 403 without the right, 404 for another store's, 409 when it was cancelled before, or goods of it came back.
#[utoipa::path(post, path = "/api/v1/sales/{id}/cancel/", tag = "sales", params(("id" = i64, Path, description = "The sale")), request_body = Option<CancelBody>, responses(
    (status = 200, description = "Cancelled", body = Written<CancelledSaleReply>),
    (status = 404, description = "No such sale"),
    (status = 409, description = "sale_already_cancelled, sale_has_returns, product_inactive"),
))]
pub async fn cancel(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Keyed(key, OptionalBody(body)): Keyed<OptionalBody<CancelBody>>,
) -> Result<HttpResponse, Problem> {
    let (zone, sees_costs) = (zone_of(&actor), sees_costs(&actor));
    let command = CancelSale {
        id: SaleId::new(id),
        reason: body.into_reason(),
    };
    let once = key.answering(move |view| {
        reply::changed(
            language,
            Done::SaleCancelled,
            CancelledSaleReply::new(view, zone, language, sees_costs),
        )
    });
    reply::once(blocking::run(&context, move |context| sales::cancel(context, &actor, command, &once)).await?)
}

/// The receipt of a sale, 80 mm wide, in the caller's language.
///
/// # Errors
/// A format that there is not; 403 without the right, 404 for another store's.
#[utoipa::path(get, path = "/api/v1/sales/{id}/receipt/", tag = "sales", params(("id" = i64, Path, description = "The sale"), PaperQuery), responses(
    (status = 200, description = "The receipt", body = FileBytes, content_type = "application/pdf"),
    (status = 400, description = "A format that there is not"),
    (status = 404, description = "No such sale"),
))]
pub async fn receipt(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Query(PaperQuery { .. }): Query<PaperQuery>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = SaleId::new(id);
    let print = move |context: &Context| {
        let view = sales::receipt(context, &actor, id)?;
        Ok((view.sale.sale.number, paper::receipt(&view, zone, language).into_pdf()))
    };
    let (number, pdf) = blocking::run(&context, print).await?;
    printing::shown(pdf, &format!("receipt-{number}"))
}
