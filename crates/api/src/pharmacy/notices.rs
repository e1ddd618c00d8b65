//! Messages to the caller (pharmacy.md 2.11).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::Right;
use savdo_domain::account::Language;
use savdo_domain::ids::NoticeId;
use savdo_domain::notice::{Channel, NoticeStatus, NoticeType};
use savdo_services::Context;
use savdo_services::notices::{self, ListNotices, NoticeFilter, NoticeView};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::extract::{CodeInput, FlagFilter, InLanguage, NoBody, PageQuery, PathId, PharmacyPage, Query};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{MessageReply, PageReply};
use crate::routes::Route;
use crate::{blocking, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(SignedIn, pharmacy::notices; list),
        route!(SignedIn, pharmacy::notices; unread_count),
        route!(SignedIn, pharmacy::notices; failed_count),
        route!(SignedIn, pharmacy::notices; mark_all_read),
        route!(SignedIn, pharmacy::notices; view),
        route!(SignedIn, pharmacy::notices; mark_as_read),
        route!(May(Right::Orders), pharmacy::notices; retry),
    ]
}

/// Which messages a list shows.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    /// `system` when not sent.
    #[param(schema_with = CodeInput::<Channel>::schema)]
    channel: Option<CodeInput<Channel>>,
    /// Read ones, or others.
    #[param(inline)]
    is_read: Option<FlagFilter>,
    /// What they tell.
    #[serde(rename = "type")]
    #[param(rename = "type", schema_with = CodeInput::<NoticeType>::schema)]
    notice_type: Option<CodeInput<NoticeType>>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeReply {
    #[schema(value_type = i64)]
    id: NoticeId,
    #[schema(value_type = String)]
    notification_type: NoticeType,
    notification_type_display: String,
    #[schema(value_type = String)]
    channel: Channel,
    #[schema(value_type = String)]
    status: NoticeStatus,
    message: String,
    is_read: bool,
    created_at: String,
}

/// A message with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeDetailReply {
    #[serde(flatten)]
    notice: NoticeReply,
    channel_display: String,
    status_display: String,
    read_at: Option<String>,
    sent_at: Option<String>,
    /// What it is about, by id: `order_id`, `total_price`.
    #[schema(value_type = Object)]
    metadata: Value,
}

/// How many messages were not read.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnreadCountReply {
    unread_count: i64,
}

/// How many messages did not go out.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailedCountReply {
    failed_count: i64,
}

/// All messages were read.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllReadReply {
    /// What was done, in the caller's language.
    message: String,
    /// How many were not read before.
    updated_count: usize,
}

/// The caller's messages over a channel, the newest first.
///
/// # Errors
/// 400 for filters; 401; 404 past the last page.
#[utoipa::path(get, path = "/api/v1/pharmacy/notifications/", tag = "notifications", params(NoticeQuery, PharmacyPage), responses(
    (status = 200, description = "A page of messages", body = PageReply<NoticeReply>),
    (status = 404, description = "invalid_page"),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<NoticeQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter = NoticeFilter {
        channel: query.channel.map_or(Channel::System, |channel| channel.0),
        is_read: query.is_read.map(|flag| flag.0),
        notice: query.notice_type.map(|notice| notice.0),
    };
    let query = ListNotices {
        filter,
        page: page.page(),
    };
    let listed = blocking::run(&context, move |context| notices::list(context, &actor, &query)).await?;
    let listed = listed.map(|view| NoticeReply::new(view, language));
    reply::paged(listed, &page, &request)
}

/// How many messages of his list the caller has not read.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/api/v1/pharmacy/notifications/unread-count/", tag = "notifications", responses(
    (status = 200, description = "The number", body = UnreadCountReply),
))]
pub async fn unread_count(context: web::Data<Context>, SignedIn(actor): SignedIn) -> Result<HttpResponse, Problem> {
    let unread_count = blocking::run(&context, move |context| notices::unread(context, &actor)).await?;
    Ok(reply::found(UnreadCountReply { unread_count }))
}

/// How many messages to the caller did not go out, over all channels.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/api/v1/pharmacy/notifications/failed-count/", tag = "notifications", responses(
    (status = 200, description = "The number", body = FailedCountReply),
))]
pub async fn failed_count(context: web::Data<Context>, SignedIn(actor): SignedIn) -> Result<HttpResponse, Problem> {
    let failed_count = blocking::run(&context, move |context| notices::failed(context, &actor)).await?;
    Ok(reply::found(FailedCountReply { failed_count }))
}

/// Notes that the caller read all of his list.
///
/// # Errors
/// 401.
#[utoipa::path(post, path = "/api/v1/pharmacy/notifications/mark-all-read/", tag = "notifications", responses(
    (status = 200, description = "Read", body = AllReadReply),
))]
pub async fn mark_all_read(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let updated_count = blocking::run(&context, move |context| notices::mark_all_read(context, &actor)).await?;
    let message = messages::done(language, Done::NoticesRead);
    Ok(reply::spoken(
        reply::found(AllReadReply { message, updated_count }),
        language,
    ))
}

/// One message of the caller, who has read it from now on.
///
/// # Errors
/// 401; 404.
#[utoipa::path(get, path = "/api/v1/pharmacy/notifications/{id}/", tag = "notifications", params(("id" = i64, Path, description = "The message")), responses(
    (status = 200, description = "The message", body = NoticeDetailReply),
))]
pub async fn view(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = NoticeId::new(id);
    let view = blocking::run(&context, move |context| notices::view(context, &actor, id)).await?;
    Ok(reply::found(NoticeDetailReply::new(view, language)))
}

/// Notes that the caller read one of his messages; doing so twice changes nothing.
///
/// # Errors
/// 401; 404.
#[utoipa::path(post, path = "/api/v1/pharmacy/notifications/{id}/mark-as-read/", tag = "notifications",
    params(("id" = i64, Path, description = "The message")),
    responses((status = 200, description = "Read", body = MessageReply)),
)]
pub async fn mark_as_read(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let id = NoticeId::new(id);
    blocking::run(&context, move |context| notices::mark_read(context, &actor, id)).await?;
    Ok(said(Done::NoticeRead, language))
}

/// Sends a message that failed once more: the caller's own, or one that the store of the staff told.
///
/// # Errors
/// 401; 403 for staff of a store that is switched off; 404; 409 for one that did not fail or carries a code, after three times, and
/// within 30 seconds.
#[utoipa::path(post, path = "/api/v1/pharmacy/notifications/{id}/retry/", tag = "notifications",
    params(("id" = i64, Path, description = "The message")),
    responses(
        (status = 200, description = "It will be sent", body = MessageReply),
        (status = 403, description = "store_blocked, store_inactive"),
        (status = 409, description = "not_failed, retry_limit, retry_too_soon"),
    ),
)]
pub async fn retry(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let id = NoticeId::new(id);
    blocking::run(&context, move |context| notices::retry(context, &actor, id)).await?;
    Ok(said(Done::NoticeRetried, language))
}

fn said(done: Done, language: Language) -> HttpResponse {
    let message = messages::done(language, done);
    reply::spoken(reply::found(MessageReply { message }), language)
}

impl NoticeReply {
    fn new(view: NoticeView, language: Language) -> Self {
        Self {
            id: view.id,
            notification_type: view.notice,
            notification_type_display: messages::label(language, "notice_type", view.notice),
            channel: view.channel,
            status: view.status,
            message: view.message,
            is_read: view.is_read,
            created_at: view.zone.write(view.created_at),
        }
    }
}

impl NoticeDetailReply {
    fn new(view: NoticeView, language: Language) -> Self {
        let zone = view.zone;
        Self {
            channel_display: messages::label(language, "channel", view.channel),
            status_display: messages::label(language, "notice_status", view.status),
            read_at: view.read_at.map(|at| zone.write(at)),
            sent_at: view.sent_at.map(|at| zone.write(at)),
            // What the database holds there is written by us alone.
            metadata: serde_json::from_str(&view.metadata).unwrap_or_default(),
            notice: NoticeReply::new(view, language),
        }
    }
}
