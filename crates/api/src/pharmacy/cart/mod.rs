//! The caller's cart (pharmacy.md 2.4).

pub mod bodies;
pub mod replies;

use actix_web::{HttpResponse, web};
use savdo_domain::ids::CartLineId;
use savdo_services::Context;
use savdo_services::carts;

use crate::extract::{Body, Keyed, PathId};
use crate::guards::SignedIn;
use crate::media::Pictures;
use crate::pharmacy::cart::bodies::{AddToCartBody, CartLineBody, SplitBody};
use crate::pharmacy::cart::replies::CartReply;
use crate::problem::Problem;
use crate::routes::Route;
use crate::{blocking, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(SignedIn, pharmacy::cart; view),
        route!(SignedIn, pharmacy::cart; clear),
        route!(SignedIn, pharmacy::cart; add).once(),
        route!(SignedIn, pharmacy::cart; change),
        route!(SignedIn, pharmacy::cart; remove),
        route!(SignedIn, pharmacy::cart; split),
    ]
}

/// The caller's cart.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/api/v1/pharmacy/cart/", tag = "cart", responses(
    (status = 200, description = "The cart", body = CartReply),
))]
pub async fn view(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
) -> Result<HttpResponse, Problem> {
    let cart = blocking::run(&context, move |context| carts::view(context, &actor)).await?;
    Ok(reply::found(CartReply::of(cart, &pictures)))
}

/// Takes every line out, parked ones too.
///
/// # Errors
/// 401.
#[utoipa::path(delete, path = "/api/v1/pharmacy/cart/", tag = "cart", responses(
    (status = 200, description = "The cart", body = CartReply),
))]
pub async fn clear(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
) -> Result<HttpResponse, Problem> {
    let cart = blocking::run(&context, move |context| carts::clear(context, &actor)).await?;
    Ok(reply::found(CartReply::of(cart, &pictures)))
}

/// Puts a product in, or adds to the line it has.
///
/// # Errors
/// 400 for fields, a shortage, another store; 401.
#[utoipa::path(post, path = "/api/v1/pharmacy/cart/items/", tag = "cart", request_body = AddToCartBody, responses(
    (status = 201, description = "The cart", body = CartReply),
    (status = 400, description = "Field errors, insufficient_stock, cart_store_mismatch"),
))]
pub async fn add(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    Keyed(key, Body(body)): Keyed<Body<AddToCartBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command()?;
    let once = key.answering(move |cart| HttpResponse::Created().json(CartReply::of(cart, &pictures)));
    reply::once(blocking::run(&context, move |context| carts::add(context, &actor, command, &once)).await?)
}

/// Sets the pieces of a line.
///
/// # Errors
/// 400 for fields and a shortage; 401; 404.
#[utoipa::path(patch, path = "/api/v1/pharmacy/cart/items/{id}/", tag = "cart", request_body = CartLineBody,
    params(("id" = i64, Path, description = "The line")),
    responses(
        (status = 200, description = "The cart", body = CartReply),
        (status = 400, description = "Field errors, insufficient_stock"),
    ),
)]
pub async fn change(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(line_id): PathId,
    Body(body): Body<CartLineBody>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command(line_id)?;
    let cart = blocking::run(&context, move |context| carts::change(context, &actor, command)).await?;
    Ok(reply::found(CartReply::of(cart, &pictures)))
}

/// Takes a line out.
///
/// # Errors
/// 401; 404.
#[utoipa::path(delete, path = "/api/v1/pharmacy/cart/items/{id}/", tag = "cart", params(("id" = i64, Path, description = "The line")), responses(
    (status = 200, description = "The cart", body = CartReply),
))]
pub async fn remove(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(line_id): PathId,
) -> Result<HttpResponse, Problem> {
    let line_id = CartLineId::new(line_id);
    let cart = blocking::run(&context, move |context| carts::remove(context, &actor, line_id)).await?;
    Ok(reply::found(CartReply::of(cart, &pictures)))
}

/// Parks the prescription lines of a mixed cart, or brings them back.
///
/// # Errors
/// 400; 401; 409 when there is nothing to park or bring back.
#[utoipa::path(post, path = "/api/v1/pharmacy/cart/split/", tag = "cart", request_body = SplitBody, responses(
    (status = 200, description = "The cart", body = CartReply),
    (status = 409, description = "nothing_to_split"),
))]
pub async fn split(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    Body(body): Body<SplitBody>,
) -> Result<HttpResponse, Problem> {
    let part = body.into_part()?;
    let cart = blocking::run(&context, move |context| carts::split(context, &actor, part)).await?;
    Ok(reply::found(CartReply::of(cart, &pictures)))
}
