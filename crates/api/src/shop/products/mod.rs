//! Products (shop.md 9).

mod bodies;
mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::ids::ProductId;
use savdo_services::{Context, products};

pub use bodies::{ProductBody, ProductPatch, ProductQuery, ScanQuery};
pub use replies::{ProductReply, ProductRowReply};

use crate::extract::{FormOf, FormOrJson, InLanguage, Keyed, PageQuery, PathId, Query, ShopPage};
use crate::guards::SignedIn;
use crate::media::Pictures;
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
        route!(May(Right::ShopList(Permission::ViewCatalogue)), shop::products; list),
        route!(May(Right::Shop(Permission::ChangeCatalogue)), shop::products; create).once(),
        route!(May(Right::Shop(Permission::ViewCatalogue)), shop::products; scan),
        route!(May(Right::Shop(Permission::ViewCatalogue)), shop::products; detail),
        route!(May(Right::Shop(Permission::ChangeCatalogue)), shop::products; change),
        route!(May(Right::Shop(Permission::ChangeCatalogue)), shop::products; put_aside),
    ]
}

/// The products of one's store.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/products/", tag = "products", params(ProductQuery, ShopPage), responses(
    (status = 200, description = "A page of products", body = Vec<ProductRowReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<ProductQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.into_query(&page);
    let listed = blocking::run(&context, move |context| products::list(context, &actor, query)).await?;
    let pictures = Pictures::of(&request);
    let listed = listed.map(|view| ProductRowReply::new(view, &pictures, language));
    reply::listed(listed, &page, &request)
}

/// Makes a product.
///
/// # Errors
/// Field errors; 403 without the right.
#[utoipa::path(post, path = "/api/v1/warehouse/products/", tag = "products", request_body(content((ProductBody = "application/json"), (FormOf<ProductBody> = "multipart/form-data"))), responses(
    (status = 201, description = "The new product", body = Written<ProductReply>),
    (status = 507, description = "storage_full"),
))]
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    Keyed(key, FormOrJson(body)): Keyed<FormOrJson<ProductBody>>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = body.into_command();
    let once = key.answering(move |view| {
        let product = ProductReply::of(view, &pictures, zone, language);
        reply::created(language, Done::Created, product)
    });
    reply::once(
        blocking::run(&context, move |context| {
            products::create(context, &actor, command, &once)
        })
        .await?,
    )
}

/// One product.
///
/// # Errors
/// 403 without the right, 404 for another store's.
#[utoipa::path(get, path = "/api/v1/warehouse/products/{id}/", tag = "products", params(("id" = i64, Path, description = "The product")), responses(
    (status = 200, description = "The product", body = ProductReply),
    (status = 404, description = "Unknown, or another store's"),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = ProductId::new(id);
    let view = blocking::run(&context, move |context| products::detail(context, &actor, id)).await?;
    Ok(reply::found(ProductReply::of(view, &pictures, zone, language)))
}

/// Changes a product: the keys sent, and no other.
///
/// # Errors
/// Field errors, `empty_patch`; 403 without the right; 404 for another store's; 409 `purchase_price_is_computed`,
/// `has_stock`, `has_open_documents`.
#[utoipa::path(patch, path = "/api/v1/warehouse/products/{id}/", tag = "products", params(("id" = i64, Path, description = "The product")), request_body(content((ProductPatch = "application/json"), (FormOf<ProductPatch> = "multipart/form-data"))), responses(
    (status = 200, description = "The product as it is now", body = Written<ProductReply>),
    (status = 400, description = "Field errors, empty_patch"),
    (status = 404, description = "Unknown, or another store's"),
    (status = 409, description = "purchase_price_is_computed, has_stock, has_open_documents"),
    (status = 507, description = "storage_full"),
))]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(id): PathId,
    FormOrJson(body): FormOrJson<ProductPatch>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = ProductId::new(id);
    let command = body.into_command()?;
    let view = blocking::run(&context, move |context| products::change(context, &actor, id, command)).await?;
    Ok(reply::changed(
        language,
        Done::Updated,
        ProductReply::of(view, &pictures, zone, language),
    ))
}

/// Puts a product aside; its name and barcode are free again, old documents keep it.
///
/// # Errors
/// 403 without the right; 404 for an unknown one or another store's; 409 `has_stock`, `has_open_documents`.
#[utoipa::path(delete, path = "/api/v1/warehouse/products/{id}/", tag = "products",
    params(("id" = i64, Path, description = "The product")),
    responses(
        (status = 200, description = "It is put aside", body = MessageReply),
        (status = 409, description = "has_stock, has_open_documents"),
    ),
)]
pub async fn put_aside(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = ProductId::new(id);
    blocking::run(&context, move |context| products::put_aside(context, &actor, id)).await?;
    Ok(reply::message(language, Done::Deleted))
}

/// The product that a scanner reads: the active one with this barcode, else the one that the code names by its id.
///
/// # Errors
/// A problem at `code`; 403 without the right; 404 where the store has none.
#[utoipa::path(get, path = "/api/v1/warehouse/products/scan/", tag = "products", params(ScanQuery), responses(
    (status = 200, description = "The product", body = ProductReply),
    (status = 404, description = "No such product"),
))]
pub async fn scan(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    Query(query): Query<ScanQuery>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let view = blocking::run(&context, move |context| {
        products::scan(context, &actor, query.into_code())
    })
    .await?;
    Ok(reply::found(ProductReply::of(view, &pictures, zone, language)))
}
