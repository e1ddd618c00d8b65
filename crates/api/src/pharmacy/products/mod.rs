//! The public catalogue, and putting a product online (pharmacy.md 2.2, 2.3).

mod bodies;
mod replies;
mod writes;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Actor, Right};
use savdo_domain::ids::ProductId;
use savdo_services::catalogue::BrowseProducts;
use savdo_services::once::Unkeyed;
use savdo_services::products::OfferProduct;
use savdo_services::{Context, catalogue, products};

pub use bodies::ShelfQuery;
pub use replies::{ShelfCategoryReply, ShelfReply, ShelfStoreReply, SubstanceReply};
pub use writes::{IntroduceBody, OfferBody, PictureBody, ReplaceBody};

use crate::extract::{FormOf, Keyed, MaybeKey, PageQuery, PathId, PharmacyPage, PictureForm, PictureFormOrJson, Query};
use crate::guards::{MaybeSignedIn, SignedIn};
use crate::media::Pictures;
use crate::pharmacy::shown::shown;
use crate::problem::Problem;
use crate::reply::{Frame, PageReply};
use crate::routes::Route;
use crate::{blocking, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(AnyoneOrSignedIn, pharmacy::products; list),
        route!(AnyoneOrSignedIn, pharmacy::products; detail),
        route!(AnyoneOrSignedIn, pharmacy::products; alternatives),
        route!(May(Right::OnlineCatalogue), pharmacy::products; introduce).once(),
        route!(May(Right::OnlineCatalogue), pharmacy::products; replace).once(),
        route!(May(Right::OnlineCatalogue), pharmacy::products; offer).once(),
        route!(May(Right::OnlineCatalogue), pharmacy::products; archive),
        route!(May(Right::OnlineCatalogue), pharmacy::products; set_image),
        route!(May(Right::OnlineCatalogue), pharmacy::products; remove_image),
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
    browsed(&context, actor, query.into_query(&page), &page, &request).await
}

/// What was browsed, as a page that anybody may keep.
pub(super) async fn browsed(
    context: &web::Data<Context>,
    actor: Option<Actor>,
    query: BrowseProducts,
    page: &PageQuery,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (pictures, frame) = (Pictures::of(request), Frame::of(page, request));
    shown(context, request, actor, move |context, actor| {
        let listed = catalogue::browse(context, actor, query)?;
        frame.paged(listed.map(|view| ShelfReply::of(view, &pictures)), Some(context))
    })
    .await
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
    let pictures = Pictures::of(&request);
    shown(&context, &request, actor, move |context, actor| {
        let view = catalogue::product(context, actor, id)?;
        Ok(reply::found(ShelfReply::of(view, &pictures)))
    })
    .await
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
    let pictures = Pictures::of(&request);
    shown(&context, &request, actor, move |context, actor| {
        let views = catalogue::alternatives(context, actor, id)?;
        let products = views.into_iter().map(|view| ShelfReply::of(view, &pictures)).collect();
        Ok(reply::all::<ShelfReply>(products))
    })
    .await
}

/// Makes a product, and takes its first pieces in.
///
/// # Errors
/// Field errors; 403 for all but staff.
#[utoipa::path(post, path = "/api/v1/pharmacy/products/", tag = "online products", request_body(content((IntroduceBody = "application/json"), (FormOf<IntroduceBody> = "multipart/form-data"))), responses(
    (status = 201, description = "The new product", body = ShelfReply),
    (status = 413, description = "body_too_large, image_too_large"),
    (status = 507, description = "storage_full"),
))]
pub async fn introduce(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    Keyed(key, PictureFormOrJson(body)): Keyed<PictureFormOrJson<IntroduceBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command()?;
    let once = key.answering(move |view| HttpResponse::Created().json(ShelfReply::of(view, &pictures)));
    reply::once(
        blocking::run(&context, move |context| {
            products::introduce(context, &actor, command, &once)
        })
        .await?,
    )
}

/// Says anew what a new product must have, and any of the rest.
///
/// # Errors
/// As a change.
#[utoipa::path(put, path = "/api/v1/pharmacy/products/{id}/", tag = "online products", params(("id" = i64, Path, description = "The product")), request_body(content((ReplaceBody = "application/json"), (FormOf<ReplaceBody> = "multipart/form-data"))), responses(
    (status = 200, description = "The product as it is now", body = ShelfReply),
    (status = 409, description = "stock_changed with the stock that can be sold"),
    (status = 413, description = "body_too_large, image_too_large"),
    (status = 507, description = "storage_full"),
))]
pub async fn replace(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(id): PathId,
    Keyed(key, PictureFormOrJson(body)): Keyed<PictureFormOrJson<ReplaceBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command()?;
    offered(&context, actor, (ProductId::new(id), command), key, pictures).await
}

/// Changes what the online pharmacy says of a product, whether it is offered there, and the pieces that can be sold.
///
/// # Errors
/// Field errors; 403 for all but staff; 404 for another store's or an archived one; 409 `stock_changed`.
#[utoipa::path(patch, path = "/api/v1/pharmacy/products/{id}/", tag = "online products", params(("id" = i64, Path, description = "The product")), request_body(content((OfferBody = "application/json"), (FormOf<OfferBody> = "multipart/form-data"))), responses(
    (status = 200, description = "The product as it is now", body = ShelfReply),
    (status = 409, description = "stock_changed with the stock that can be sold"),
    (status = 413, description = "body_too_large, image_too_large"),
    (status = 507, description = "storage_full"),
))]
pub async fn offer(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(id): PathId,
    Keyed(key, PictureFormOrJson(body)): Keyed<PictureFormOrJson<OfferBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command()?;
    offered(&context, actor, (ProductId::new(id), command), key, pictures).await
}

async fn offered(
    context: &web::Data<Context>,
    actor: Actor,
    (id, command): (ProductId, OfferProduct),
    key: MaybeKey,
    pictures: Pictures,
) -> Result<HttpResponse, Problem> {
    let once = key.answering(move |view| reply::found(ShelfReply::of(view, &pictures)));
    reply::once(
        blocking::run(context, move |context| {
            products::offer(context, &actor, id, command, &once)
        })
        .await?,
    )
}

/// Archives a product: it is known here no more, leaves the carts and stays on old orders.
///
/// # Errors
/// 403 for all but staff; 404 for another store's or an archived one; 409 `product_in_open_order`.
#[utoipa::path(delete, path = "/api/v1/pharmacy/products/{id}/", tag = "online products",
    params(("id" = i64, Path, description = "The product")),
    responses(
        (status = 204, description = "It is archived"),
        (status = 409, description = "product_in_open_order"),
    ),
)]
pub async fn archive(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = ProductId::new(id);
    blocking::run(&context, move |context| products::archive(context, &actor, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives a product a picture, in place of the one that it has.
///
/// # Errors
/// A problem at `image`; 403 for all but staff; 404 for another store's or an archived one.
#[utoipa::path(put, path = "/api/v1/pharmacy/products/{id}/image/", tag = "online products", params(("id" = i64, Path, description = "The product")), request_body(content((PictureBody = "multipart/form-data"))), responses(
    (status = 200, description = "The product as it is now", body = ShelfReply),
    (status = 413, description = "image_too_large"),
    (status = 507, description = "storage_full"),
))]
pub async fn set_image(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(id): PathId,
    PictureForm(body): PictureForm<PictureBody>,
) -> Result<HttpResponse, Problem> {
    let (id, command) = (ProductId::new(id), body.into_command()?);
    let view = blocking::run(&context, move |context| {
        products::offer(context, &actor, id, command, &Unkeyed)
    })
    .await?;
    Ok(reply::found(ShelfReply::of(view, &pictures)))
}

/// Takes the picture of a product away.
///
/// # Errors
/// 403 for all but staff; 404 for another store's or an archived one.
#[utoipa::path(delete, path = "/api/v1/pharmacy/products/{id}/image/", tag = "online products",
    params(("id" = i64, Path, description = "The product")),
    responses((status = 204, description = "It has none any more")),
)]
pub async fn remove_image(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = ProductId::new(id);
    let command = OfferProduct {
        image: Some(None),
        ..OfferProduct::default()
    };
    blocking::run(&context, move |context| {
        products::offer(context, &actor, id, command, &Unkeyed)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
