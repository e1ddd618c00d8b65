//! Categories (shop.md 9).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right, RowStatus};
use savdo_domain::account::Language;
use savdo_domain::ids::CategoryId;
use savdo_domain::zone::Zone;
use savdo_domain::{FieldErrors, Refusal};
use savdo_services::Context;
use savdo_services::categories::{self, CategoryColumn, CategoryView, ChangeCategory, CreateCategory};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{
    Body, CodeInput, InLanguage, Keyed, NameInput, PageQuery, Patch, PathId, Query, RowsQuery, ShopPage, TextInput,
};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, MessageReply, NoneYet, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewCatalogue)), shop::categories; list),
        route!(May(Right::Shop(Permission::ChangeCatalogue)), shop::categories; create).once(),
        route!(May(Right::Shop(Permission::ViewCatalogue)), shop::categories; detail),
        route!(May(Right::Shop(Permission::ChangeCatalogue)), shop::categories; change),
        route!(May(Right::Shop(Permission::ChangeCatalogue)), shop::categories; put_aside),
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

/// A change of a category: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct CategoryPatch {
    /// 1 to 200 characters, unique among the active ones of the store.
    #[serde(default)]
    #[validate(length(min = 1, max = 200))]
    name: Patch<NameInput>,
    /// Up to 1000 characters.
    #[serde(default)]
    #[validate(length(max = 1000))]
    description: Patch<TextInput>,
    /// Up to 100 characters.
    #[serde(default)]
    #[validate(length(max = 100))]
    icon: Patch<TextInput>,
    #[serde(default)]
    #[schema(schema_with = CodeInput::<RowStatus>::schema)]
    status: Patch<CodeInput<RowStatus>>,
}

impl CategoryPatch {
    fn into_command(self) -> Result<ChangeCategory, Problem> {
        let Self {
            name,
            description,
            icon,
            status,
        } = self;
        let is_sent = name.is_sent() || description.is_sent() || icon.is_sent() || status.is_sent();
        if !is_sent {
            return Err(Problem::Refused(Refusal::EmptyPatch));
        }
        let mut errors = FieldErrors::new();
        let command = ChangeCategory {
            name: name.not_null("name", &mut errors).map(|name| name.0),
            description: description.not_null("description", &mut errors).map(|text| text.0),
            icon: icon.not_null("icon", &mut errors).map(|icon| icon.0),
            status: status.not_null("status", &mut errors).map(|status| status.0),
        };
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(command)
    }
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
    #[schema(value_type = i64)]
    subcategory_count: NoneYet,
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
    #[schema(value_type = i64)]
    subcategory_count: NoneYet,
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
    let zone = zone_of(&actor);
    let once =
        key.answering(move |view| reply::created(language, Done::Created, CategoryReply::of(view, zone, language)));
    reply::once(
        blocking::run(&context, move |context| {
            categories::create(context, &actor, command, &once)
        })
        .await?,
    )
}

/// One category, in whatever status.
///
/// # Errors
/// 403 without the right; 404 for an unknown one or another store's.
#[utoipa::path(get, path = "/api/v1/warehouse/categories/{id}/", tag = "categories", params(("id" = i64, Path, description = "The category")), responses(
    (status = 200, description = "The category", body = CategoryReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = CategoryId::new(id);
    let view = blocking::run(&context, move |context| categories::detail(context, &actor, id)).await?;
    Ok(reply::found(CategoryReply::of(view, zone, language)))
}

/// Changes a category, puts it aside or brings it back.
///
/// # Errors
/// Field errors, `empty_patch`; 403 without the right; 404 for an unknown one or another store's.
#[utoipa::path(patch, path = "/api/v1/warehouse/categories/{id}/", tag = "categories", request_body = CategoryPatch,
    params(("id" = i64, Path, description = "The category")),
    responses(
        (status = 200, description = "The category as it is now", body = Written<CategoryReply>),
        (status = 400, description = "Field errors, empty_patch"),
    ),
)]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<CategoryPatch>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = body.into_command()?;
    let id = CategoryId::new(id);
    let view = blocking::run(&context, move |context| {
        categories::change(context, &actor, id, command)
    })
    .await?;
    Ok(reply::changed(
        language,
        Done::Updated,
        CategoryReply::of(view, zone, language),
    ))
}

/// Puts a category aside; its products keep it.
///
/// # Errors
/// 403 without the right; 404 for an unknown one or another store's.
#[utoipa::path(delete, path = "/api/v1/warehouse/categories/{id}/", tag = "categories",
    params(("id" = i64, Path, description = "The category")),
    responses((status = 200, description = "It is put aside", body = MessageReply)),
)]
pub async fn put_aside(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = CategoryId::new(id);
    blocking::run(&context, move |context| categories::put_aside(context, &actor, id)).await?;
    Ok(reply::message(language, Done::Deleted))
}

impl CategoryReply {
    fn of(view: CategoryView, zone: Zone, language: Language) -> Self {
        Self {
            id: view.id,
            status: view.status,
            status_display: messages::label(language, "row_status", view.status),
            product_count: view.product_count,
            subcategory_count: NoneYet,
            name: view.name,
            description: view.description,
            icon: view.icon,
            store_name: view.store_name,
            created_on: zone.write(view.created_at),
        }
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
            subcategory_count: NoneYet,
        }
    }
}
