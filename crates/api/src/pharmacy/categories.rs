//! Categories of the stores that are open online (pharmacy.md 2.2).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::ids::{CategoryId, StoreId};
use savdo_services::Context;
use savdo_services::catalogue::{self, OnlineCategoryView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::{IdFilter, PathId, Query};
use crate::pharmacy::shown::shown;
use crate::problem::Problem;
use crate::routes::Route;
use crate::{reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(AnyoneOrSignedIn, pharmacy::categories; list),
        route!(AnyoneOrSignedIn, pharmacy::categories; detail),
    ]
}

/// Which categories a list shows.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OnlineCategoryQuery {
    /// The store.
    #[param(inline)]
    store: Option<IdFilter>,
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnlineCategoryReply {
    #[schema(value_type = i64)]
    id: CategoryId,
    name: String,
    slug: String,
    icon: Option<String>,
    #[schema(value_type = i64)]
    store: StoreId,
    /// Products that customers see.
    product_count: i64,
}

/// The categories of the stores that are open online, by name.
///
/// # Errors
/// Field errors of the query.
#[utoipa::path(get, path = "/api/v1/pharmacy/categories/", tag = "online categories", params(OnlineCategoryQuery), responses(
    (status = 200, description = "The categories", body = Vec<OnlineCategoryReply>),
    (status = 304, description = "As the caller has it: If-None-Match names its ETag"),
))]
pub async fn list(
    context: web::Data<Context>,
    Query(query): Query<OnlineCategoryQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let store = query.store.map(|id| StoreId::new(id.0));
    shown(&context, &request, None, move |context, _| {
        let categories = catalogue::categories(context, store)?;
        let categories = categories.into_iter().map(OnlineCategoryReply::from).collect();
        Ok(reply::all::<OnlineCategoryReply>(categories))
    })
    .await
}

/// One category.
///
/// # Errors
/// 404 for one that is put aside or whose store is not open.
#[utoipa::path(get, path = "/api/v1/pharmacy/categories/{id}/", tag = "online categories", params(("id" = i64, Path, description = "The category")), responses(
    (status = 200, description = "The category", body = OnlineCategoryReply),
    (status = 304, description = "As the caller has it: If-None-Match names its ETag"),
    (status = 404, description = "Unknown"),
))]
pub async fn detail(
    context: web::Data<Context>,
    PathId(id): PathId,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id = CategoryId::new(id);
    shown(&context, &request, None, move |context, _| {
        let category = catalogue::category(context, id)?;
        Ok(reply::found(OnlineCategoryReply::from(category)))
    })
    .await
}

impl From<OnlineCategoryView> for OnlineCategoryReply {
    fn from(view: OnlineCategoryView) -> Self {
        Self {
            id: view.id,
            name: view.name,
            slug: view.slug,
            icon: Some(view.icon).filter(|icon| !icon.is_empty()),
            store: view.store_id,
            product_count: view.product_count,
        }
    }
}
