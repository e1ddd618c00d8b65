//! Batches: goods that came together (shop.md 11).

mod bodies;
mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::ids::BatchId;
use savdo_services::{Context, batches};

pub use bodies::{BatchPatch, BatchQuery, TraceQuery};
pub use replies::{BatchReply, BatchTraceReply, IssuedReply};

use crate::extract::{Body, InLanguage, PageQuery, PathId, Query, ShopPage};
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
        route!(May(Right::ShopList(Permission::ViewStock)), shop::batches; list),
        route!(May(Right::ShopList(Permission::OverseeStock)), shop::batches; trace),
        route!(May(Right::Shop(Permission::ViewStock)), shop::batches; detail),
        route!(May(Right::Shop(Permission::ChangeStock)), shop::batches; change),
    ]
}

/// The batches of the store, empty ones too.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/batches/", tag = "batches", params(BatchQuery, ShopPage), responses(
    (status = 200, description = "A page of the batches", body = Vec<BatchReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    request: HttpRequest,
    Query(query): Query<BatchQuery>,
    page: PageQuery,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = query.into_command(&page);
    let listed = blocking::run(&context, move |context| batches::list(context, &actor, command)).await?;
    reply::listed(listed.map(|seen| BatchReply::new(seen, zone)), &page, &request)
}

/// Where a maker's series came from, lies, and went: its batches, each with the documents that took of it. Without pages.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/batches/trace/", tag = "batches", params(TraceQuery), responses(
    (status = 200, description = "All batches of the series", body = Vec<BatchTraceReply>),
))]
pub async fn trace(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    Query(query): Query<TraceQuery>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let query = query.into_command();
    let traces = blocking::run(&context, move |context| batches::trace(context, &actor, &query)).await?;
    let traces = traces.into_iter().map(|trace| BatchTraceReply::new(trace, zone));
    Ok(reply::all(traces.collect()))
}

/// One batch.
///
/// # Errors
/// 403 without the right; 404 for another store's.
#[utoipa::path(get, path = "/api/v1/warehouse/batches/{id}/", tag = "batches", params(("id" = i64, Path, description = "The batch")), responses(
    (status = 200, description = "The batch", body = BatchReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = BatchId::new(id);
    let seen = blocking::run(&context, move |context| batches::detail(context, &actor, id)).await?;
    Ok(reply::found(BatchReply::new(seen, zone)))
}

/// Puts a batch into quarantine, frees it, or corrects its series and its last day. A batch in quarantine is never sold, ordered
/// or transferred; write-offs take it.
///
/// # Errors
/// Field errors, `empty_patch`; 403 without the right; 404 for another store's.
#[utoipa::path(patch, path = "/api/v1/warehouse/batches/{id}/", tag = "batches", request_body = BatchPatch,
    params(("id" = i64, Path, description = "The batch")),
    responses(
        (status = 200, description = "The batch as it is now", body = Written<BatchReply>),
        (status = 400, description = "Field errors, empty_patch"),
    ),
)]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<BatchPatch>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = BatchId::new(id);
    let command = body.into_command()?;
    let seen = blocking::run(&context, move |context| batches::change(context, &actor, id, command)).await?;
    Ok(reply::changed(language, Done::Updated, BatchReply::new(seen, zone)))
}
