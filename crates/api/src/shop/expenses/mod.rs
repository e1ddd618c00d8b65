//! Expenses and their receipts (shop.md 18).

mod bodies;
mod replies;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentDisposition, ContentType, DispositionParam, DispositionType,
};
use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::ids::ExpenseId;
use savdo_services::{Context, expenses};

pub use bodies::{ExpenseBody, ExpensePatch, ExpenseQuery};
use replies::Manner;
pub use replies::{ExpenseReply, ExpenseRowReply};

use crate::edge::NO_STORE;
use crate::extract::{FileBytes, FormOf, FormOrJson, InLanguage, Keyed, PageQuery, PathId, Query, ShopPage};
use crate::guards::SignedIn;
use crate::messages::Done;
use crate::problem::Problem;
use crate::reply::{self, MessageReply, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, media, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewExpenses)), shop::expenses; list),
        route!(May(Right::Shop(Permission::AddExpense)), shop::expenses; create).once(),
        route!(May(Right::Shop(Permission::ViewExpenses)), shop::expenses; detail),
        route!(May(Right::Shop(Permission::ChangeExpenses)), shop::expenses; change),
        route!(May(Right::Shop(Permission::ChangeExpenses)), shop::expenses; put_aside),
        route!(May(Right::Shop(Permission::ViewExpenses)), shop::expenses; receipt),
    ]
}

/// The expenses of one's store.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/expenses/", tag = "expenses", params(ExpenseQuery, ShopPage), responses(
    (status = 200, description = "A page of expenses", body = Vec<ExpenseRowReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    Query(query): Query<ExpenseQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let query = query.into_query(&page);
    let listed = blocking::run(&context, move |context| expenses::list(context, &actor, query)).await?;
    reply::listed(listed.map(|view| ExpenseRowReply::of(view, zone)), &page, &request)
}

/// Writes an expense down.
///
/// # Errors
/// Field errors; 403 without the right.
#[utoipa::path(post, path = "/api/v1/expenses/", tag = "expenses", request_body(content((ExpenseBody = "application/json"), (FormOf<ExpenseBody> = "multipart/form-data"))), responses(
    (status = 201, description = "The new expense", body = Written<ExpenseReply>),
    (status = 507, description = "storage_full"),
))]
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, FormOrJson(body)): Keyed<FormOrJson<ExpenseBody>>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let manner = Manner::of(&request, zone_of(&actor), language);
    let command = body.into_command().ok_or(Problem::MalformedBody)?;
    let once = key.answering(move |view| reply::created(language, Done::Created, ExpenseReply::of(view, &manner)));
    reply::once(
        blocking::run(&context, move |context| {
            expenses::create(context, &actor, command, &once)
        })
        .await?,
    )
}

/// One expense, in whatever status.
///
/// # Errors
/// 403 without the right; 404 for an unknown one or another store's.
#[utoipa::path(get, path = "/api/v1/expenses/{id}/", tag = "expenses", params(("id" = i64, Path, description = "The expense")), responses(
    (status = 200, description = "The expense", body = ExpenseReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let manner = Manner::of(&request, zone_of(&actor), language);
    let id = ExpenseId::new(id);
    let view = blocking::run(&context, move |context| expenses::detail(context, &actor, id)).await?;
    Ok(reply::found(ExpenseReply::of(view, &manner)))
}

/// Corrects an expense, puts it aside or brings it back.
///
/// # Errors
/// Field errors, `empty_patch`; 403 without the right; 404 for an unknown one or another store's; 409 where the report of a
/// closed shift would change.
#[utoipa::path(patch, path = "/api/v1/expenses/{id}/", tag = "expenses", params(("id" = i64, Path, description = "The expense")), request_body(content((ExpensePatch = "application/json"), (FormOf<ExpensePatch> = "multipart/form-data"))), responses(
    (status = 200, description = "The expense as it is now", body = Written<ExpenseReply>),
    (status = 400, description = "Field errors, empty_patch"),
    (status = 409, description = "shift_already_closed"),
    (status = 507, description = "storage_full"),
))]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    FormOrJson(body): FormOrJson<ExpensePatch>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let manner = Manner::of(&request, zone_of(&actor), language);
    let command = body.into_command()?;
    let id = ExpenseId::new(id);
    let view = blocking::run(&context, move |context| expenses::change(context, &actor, id, command)).await?;
    Ok(reply::changed(language, Done::Updated, ExpenseReply::of(view, &manner)))
}

/// Puts an expense aside: it counts no more, and the audit log holds all that it said.
///
/// # Errors
/// 403 without the right; 404 for an unknown one or another store's; 409 for one of a closed shift.
#[utoipa::path(delete, path = "/api/v1/expenses/{id}/", tag = "expenses", params(("id" = i64, Path, description = "The expense")), responses(
    (status = 200, description = "It is put aside", body = MessageReply),
    (status = 409, description = "shift_already_closed"),
))]
pub async fn put_aside(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = ExpenseId::new(id);
    blocking::run(&context, move |context| expenses::put_aside(context, &actor, id)).await?;
    Ok(reply::message(language, Done::Deleted))
}

/// The receipt of an expense: a picture made anew, or a PDF as it came, to be saved and not to be run.
///
/// # Errors
/// 403 without the right; 404 for an unknown expense, another store's, or one without a receipt.
#[utoipa::path(get, path = "/api/v1/expenses/{id}/receipt-image/", tag = "expenses", params(("id" = i64, Path, description = "The expense")), responses(
    (status = 200, description = "The receipt", content((FileBytes = "image/jpeg"), (FileBytes = "application/pdf"))),
    (status = 404, description = "No such expense, or it has no receipt"),
))]
pub async fn receipt(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = ExpenseId::new(id);
    let found = blocking::run(&context, move |context| expenses::receipt(context, &actor, id)).await?;
    let content_type = match found.extension.as_str() {
        "pdf" => ContentType("application/pdf".parse().map_err(|error| Problem::internal(&error))?),
        _ => ContentType::jpeg(),
    };
    let mut response = HttpResponse::Ok();
    response
        .content_type(content_type)
        .insert_header((CACHE_CONTROL, NO_STORE))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox"))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(format!("receipt-{id}.{}", found.extension))],
        });
    Ok(media::streamed(response, found))
}
