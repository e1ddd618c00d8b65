//! Branches (shop.md 7).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right, Role, RowStatus};
use savdo_domain::account::Language;
use savdo_domain::ids::{LocationId, StoreId, WorkerId};
use savdo_services::Context;
use savdo_services::branches::{self, BranchDetailView, BranchView, BranchWorkerView, CreateBranch, LocationColumn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, InLanguage, Keyed, NameInput, PageQuery, PathId, Query, RowsQuery, ShopPage, TextInput};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, Written};
use crate::routes::Route;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewBranches)), shop::branches; list),
        route!(May(Right::Shop(Permission::CreateBranch)), shop::branches; create).once(),
        route!(May(Right::Shop(Permission::ViewBranches)), shop::branches; detail),
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

impl From<BranchWorkerView> for BranchWorkerReply {
    fn from(worker: BranchWorkerView) -> Self {
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
