//! What lies where (shop.md 11).

mod bodies;
mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::ids::LevelId;
use savdo_services::Context;
use savdo_services::stock;

pub use bodies::{ByProductQuery, LowStockQuery, StockBody, StockPatch, StockQuery};
pub use replies::{LowStockReply, ProductStockReply, StockAtReply, StockDetailReply, StockReply};

use crate::extract::{Body, InLanguage, Keyed, PageQuery, PathId, Query, ShopPage};
use crate::guards::SignedIn;
use crate::messages::Done;
use crate::problem::Problem;
use crate::reply::{self, MessageReply, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewStock)), shop::stocks; list),
        route!(May(Right::Shop(Permission::ChangeStock)), shop::stocks; open).once(),
        route!(May(Right::ShopList(Permission::ViewStock)), shop::stocks; by_product),
        route!(May(Right::ShopList(Permission::OverseeStock)), shop::stocks; low),
        route!(May(Right::Shop(Permission::ViewStock)), shop::stocks; detail),
        route!(May(Right::Shop(Permission::ChangeStock)), shop::stocks; correct).once(),
        route!(May(Right::Shop(Permission::ChangeStock)), shop::stocks; hide),
    ]
}

/// The stock of the store.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/stocks/", tag = "stock", params(StockQuery, ShopPage), responses(
    (status = 200, description = "A page of the stock", body = Vec<StockReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    request: HttpRequest,
    Query(query): Query<StockQuery>,
    page: PageQuery,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = query.into_command(&page);
    let listed = blocking::run(&context, move |context| stock::list(context, &actor, command)).await?;
    reply::listed(listed.map(|view| StockReply::new(&view, zone)), &page, &request)
}

/// Begins to keep a product at a place: what lies there already is an adjustment into a batch of its own.
///
/// # Errors
/// Field errors, across fields where the product is kept there already; 403 without the right.
#[utoipa::path(post, path = "/api/v1/warehouse/stocks/", tag = "stock", request_body = StockBody, responses(
    (status = 201, description = "The new level", body = Written<StockDetailReply>),
))]
pub async fn open(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<StockBody>>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = body.into_command().ok_or(Problem::MalformedBody)?;
    let once = key.answering(move |view| reply::created(language, Done::Created, StockDetailReply::new(view, zone)));
    let answer = blocking::run(&context, move |context| stock::open(context, &actor, command, &once));
    reply::once(answer.await?)
}

/// The stock of the store by product, each with all its places, by name.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/stocks/by-product/", tag = "stock", params(ByProductQuery, ShopPage), responses(
    (status = 200, description = "A page of the products that are kept somewhere", body = Vec<ProductStockReply>),
))]
pub async fn by_product(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    request: HttpRequest,
    Query(query): Query<ByProductQuery>,
    page: PageQuery,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = query.into_command(&page);
    let listed = blocking::run(&context, move |context| {
        stock::list_by_product(context, &actor, command)
    })
    .await?;
    reply::listed(listed.map(|view| ProductStockReply::new(view, zone)), &page, &request)
}

/// What runs low, the lowest first, without pages: active products of which something lies there, but no more than the store's
/// `low_stock_threshold`. Empty while `low_stock_enabled` is off.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/stocks/low-stock/", tag = "stock", params(LowStockQuery), responses(
    (status = 200, description = "All levels that run low", body = Vec<LowStockReply>),
))]
pub async fn low(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    Query(query): Query<LowStockQuery>,
) -> Result<HttpResponse, Problem> {
    let (branch, warehouse) = query.places();
    let view = blocking::run(&context, move |context| {
        stock::list_low(context, &actor, branch, warehouse)
    });
    Ok(reply::all(LowStockReply::all(view.await?)))
}

/// What lies of one product at one place, also where an empty level was put aside.
///
/// # Errors
/// 403 without the right; 404 for another store's.
#[utoipa::path(get, path = "/api/v1/warehouse/stocks/{id}/", tag = "stock", params(("id" = i64, Path, description = "The level")), responses(
    (status = 200, description = "The level", body = StockDetailReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = LevelId::new(id);
    let view = blocking::run(&context, move |context| stock::detail(context, &actor, id)).await?;
    Ok(reply::found(StockDetailReply::new(view, zone)))
}

/// Sets a level to what was counted. What lies there beyond what was kept is a batch at the purchase price; what is missing
/// leaves what cannot be sold first. A level that is right already is left without a trace.
///
/// # Errors
/// Field errors, `empty_patch`; 403 without the right; 404 for another store's; 409 `stock_changed`, `location_inactive`,
/// `product_inactive`.
#[utoipa::path(patch, path = "/api/v1/warehouse/stocks/{id}/", tag = "stock", request_body = StockPatch,
    params(("id" = i64, Path, description = "The level")),
    responses(
        (status = 200, description = "The level as it is now", body = Written<StockDetailReply>),
        (status = 400, description = "Field errors, empty_patch"),
        (status = 409, description = "stock_changed with the quantity that is kept, location_inactive, product_inactive"),
    ),
)]
pub async fn correct(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Keyed(key, Body(body)): Keyed<Body<StockPatch>>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = LevelId::new(id);
    let command = body.into_command()?;
    let once = key.answering(move |view| reply::changed(language, Done::Updated, StockDetailReply::new(view, zone)));
    let answer = blocking::run(&context, move |context| {
        stock::correct(context, &actor, id, command, &once)
    });
    reply::once(answer.await?)
}

/// Hides an empty level from the lists until goods move there again; one that is hidden stays so.
///
/// # Errors
/// 403 without the right; 404 for another store's; 409 `has_stock`.
#[utoipa::path(delete, path = "/api/v1/warehouse/stocks/{id}/", tag = "stock",
    params(("id" = i64, Path, description = "The level")),
    responses(
        (status = 200, description = "It is hidden", body = MessageReply),
        (status = 409, description = "has_stock"),
    ),
)]
pub async fn hide(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = LevelId::new(id);
    blocking::run(&context, move |context| stock::hide(context, &actor, id)).await?;
    Ok(reply::message(language, Done::Deleted))
}
