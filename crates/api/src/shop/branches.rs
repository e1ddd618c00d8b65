//! Branches (shop.md 7).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::FieldErrors;
use savdo_domain::access::{Permission, Right, Role, RowStatus};
use savdo_domain::account::Language;
use savdo_domain::ids::{LocationId, StoreId, WorkerId};
use savdo_services::Context;
use savdo_services::branches::{
    self, AtWorkView, BranchDetailView, BranchView, ChangeBranch, CreateBranch, LocationColumn,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{
    Body, CodeInput, InLanguage, Keyed, NameInput, PageQuery, Patch, PathId, Query, RowsQuery, ShopPage, TextInput,
};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, MessageReply, Written};
use crate::routes::Route;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewBranches)), shop::branches; list),
        route!(May(Right::Shop(Permission::CreateBranch)), shop::branches; create).once(),
        route!(May(Right::Shop(Permission::ViewBranches)), shop::branches; detail),
        route!(May(Right::Shop(Permission::ChangeBranch)), shop::branches; change),
        route!(May(Right::Shop(Permission::ChangeBranch)), shop::branches; close),
    ]
}

/// A branch to be opened.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct BranchBody {
    /// 1 to 200 characters, unique among the active branches of the store.
    #[validate(required, length(min = 1, max = 200))]
    #[schema(required, nullable = false)]
    name: Option<NameInput>,
    /// Up to 300 characters.
    #[validate(length(max = 300))]
    address: Option<TextInput>,
    /// Up to 20 characters, as it is shown.
    #[validate(length(max = 20))]
    phone: Option<TextInput>,
}

impl From<BranchBody> for CreateBranch {
    fn from(body: BranchBody) -> Self {
        Self {
            name: body.name.unwrap_or_default().0,
            address: body.address.unwrap_or_default().0,
            phone: body.phone.unwrap_or_default().0,
        }
    }
}

/// A change of a branch: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct BranchPatch {
    /// 1 to 200 characters, unique among the active branches of the store.
    #[serde(default)]
    #[validate(length(min = 1, max = 200))]
    name: Patch<NameInput>,
    /// Up to 300 characters.
    #[serde(default)]
    #[validate(length(max = 300))]
    address: Patch<TextInput>,
    /// Up to 20 characters, as it is shown.
    #[serde(default)]
    #[validate(length(max = 20))]
    phone: Patch<TextInput>,
    /// Inactive only where nothing lies and no order waits.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<RowStatus>::schema)]
    status: Patch<CodeInput<RowStatus>>,
}

impl TryFrom<BranchPatch> for ChangeBranch {
    type Error = FieldErrors;

    fn try_from(body: BranchPatch) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let command = Self {
            name: body.name.not_null("name", &mut errors).map(|name| name.0),
            address: body.address.not_null("address", &mut errors).map(|address| address.0),
            phone: body.phone.not_null("phone", &mut errors).map(|phone| phone.0),
            status: body.status.not_null("status", &mut errors).map(|status| status.0),
        };
        errors.into_result().map(|()| command)
    }
}

/// A branch in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct BranchRowReply {
    #[schema(value_type = i64)]
    id: LocationId,
    name: String,
    store_name: String,
    address: String,
    phone: String,
    /// Active workers.
    workers_count: i64,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
}

/// A branch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BranchReply {
    #[schema(value_type = i64)]
    id: LocationId,
    name: String,
    address: String,
    phone: String,
    #[schema(value_type = i64)]
    store_id: StoreId,
    store_name: String,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    created_on: String,
    /// Active workers.
    workers: Vec<BranchWorkerReply>,
}

/// A worker of a branch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BranchWorkerReply {
    #[schema(value_type = i64)]
    id: WorkerId,
    full_name: String,
    #[schema(value_type = String)]
    role: Role,
}

impl BranchRowReply {
    fn new(view: BranchView, language: Language) -> Self {
        let branch = view.branch;
        Self {
            id: branch.id,
            name: branch.name,
            store_name: view.store_name,
            address: branch.address,
            phone: branch.phone,
            workers_count: view.workers_count,
            status: branch.status,
            status_display: messages::label(language, "row_status", branch.status),
        }
    }
}

impl BranchReply {
    fn new(view: BranchDetailView, language: Language) -> Self {
        let BranchDetailView { branch, store, workers } = view;
        Self {
            id: branch.id,
            name: branch.name,
            address: branch.address,
            phone: branch.phone,
            store_id: store.id,
            store_name: store.name,
            status: branch.status,
            status_display: messages::label(language, "row_status", branch.status),
            created_on: store.zone.write(branch.created_at),
            workers: workers.into_iter().map(BranchWorkerReply::from).collect(),
        }
    }
}

impl From<AtWorkView> for BranchWorkerReply {
    fn from(worker: AtWorkView) -> Self {
        Self {
            id: worker.id,
            full_name: worker.full_name,
            role: worker.role,
        }
    }
}

/// The branches of one's store, searched by name and address.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/branches/", tag = "branches", params(RowsQuery<LocationColumn>, ShopPage), responses(
    (status = 200, description = "A page of branches; none before a store is made", body = Vec<BranchRowReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<RowsQuery<LocationColumn>>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.into_list(page.page());
    let listed = blocking::run(&context, move |context| branches::list(context, &actor, query)).await?;
    reply::listed(listed.map(|view| BranchRowReply::new(view, language)), &page, &request)
}

/// Opens a branch.
///
/// # Errors
/// Field errors; 403 without the right.
#[utoipa::path(post, path = "/api/v1/branches/", tag = "branches", request_body = BranchBody, responses(
    (status = 201, description = "The new branch", body = Written<BranchReply>),
))]
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<BranchBody>>,
) -> Result<HttpResponse, Problem> {
    let command = CreateBranch::from(body);
    let once = key.answering(move |view| reply::created(language, Done::Created, BranchReply::new(view, language)));
    reply::once(
        blocking::run(&context, move |context| {
            branches::create(context, &actor, command, &once)
        })
        .await?,
    )
}

/// One branch, in whatever status.
///
/// # Errors
/// 403 without the right; 404 for an unknown one, a warehouse, or another store's.
#[utoipa::path(get, path = "/api/v1/branches/{id}/", tag = "branches", params(("id" = i64, Path, description = "The branch")), responses(
    (status = 200, description = "The branch", body = BranchReply),
    (status = 404, description = "No such branch"),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = LocationId::new(id);
    let view = blocking::run(&context, move |context| branches::detail(context, &actor, id)).await?;
    Ok(reply::found(BranchReply::new(view, language)))
}

/// Changes a branch, closes it or opens it again. One that closes serves no more online orders.
///
/// # Errors
/// Field errors, `empty_patch`; 403 without the right; 404 for an unknown one, a warehouse, or another store's; 409
/// `has_stock`, `shift_open`, `has_open_documents`.
#[utoipa::path(patch, path = "/api/v1/branches/{id}/", tag = "branches", request_body = BranchPatch,
    params(("id" = i64, Path, description = "The branch")),
    responses(
        (status = 200, description = "The branch as it is now", body = Written<BranchReply>),
        (status = 400, description = "Field errors, empty_patch"),
        (status = 409, description = "has_stock, shift_open, has_open_documents"),
    ),
)]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<BranchPatch>,
) -> Result<HttpResponse, Problem> {
    let command = ChangeBranch::try_from(body).map_err(|errors| Problem::Refused(errors.into()))?;
    let id = LocationId::new(id);
    let view = blocking::run(&context, move |context| branches::change(context, &actor, id, command)).await?;
    Ok(reply::changed(
        language,
        Done::Updated,
        BranchReply::new(view, language),
    ))
}

/// Closes a branch; one that is closed stays so.
///
/// # Errors
/// 403 without the right; 404 for an unknown one, a warehouse, or another store's; 409 `has_stock`, `shift_open`, `has_open_documents`.
#[utoipa::path(delete, path = "/api/v1/branches/{id}/", tag = "branches",
    params(("id" = i64, Path, description = "The branch")),
    responses(
        (status = 200, description = "It is closed", body = MessageReply),
        (status = 409, description = "has_stock, shift_open, has_open_documents"),
    ),
)]
pub async fn close(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = LocationId::new(id);
    blocking::run(&context, move |context| branches::close(context, &actor, id)).await?;
    Ok(reply::message(language, Done::Deleted))
}
