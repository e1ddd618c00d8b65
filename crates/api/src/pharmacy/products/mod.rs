//! The public catalogue, and putting a product online (pharmacy.md 2.2, 2.3).

mod bodies;
mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::Right;
use savdo_domain::ids::ProductId;
use savdo_services::{Context, catalogue, products};

pub use bodies::{OfferBody, ShelfQuery};
pub use replies::{ShelfCategoryReply, ShelfReply, ShelfStoreReply, SubstanceReply};

use crate::extract::{Body, PageQuery, PathId, PharmacyPage, Query};
use crate::guards::{MaybeSignedIn, SignedIn};
use crate::media::Pictures;
use crate::problem::Problem;
use crate::reply::PageReply;
use crate::routes::Route;
use crate::{blocking, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(AnyoneOrSignedIn, pharmacy::products; list),
        route!(AnyoneOrSignedIn, pharmacy::products; detail),
        route!(AnyoneOrSignedIn, pharmacy::products; alternatives),
        route!(May(Right::OnlineCatalogue), pharmacy::products; offer),
    ]
}

/// The products that are offered online; staff may ask for the hidden ones of their store too.
///
/// # Errors
/// Field errors of the query; 404 past the last page.
#[utoipa::path(get, path = "/api/v1/pharmacy/products/", tag = "online products", params(ShelfQuery, PharmacyPage), responses(
    (status = 200, description = "A page of products", body = PageReply<ShelfReply>),
    (status = 304, description = "As the caller has it: If-None-Match names its ETag"),
    (status = 404, description = "Past the last page"),
))]
pub async fn list(
    context: web::Data<Context>,
    MaybeSignedIn(actor): MaybeSignedIn,
    Query(query): Query<ShelfQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.into_query(&page);
    let listed = blocking::run(&context, move |context| {
        catalogue::browse(context, actor.as_ref(), query)
    })
    .await?;
    let pictures = Pictures::of(&request);
    let listed = listed.map(|view| ShelfReply::of(view, &pictures));
    let body = reply::paged(listed, &page, &request)?;
    Ok(reply::public(&request, reply::found(body)))
}

/// One product; staff see hidden ones of their store too.
///
/// # Errors
/// 404 for one that the caller does not see.
#[utoipa::path(get, path = "/api/v1/pharmacy/products/{id}/", tag = "online products", params(("id" = i64, Path, description = "The product")), responses(
    (status = 200, description = "The product", body = ShelfReply),
    (status = 304, description = "As the caller has it: If-None-Match names its ETag"),
    (status = 404, description = "Unknown, or hidden"),
))]
pub async fn detail(
    context: web::Data<Context>,
    MaybeSignedIn(actor): MaybeSignedIn,
    PathId(id): PathId,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id = ProductId::new(id);
    let view = blocking::run(&context, move |context| catalogue::product(context, actor.as_ref(), id)).await?;
    let product = ShelfReply::of(view, &Pictures::of(&request));
    Ok(reply::public(&request, reply::found(product)))
}

/// What stands in for a product: others of its store that share an active substance and are in stock, at most 50.
///
/// # Errors
/// 404 for a product that the caller does not see.
#[utoipa::path(get, path = "/api/v1/pharmacy/products/{id}/alternatives/", tag = "online products", params(("id" = i64, Path, description = "The product")), responses(
    (status = 200, description = "The cheapest first, then by name", body = Vec<ShelfReply>),
    (status = 304, description = "As the caller has it: If-None-Match names its ETag"),
    (status = 404, description = "Unknown, or hidden"),
))]
pub async fn alternatives(
    context: web::Data<Context>,
    MaybeSignedIn(actor): MaybeSignedIn,
    PathId(id): PathId,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id = ProductId::new(id);
    let views = blocking::run(&context, move |context| {
        catalogue::alternatives(context, actor.as_ref(), id)
    })
    .await?;
    let pictures = Pictures::of(&request);
    let products = views.into_iter().map(|view| ShelfReply::of(view, &pictures)).collect();
    Ok(reply::public(&request, reply::all::<ShelfReply>(products)))
}

/// Changes what the online pharmacy says of a product, and whether it is offered there.
///
/// # Errors
/// Field errors; 403 for all but staff; 404 for another store's.
#[utoipa::path(patch, path = "/api/v1/pharmacy/products/{id}/", tag = "online products", params(("id" = i64, Path, description = "The product")), request_body = OfferBody, responses(
    (status = 200, description = "The product as it is now", body = ShelfReply),
    (status = 403, description = "Not staff"),
    (status = 404, description = "Unknown, or another store's"),
))]
pub async fn offer(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(id): PathId,
    Body(body): Body<OfferBody>,
) -> Result<HttpResponse, Problem> {
    let id = ProductId::new(id);
    let command = body.into_command()?;
    let view = blocking::run(&context, move |context| products::offer(context, &actor, id, command)).await?;
    Ok(reply::found(ShelfReply::of(view, &pictures)))
}
