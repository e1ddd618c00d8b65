//! Looking at the audit log.

use anyhow::Context as _;
use savdo_domain::Refusal;
use savdo_domain::access::{AccessRefusal, Actor, AuditScope};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{AuditEntryId, WorkerId};
use savdo_domain::zone::Zone;
use savdo_persistence::audit::{self, AuditEntryView, AuditFilter};
use serde_json::Value;

use super::Action;
use crate::period::Period;
use crate::{Context, Listed, Page, Result};

/// Which entries are wanted.
#[derive(Debug, Clone)]
pub struct ListAudit {
    /// Of things of this kind.
    pub subject_type: Option<String>,
    /// Of the thing with this number.
    pub subject_id: Option<i64>,
    /// With one of these actions; empty: with any.
    pub actions: Vec<Action>,
    /// By this worker of the store.
    pub worker: Option<WorkerId>,
    /// On these days.
    pub period: Period,
    /// Whether the oldest comes first.
    pub is_oldest_first: bool,
    /// Which page.
    pub page: Page,
}

/// An entry, and its details as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntrySeen {
    /// The entry.
    pub entry: AuditEntryView,
    /// More, as a JSON object.
    pub details: Option<Value>,
}

/// The entries that the caller sees: an owner those of his store, an admin those of no store.
///
/// # Errors
/// A missing right; `date_from` after `date_to`.
pub fn list(context: &Context, actor: &Actor, query: ListAudit) -> Result<Listed<AuditEntrySeen>> {
    let Some(scope) = actor.audit_scope()? else {
        return Ok(Listed::none());
    };
    let (from, before) = query.period.span(zone_of(actor))?;
    let (page, worker) = (query.page, query.worker);
    let mut filter = AuditFilter {
        subject_type: query.subject_type,
        subject_id: query.subject_id,
        actions: query.actions.into_iter().map(Action::code).collect(),
        actor_id: None,
        from,
        before,
        is_oldest_first: query.is_oldest_first,
    };
    context.list(actor, "audit_list", &page, |reader, wanted| {
        if let Some(worker) = worker {
            // A job has no worker, and what no store sees was done by none.
            let AuditScope::Store(store_id) = scope else {
                return Ok(Listed::none());
            };
            filter.actor_id = audit::account_of(reader, store_id, worker)?;
            if filter.actor_id.is_none() {
                return Ok(Listed::none());
            }
        }
        let listed = audit::list(reader, scope, &filter, wanted)?;
        listed.try_map_rows(|rows| rows.into_iter().map(seen).collect())
    })
}

/// An entry that the caller sees.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for any other entry.
pub fn view(context: &Context, actor: &Actor, id: AuditEntryId) -> Result<AuditEntrySeen> {
    let scope = actor.audit_scope()?.ok_or(AccessRefusal::NoStore)?;
    let entry = context
        .database()
        .read("audit_view", |reader| audit::find(reader, scope, id))?;
    seen(entry.ok_or(Refusal::NotFound)?)
}

fn seen(entry: AuditEntryView) -> Result<AuditEntrySeen> {
    let details = match entry.details.as_str() {
        "" => None,
        details => Some(serde_json::from_str(details).with_context(|| format!("details of audit entry {}", entry.id))?),
    };
    Ok(AuditEntrySeen { entry, details })
}

fn zone_of(actor: &Actor) -> Zone {
    let store = actor.worker.as_ref().and_then(|worker| worker.store.as_ref());
    store.map(|store| store.zone).unwrap_or_default()
}
