//! Goods that came to a place or left it (shop.md 11).

mod bodies;
mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::ids::MovementId;
use savdo_services::Context;
use savdo_services::stock::{self, MovementView};

pub use bodies::{MovementBody, MovementLineBody, MovementQuery, MovementsBody};
pub use replies::{MovementDetailReply, MovementReply};

use crate::extract::{Body, InLanguage, Keyed, PageQuery, PathId, Query, ShopPage};
use crate::guards::SignedIn;
use crate::messages::Done;
use crate::problem::Problem;
use crate::reply::{self, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file. To take goods out needs more than to take them in: that is judged by the body.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewStock)), shop::movements; list),
        route!(May(Right::Shop(Permission::ReceiveStock)), shop::movements; move_goods).once(),
        route!(May(Right::Shop(Permission::ReceiveStock)), shop::movements; move_many).once(),
        route!(May(Right::Shop(Permission::ViewStock)), shop::movements; detail),
    ]
}

/// The movements of the store, newest first.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/movements/", tag = "movements", params(MovementQuery, ShopPage), responses(
    (status = 200, description = "A page of the movements", body = Vec<MovementReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    request: HttpRequest,
    Query(query): Query<MovementQuery>,
    page: PageQuery,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = query.into_command(&page);
    let listed = blocking::run(&context, move |context| stock::list_movements(context, &actor, command)).await?;
    reply::listed(
        listed.map(|view| MovementReply::new(&view, zone, language)),
        &page,
        &request,
    )
}

/// One movement.
///
/// # Errors
/// 403 without the right; 404 for another store's.
#[utoipa::path(get, path = "/api/v1/warehouse/movements/{id}/", tag = "movements", params(("id" = i64, Path, description = "The movement")), responses(
    (status = 200, description = "The movement", body = MovementDetailReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = MovementId::new(id);
    let view = blocking::run(&context, move |context| stock::movement(context, &actor, id)).await?;
    Ok(reply::found(MovementDetailReply::new(view, zone, language)))
}

/// Takes goods in, into a batch of their own, or out.
///
/// # Errors
/// Field errors; 403 without the right, which is more for goods that leave; 409 for a shortage.
#[utoipa::path(post, path = "/api/v1/warehouse/movements/", tag = "movements", request_body = MovementBody, responses(
    (status = 201, description = "Moved", body = Written<MovementDetailReply>),
    (status = 409, description = "insufficient_stock, batch_short"),
))]
pub async fn move_goods(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<MovementBody>>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = body.into_command().ok_or(Problem::MalformedBody)?;
    let once = key.answering(move |view| {
        reply::created(
            language,
            Done::StockMoved,
            MovementDetailReply::new(view, zone, language),
        )
    });
    let answer = blocking::run(&context, move |context| {
        stock::move_goods(context, &actor, command, &once)
    });
    reply::once(answer.await?)
}

/// Moves goods of several products at one place, all of them or none. Of goods that leave, the lines of one product are one
/// movement.
///
/// # Errors
/// Field errors, those of a line under `items` at its place; 403 and 409 as for one product.
#[utoipa::path(post, path = "/api/v1/warehouse/movements/bulk/", tag = "movements", request_body = MovementsBody, responses(
    (status = 201, description = "Moved", body = Written<Vec<MovementDetailReply>>),
    (status = 409, description = "insufficient_stock"),
))]
pub async fn move_many(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<MovementsBody>>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = body.into_command().ok_or(Problem::MalformedBody)?;
    let once = key.answering(move |views: Vec<MovementView>| {
        let details = views
            .into_iter()
            .map(|view| MovementDetailReply::new(view, zone, language));
        reply::created(language, Done::StockMoved, details.collect::<Vec<_>>())
    });
    let answer = blocking::run(&context, move |context| {
        stock::move_many(context, &actor, command, &once)
    });
    reply::once(answer.await?)
}
