//! The audit log (shop.md 6).

mod query;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::Right;
use savdo_domain::account::Language;
use savdo_domain::ids::{self, AuditEntryId};
use savdo_domain::zone::Zone;
use savdo_services::Context;
use savdo_services::audit::{self, AuditEntrySeen};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub use query::{AuditColumn, AuditQuery};

use crate::extract::{InLanguage, PageQuery, PathId, Query, ShopPage};
use crate::guards::SignedIn;
use crate::messages;
use crate::problem::Problem;
use crate::reply;
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::AuditLog), shop::audit_logs; list).alias("/api/v1/workers/audit-logs/"),
        route!(May(Right::AuditEntry), shop::audit_logs; detail).alias("/api/v1/workers/audit-logs/{id}/"),
    ]
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryReply {
    #[schema(value_type = i64)]
    id: AuditEntryId,
    /// Name and role as they were then; `Tizim` for a job.
    actor: String,
    /// The account; null for a job.
    #[schema(value_type = Option<i64>)]
    actor_id: Option<ids::UserId>,
    action: String,
    action_label: String,
    target_model: String,
    model_label: String,
    target_id: i64,
    description: String,
    /// `{"changes": {"field": {"old": x, "new": y}}, ...}` or null.
    #[schema(value_type = Option<Object>)]
    extra_data: Option<Value>,
    ip: String,
    user_agent: String,
    request_id: String,
    created_at: String,
}

impl AuditEntryReply {
    fn of(seen: AuditEntrySeen, zone: Zone, language: Language) -> Self {
        let AuditEntrySeen { entry, details } = seen;
        Self {
            id: entry.id,
            actor: entry.actor_name,
            actor_id: entry.actor_id,
            action_label: messages::label_of(language, "audit_action", &entry.action),
            action: entry.action,
            model_label: messages::label_of(language, "audit_model", &entry.subject_type),
            target_model: entry.subject_type,
            target_id: entry.subject_id,
            description: entry.description,
            extra_data: details,
            ip: entry.ip,
            user_agent: entry.user_agent,
            request_id: entry.request_id,
            created_at: zone.write(entry.created_at),
        }
    }
}

/// The audit log of the store, newest first; for the admin what no store sees.
///
/// # Errors
/// Field errors of the query; 403 for all but the owner and the admin.
#[utoipa::path(get, path = "/api/v1/audit-logs/", tag = "audit-logs", params(AuditQuery, ShopPage), responses(
    (status = 200, description = "A page of the log", body = Vec<AuditEntryReply>),
    (status = 400, description = "A filter that cannot be"),
))]
pub async fn list(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    InLanguage(language): InLanguage,
    request: HttpRequest,
    Query(query): Query<AuditQuery>,
    page: PageQuery,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = query.into_command(&page);
    let listed = blocking::run(&context, move |context| audit::list(context, &actor, command)).await?;
    reply::listed(
        listed.map(|seen| AuditEntryReply::of(seen, zone, language)),
        &page,
        &request,
    )
}

/// One entry of the audit log.
///
/// # Errors
/// 403 for all but the owner and the admin; 404.
#[utoipa::path(get, path = "/api/v1/audit-logs/{id}/", tag = "audit-logs", params(("id" = i64, Path, description = "The entry")), responses(
    (status = 200, description = "The entry", body = AuditEntryReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    InLanguage(language): InLanguage,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let id = AuditEntryId::new(id);
    let seen = blocking::run(&context, move |context| audit::view(context, &actor, id)).await?;
    Ok(reply::found(AuditEntryReply::of(seen, zone, language)))
}
