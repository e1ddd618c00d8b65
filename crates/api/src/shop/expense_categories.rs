//! Categories of expenses (shop.md 18).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right, RowStatus};
use savdo_domain::account::Language;
use savdo_domain::ids::ExpenseCategoryId;
use savdo_domain::zone::Zone;
use savdo_domain::{FieldErrors, Refusal};
use savdo_services::Context;
use savdo_services::expense_categories::{
    self, ChangeExpenseCategory, CreateExpenseCategory, ExpenseCategoryColumn, ExpenseCategoryView,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{
    Body, CodeInput, InLanguage, Keyed, NameInput, PageQuery, Patch, PathId, Query, RowsQuery, ShopPage,
};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, MessageReply, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewExpenses)), shop::expense_categories; list),
        route!(May(Right::Shop(Permission::ChangeExpenses)), shop::expense_categories; create).once(),
        route!(May(Right::Shop(Permission::ViewExpenses)), shop::expense_categories; detail),
        route!(May(Right::Shop(Permission::ChangeExpenses)), shop::expense_categories; change),
        route!(May(Right::Shop(Permission::ChangeExpenses)), shop::expense_categories; put_aside),
    ]
}

/// A category of expenses to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct ExpenseCategoryBody {
    /// 1 to 200 characters, unique among the active ones of the store.
    #[validate(required, length(min = 1, max = 200))]
    #[schema(required, nullable = false)]
    name: Option<NameInput>,
}

/// A change of a category of expenses: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct ExpenseCategoryPatch {
    /// 1 to 200 characters, unique among the active ones of the store.
    #[serde(default)]
    #[validate(length(min = 1, max = 200))]
    name: Patch<NameInput>,
    #[serde(default)]
    #[schema(schema_with = CodeInput::<RowStatus>::schema)]
    status: Patch<CodeInput<RowStatus>>,
}

impl ExpenseCategoryPatch {
    fn into_command(self) -> Result<ChangeExpenseCategory, Problem> {
        if !self.name.is_sent() && !self.status.is_sent() {
            return Err(Problem::Refused(Refusal::EmptyPatch));
        }
        let mut errors = FieldErrors::new();
        let command = ChangeExpenseCategory {
            name: self.name.not_null("name", &mut errors).map(|name| name.0),
            status: self.status.not_null("status", &mut errors).map(|status| status.0),
        };
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(command)
    }
}

/// A category of expenses in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpenseCategoryRowReply {
    #[schema(value_type = i64)]
    id: ExpenseCategoryId,
    name: String,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    /// Active expenses.
    expense_count: i64,
}

/// A category of expenses.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpenseCategoryReply {
    #[schema(value_type = i64)]
    id: ExpenseCategoryId,
    name: String,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    /// Active expenses.
    expense_count: i64,
    store_name: String,
    created_on: String,
}

impl ExpenseCategoryRowReply {
    fn new(view: ExpenseCategoryView, language: Language) -> Self {
        Self {
            id: view.id,
            name: view.name,
            status: view.status,
            status_display: messages::label(language, "row_status", view.status),
            expense_count: view.expense_count,
        }
    }
}

impl ExpenseCategoryReply {
    fn of(view: ExpenseCategoryView, zone: Zone, language: Language) -> Self {
        Self {
            id: view.id,
            name: view.name,
            status: view.status,
            status_display: messages::label(language, "row_status", view.status),
            expense_count: view.expense_count,
            store_name: view.store_name,
            created_on: zone.write(view.created_at),
        }
    }
}

/// The categories of one's store's expenses, searched by name.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/expense-categories/", tag = "expense categories", params(RowsQuery<ExpenseCategoryColumn>, ShopPage), responses(
    (status = 200, description = "A page of categories", body = Vec<ExpenseCategoryRowReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<RowsQuery<ExpenseCategoryColumn>>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.into_list(page.page());
    let listed = blocking::run(&context, move |context| {
        expense_categories::list(context, &actor, query)
    })
    .await?;
    let listed = listed.map(|view| ExpenseCategoryRowReply::new(view, language));
    reply::listed(listed, &page, &request)
}

/// Makes a category of expenses.
///
/// # Errors
/// Field errors; 403 without the right.
#[utoipa::path(post, path = "/api/v1/expense-categories/", tag = "expense categories", request_body = ExpenseCategoryBody, responses(
    (status = 201, description = "The new category", body = Written<ExpenseCategoryReply>),
))]
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<ExpenseCategoryBody>>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = CreateExpenseCategory {
        name: body.name.unwrap_or_default().0,
    };
    let once = key.answering(move |view| {
        let category = ExpenseCategoryReply::of(view, zone, language);
        reply::created(language, Done::Created, category)
    });
    reply::once(
        blocking::run(&context, move |context| {
            expense_categories::create(context, &actor, command, &once)
        })
        .await?,
    )
}

/// One category of expenses, in whatever status.
///
/// # Errors
/// 403 without the right; 404 for an unknown one or another store's.
#[utoipa::path(get, path = "/api/v1/expense-categories/{id}/", tag = "expense categories", params(("id" = i64, Path, description = "The category")), responses(
    (status = 200, description = "The category", body = ExpenseCategoryReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = ExpenseCategoryId::new(id);
    let view = blocking::run(&context, move |context| expense_categories::detail(context, &actor, id)).await?;
    Ok(reply::found(ExpenseCategoryReply::of(view, zone, language)))
}

/// Renames a category of expenses, puts it aside or brings it back.
///
/// # Errors
/// Field errors, `empty_patch`; 403 without the right; 404 for an unknown one or another store's.
#[utoipa::path(patch, path = "/api/v1/expense-categories/{id}/", tag = "expense categories", request_body = ExpenseCategoryPatch,
    params(("id" = i64, Path, description = "The category")),
    responses(
        (status = 200, description = "The category as it is now", body = Written<ExpenseCategoryReply>),
        (status = 400, description = "Field errors, empty_patch"),
    ),
)]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<ExpenseCategoryPatch>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = body.into_command()?;
    let id = ExpenseCategoryId::new(id);
    let view = blocking::run(&context, move |context| {
        expense_categories::change(context, &actor, id, command)
    })
    .await?;
    let category = ExpenseCategoryReply::of(view, zone, language);
    Ok(reply::changed(language, Done::Updated, category))
}

/// Puts a category of expenses aside; its expenses keep it.
///
/// # Errors
/// 403 without the right; 404 for an unknown one or another store's.
#[utoipa::path(delete, path = "/api/v1/expense-categories/{id}/", tag = "expense categories",
    params(("id" = i64, Path, description = "The category")),
    responses((status = 200, description = "It is put aside", body = MessageReply)),
)]
pub async fn put_aside(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = ExpenseCategoryId::new(id);
    blocking::run(&context, move |context| {
        expense_categories::put_aside(context, &actor, id)
    })
    .await?;
    Ok(reply::message(language, Done::Deleted))
}
