//! Categories (shop.md 9).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Actor, Permission, Right, RowStatus};
use savdo_domain::account::Language;
use savdo_domain::ids::CategoryId;
use savdo_services::Context;
use savdo_services::categories::{self, CategoryColumn, CategoryView, CreateCategory};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, InLanguage, Keyed, NameInput, PageQuery, Query, RowsQuery, ShopPage, TextInput};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewCatalogue)), shop::categories; list),
        route!(May(Right::Shop(Permission::ChangeCatalogue)), shop::categories; create).once(),
    ]
}

/// A category to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct CategoryBody {
    /// 1 to 200 characters, unique in the store.
    #[validate(required, length(min = 1, max = 200))]
    #[schema(required, nullable = false)]
    name: Option<NameInput>,
    /// Up to 1000 characters.
    #[validate(length(max = 1000))]
    description: Option<TextInput>,
    /// Up to 100 characters.
    #[validate(length(max = 100))]
    icon: Option<TextInput>,
}

/// A category in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryRowReply {
    #[schema(value_type = i64)]
    id: CategoryId,
    name: String,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    /// Active products.
    product_count: i64,
    /// Active subcategories.
    subcategory_count: i64,
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryReply {
    #[schema(value_type = i64)]
    id: CategoryId,
    name: String,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    /// Active products.
    product_count: i64,
    /// Active subcategories.
    subcategory_count: i64,
    description: String,
    icon: String,
    store_name: String,
    created_on: String,
}

/// The categories of one's store, searched by name.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/categories/", tag = "categories", params(RowsQuery<CategoryColumn>, ShopPage), responses(
    (status = 200, description = "A page of categories", body = Vec<CategoryRowReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<RowsQuery<CategoryColumn>>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.into_list(page.page());
    let listed = blocking::run(&context, move |context| categories::list(context, &actor, query)).await?;
    reply::listed(
        listed.map(|view| CategoryRowReply::new(view, language)),
        &page,
        &request,
    )
}

/// Makes a category.
///
/// # Errors
/// Field errors; 403 without the right.
#[utoipa::path(post, path = "/api/v1/warehouse/categories/", tag = "categories", request_body = CategoryBody, responses(
    (status = 201, description = "The new category", body = Written<CategoryReply>),
))]
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<CategoryBody>>,
) -> Result<HttpResponse, Problem> {
    let command = CreateCategory {
        name: body.name.unwrap_or_default().0,
        description: body.description.unwrap_or_default().0,
        icon: body.icon.unwrap_or_default().0,
    };
    let caller = actor.clone();
    let once = key.answering(move |view| reply::created(language, Done::Created, category(view, &caller, language)));
    reply::once(
        blocking::run(&context, move |context| {
            categories::create(context, &actor, command, &once)
        })
        .await?,
    )
}

fn category(view: CategoryView, actor: &Actor, language: Language) -> CategoryReply {
    CategoryReply {
        id: view.id,
        status: view.status,
        status_display: messages::label(language, "row_status", view.status),
        product_count: view.product_count,
        subcategory_count: 0,
        name: view.name,
        description: view.description,
        icon: view.icon,
        store_name: view.store_name,
        created_on: zone_of(actor).write(view.created_at),
    }
}

impl CategoryRowReply {
    fn new(view: CategoryView, language: Language) -> Self {
        Self {
            id: view.id,
            name: view.name,
            status: view.status,
            status_display: messages::label(language, "row_status", view.status),
            product_count: view.product_count,
            subcategory_count: 0,
        }
    }
}
