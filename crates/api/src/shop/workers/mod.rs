//! Workers of a store (shop.md 4).

pub mod bodies;
pub mod replies;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{AccessRefusal, Actor, Permission, Right, Workplace};
use savdo_domain::ids::WorkerId;
use savdo_services::Context;
use savdo_services::workers;

pub use bodies::{OwnWorkerPatch, PermissionsBody, WorkerBody, WorkerPatch, WorkerQuery};
pub use replies::{AssignedReply, OwnChangedReply, WorkerDetailReply, WorkerRowReply};

use crate::extract::{Body, InLanguage, Keyed, NoBody, PageQuery, PathId, Query, ShopPage};
use crate::guards::SignedIn;
use crate::messages::Done;
use crate::problem::Problem;
use crate::reply::{self, MessageReply, Written};
use crate::routes::Route;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewWorkers)), shop::workers; list),
        route!(May(Right::Shop(Permission::HireWorker)), shop::workers; hire).once(),
        route!(May(Right::OwnWork), shop::workers; own),
        route!(May(Right::Shop(Permission::ChangeOneself)), shop::workers; change_own),
        route!(May(Right::Shop(Permission::ViewWorkers)), shop::workers; detail),
        route!(May(Right::Shop(Permission::ChangeWorkers)), shop::workers; change),
        route!(May(Right::Shop(Permission::ChangeWorkers)), shop::workers; remove),
        route!(May(Right::Shop(Permission::ChangeWorkers)), shop::workers; assign).or_patch(),
        route!(May(Right::Shop(Permission::ChangeWorkers)), shop::workers; activate).or_patch(),
        route!(May(Right::Shop(Permission::ChangeWorkers)), shop::workers; deactivate).or_patch(),
    ]
}

/// The store of a caller who was let in for what needs one.
fn store_of(actor: &Actor) -> Result<Workplace, Problem> {
    let refused = |refusal: AccessRefusal| Problem::Refused(refusal.into());
    let worker = actor
        .worker
        .as_ref()
        .ok_or_else(|| refused(AccessRefusal::NotAWorker))?;
    worker.store.clone().ok_or_else(|| refused(AccessRefusal::NoStore))
}

/// The workers of one's store.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/workers/", tag = "workers", params(WorkerQuery, ShopPage), responses(
    (status = 200, description = "A page of workers; none before a store is made", body = Vec<WorkerRowReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<WorkerQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.into_query(&page);
    let store = store_of(&actor).ok();
    let listed = blocking::run(&context, move |context| workers::list(context, &actor, &query)).await?;
    let rows = listed.map(|worker| store.as_ref().map(|store| WorkerRowReply::new(worker, store, language)));
    reply::listed(rows, &page, &request)
}

/// Takes somebody on, with an account of his own.
///
/// # Errors
/// Field errors; 403 without the right, also to give the role or a section.
#[utoipa::path(post, path = "/api/v1/workers/", tag = "workers", request_body = WorkerBody, responses(
    (status = 201, description = "The new worker", body = Written<WorkerDetailReply>),
    (status = 403, description = "Without the right, target_not_allowed"),
    (status = 503, description = "Too many at once"),
))]
pub async fn hire(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<WorkerBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command().map_err(|errors| Problem::Refused(errors.into()))?;
    let command = command.ok_or(Problem::MalformedBody)?;
    let store = store_of(&actor)?;
    let once = key.answering(move |worker| {
        reply::created(
            language,
            Done::Created,
            WorkerDetailReply::new(worker, &store, language),
        )
    });
    reply::once(blocking::run(&context, move |context| workers::hire(context, &actor, command, &once)).await?)
}

/// Oneself as a worker, also while on leave and afterwards.
///
/// # Errors
/// 403 for who works in no store.
#[utoipa::path(get, path = "/api/v1/workers/me/", tag = "workers", responses(
    (status = 200, description = "Oneself", body = WorkerDetailReply),
    (status = 403, description = "not_a_worker, no_store, store_blocked"),
))]
pub async fn own(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
) -> Result<HttpResponse, Problem> {
    let store = store_of(&actor)?;
    let worker = blocking::run(&context, move |context| workers::view_own(context, &actor)).await?;
    Ok(reply::found(WorkerDetailReply::new(worker, &store, language)))
}

/// Changes oneself; another password ends all tokens and gives new ones.
///
/// # Errors
/// Field errors; 403 for who does not work.
#[utoipa::path(patch, path = "/api/v1/workers/me/", tag = "workers", request_body = OwnWorkerPatch, responses(
    (status = 200, description = "Oneself as one is now", body = OwnChangedReply),
    (status = 400, description = "Field errors, empty_patch"),
    (status = 503, description = "Too many at once"),
))]
pub async fn change_own(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Body(body): Body<OwnWorkerPatch>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command().map_err(|errors| Problem::Refused(errors.into()))?;
    let store = store_of(&actor)?;
    let changed = blocking::run(&context, move |context| workers::change_own(context, &actor, command)).await?;
    Ok(reply::unstored(reply::found(OwnChangedReply::new(
        changed, &store, language,
    ))))
}

/// One worker, in whatever status.
///
/// # Errors
/// 403 without the right; 404 for another store's.
#[utoipa::path(get, path = "/api/v1/workers/{id}/", tag = "workers", params(("id" = i64, Path, description = "The worker")), responses(
    (status = 200, description = "The worker", body = WorkerDetailReply),
    (status = 404, description = "No such worker"),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let (id, store) = (WorkerId::new(id), store_of(&actor)?);
    let worker = blocking::run(&context, move |context| workers::view(context, &actor, id)).await?;
    Ok(reply::found(WorkerDetailReply::new(worker, &store, language)))
}

/// Changes a worker. Another role, status, password or other sections end his tokens.
///
/// # Errors
/// Field errors; 403 without the right or where it does not reach; 404; 409 for the last owner.
#[utoipa::path(patch, path = "/api/v1/workers/{id}/", tag = "workers", request_body = WorkerPatch,
    params(("id" = i64, Path, description = "The worker")),
    responses(
        (status = 200, description = "The worker as he is now", body = Written<WorkerDetailReply>),
        (status = 400, description = "Field errors, empty_patch"),
        (status = 403, description = "Without the right, target_not_allowed, cannot_change_self"),
        (status = 404, description = "No such worker"),
        (status = 409, description = "last_owner"),
        (status = 503, description = "Too many at once"),
    ),
)]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<WorkerPatch>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command().map_err(|errors| Problem::Refused(errors.into()))?;
    let (id, store) = (WorkerId::new(id), store_of(&actor)?);
    let worker = blocking::run(&context, move |context| workers::change(context, &actor, id, command)).await?;
    Ok(reply::changed(
        language,
        Done::Updated,
        WorkerDetailReply::new(worker, &store, language),
    ))
}

/// A worker leaves; one who left stays gone.
///
/// # Errors
/// 403 without the right or where it does not reach; 404; 409 for the last owner.
#[utoipa::path(delete, path = "/api/v1/workers/{id}/", tag = "workers",
    params(("id" = i64, Path, description = "The worker")),
    responses(
        (status = 200, description = "He left", body = MessageReply),
        (status = 403, description = "Without the right, target_not_allowed, cannot_change_self"),
        (status = 404, description = "No such worker"),
        (status = 409, description = "last_owner"),
    ),
)]
pub async fn remove(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = WorkerId::new(id);
    blocking::run(&context, move |context| workers::remove(context, &actor, id)).await?;
    Ok(reply::message(language, Done::Deleted))
}

/// Gives a worker sections and takes others away.
///
/// # Errors
/// Field errors; 403 without the right or where it does not reach; 404.
#[utoipa::path(post, path = "/api/v1/workers/{id}/permissions/", tag = "workers", request_body = PermissionsBody,
    params(("id" = i64, Path, description = "The worker")),
    responses(
        (status = 200, description = "The worker as he is now", body = AssignedReply),
        (status = 400, description = "Field errors, empty_patch"),
        (status = 403, description = "Without the right, target_not_allowed, cannot_change_self"),
        (status = 404, description = "No such worker"),
    ),
)]
pub async fn assign(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<PermissionsBody>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command().map_err(|errors| Problem::Refused(errors.into()))?;
    let (id, store) = (WorkerId::new(id), store_of(&actor)?);
    let worker = blocking::run(&context, move |context| workers::assign(context, &actor, id, command)).await?;
    Ok(reply::found(AssignedReply::new(worker, &store, language)))
}

/// A worker on leave or gone works again.
///
/// # Errors
/// 403 without the right or where it does not reach; 404; 409 for one who works.
#[utoipa::path(post, path = "/api/v1/workers/{id}/activate/", tag = "workers",
    params(("id" = i64, Path, description = "The worker")),
    responses(
        (status = 200, description = "The worker as he is now", body = Written<WorkerDetailReply>),
        (status = 403, description = "Without the right, target_not_allowed, cannot_change_self"),
        (status = 404, description = "No such worker"),
        (status = 409, description = "worker_already_active"),
    ),
)]
pub async fn activate(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let (id, store) = (WorkerId::new(id), store_of(&actor)?);
    let worker = blocking::run(&context, move |context| workers::activate(context, &actor, id)).await?;
    Ok(reply::changed(
        language,
        Done::Updated,
        WorkerDetailReply::new(worker, &store, language),
    ))
}

/// A worker leaves.
///
/// # Errors
/// 403 without the right or where it does not reach; 404; 409 for one who left, and for the last owner.
#[utoipa::path(post, path = "/api/v1/workers/{id}/deactivate/", tag = "workers",
    params(("id" = i64, Path, description = "The worker")),
    responses(
        (status = 200, description = "The worker as he is now", body = Written<WorkerDetailReply>),
        (status = 403, description = "Without the right, target_not_allowed, cannot_change_self"),
        (status = 404, description = "No such worker"),
        (status = 409, description = "worker_already_inactive, last_owner"),
    ),
)]
pub async fn deactivate(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let (id, store) = (WorkerId::new(id), store_of(&actor)?);
    let worker = blocking::run(&context, move |context| workers::deactivate(context, &actor, id)).await?;
    Ok(reply::changed(
        language,
        Done::Updated,
        WorkerDetailReply::new(worker, &store, language),
    ))
}
