//! Returns of what was sold (shop.md 17).

mod bodies;
mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::ids::SaleReturnId;
use savdo_services::{Context, sale_returns};

pub use bodies::{SaleReturnBody, SaleReturnLineBody, SaleReturnsQuery};
pub use replies::{SaleReturnDetailReply, SaleReturnLineReply, SaleReturnReply};

use crate::extract::{Body, InLanguage, Keyed, NoBody, PageQuery, PathId, Query, ShopPage};
use crate::guards::SignedIn;
use crate::messages::Done;
use crate::problem::Problem;
use crate::reply::{self, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewSales)), shop::sale_returns; list)
            .alias("/api/v1/trade/sale-returns/"),
        route!(May(Right::Shop(Permission::ReturnSale)), shop::sale_returns; create)
            .once()
            .alias("/api/v1/trade/sale-returns/"),
        route!(May(Right::Shop(Permission::ViewSales)), shop::sale_returns; detail)
            .alias("/api/v1/trade/sale-returns/{id}/"),
        route!(May(Right::Shop(Permission::SettleReturn)), shop::sale_returns; confirm)
            .or_patch()
            .once()
            .alias("/api/v1/trade/sale-returns/{id}/confirm/"),
        route!(May(Right::Shop(Permission::SettleReturn)), shop::sale_returns; cancel)
            .or_patch()
            .once()
            .alias("/api/v1/trade/sale-returns/{id}/cancel/"),
    ]
}

/// The returns of the store, newest first.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/sale-returns/", tag = "sale-returns", params(SaleReturnsQuery, ShopPage), responses(
    (status = 200, description = "A page of the returns", body = Vec<SaleReturnReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    request: HttpRequest,
    Query(query): Query<SaleReturnsQuery>,
    page: PageQuery,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let query = query.into_query(&page);
    let listed = blocking::run(&context, move |context| sale_returns::list(context, &actor, query)).await?;
    reply::listed(
        listed.map(|view| SaleReturnReply::new(view, zone, language)),
        &page,
        &request,
    )
}

/// Writes down that goods of a sale come back: nothing moves before that is confirmed.
///
/// # Errors
/// Field errors; 403 without the right, or where the store takes no returns; 409 for more than was sold, or a cancelled sale.
#[utoipa::path(post, path = "/api/v1/sale-returns/", tag = "sale-returns", request_body = SaleReturnBody, responses(
    (status = 201, description = "The new return, pending", body = Written<SaleReturnDetailReply>),
    (status = 403, description = "Without the right, module_disabled"),
    (status = 409, description = "return_exceeds_sold, sale_already_cancelled"),
))]
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<SaleReturnBody>>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = body.into_command().ok_or(Problem::MalformedBody)?;
    let once = key.answering(move |view| {
        reply::created(
            language,
            Done::ReturnWritten,
            SaleReturnDetailReply::new(view, zone, language),
        )
    });
    let answer = blocking::run(&context, move |context| {
        sale_returns::create(context, &actor, command, &once)
    });
    reply::once(answer.await?)
}

/// One return, in whatever status.
///
/// # Errors
/// 403 without the right, 404 for another store's.
#[utoipa::path(get, path = "/api/v1/sale-returns/{id}/", tag = "sale-returns", params(("id" = i64, Path, description = "The return")), responses(
    (status = 200, description = "The return", body = SaleReturnDetailReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = SaleReturnId::new(id);
    let view = blocking::run(&context, move |context| sale_returns::detail(context, &actor, id)).await?;
    Ok(reply::found(SaleReturnDetailReply::new(view, zone, language)))
}

/// Confirms a return: goods go back into stock, the money to the buyer. Answers PATCH as well.
///
/// # Errors
/// 403 without the right, or where the store takes no returns; 404 for another store's; 409 when it is not pending any more, for
/// more than was sold, without an open shift, and in a branch that was switched off.
#[utoipa::path(post, path = "/api/v1/sale-returns/{id}/confirm/", tag = "sale-returns", params(("id" = i64, Path, description = "The return")), responses(
    (status = 200, description = "Confirmed", body = Written<SaleReturnDetailReply>),
    (status = 403, description = "Without the right, module_disabled"),
    (status = 409, description = "return_not_pending, return_exceeds_sold, no_open_shift, location_inactive, product_inactive, sale_already_cancelled"),
))]
pub async fn confirm(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Keyed(key, _): Keyed<NoBody>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = SaleReturnId::new(id);
    let once = key.answering(move |view| {
        reply::changed(
            language,
            Done::ReturnConfirmed,
            SaleReturnDetailReply::new(view, zone, language),
        )
    });
    let answer = blocking::run(&context, move |context| {
        sale_returns::confirm(context, &actor, id, &once)
    });
    reply::once(answer.await?)
}

/// Drops a return: its goods may be brought back by others. Answers PATCH as well.
///
/// # Errors
/// 403 without the right, or where the store takes no returns; 404 for another store's; 409 when it is not pending any more.
#[utoipa::path(post, path = "/api/v1/sale-returns/{id}/cancel/", tag = "sale-returns", params(("id" = i64, Path, description = "The return")), responses(
    (status = 200, description = "Cancelled", body = Written<SaleReturnDetailReply>),
    (status = 403, description = "Without the right, module_disabled"),
    (status = 409, description = "return_not_pending"),
))]
pub async fn cancel(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Keyed(key, _): Keyed<NoBody>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = SaleReturnId::new(id);
    let once = key.answering(move |view| {
        reply::changed(
            language,
            Done::ReturnCancelled,
            SaleReturnDetailReply::new(view, zone, language),
        )
    });
    let answer = blocking::run(&context, move |context| {
        sale_returns::cancel(context, &actor, id, &once)
    });
    reply::once(answer.await?)
}
