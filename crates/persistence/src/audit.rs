//! The audit log: append-only, one row per document, written in the transaction of the change.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{AuditEntryId, StoreId, UserId};

use crate::database::Tx;
use crate::error::Error;
use crate::schema::audit_entries;

/// An entry about to be written.
#[derive(Debug, Clone)]
pub struct NewAuditEntry {
    /// The store it concerns; none for matters that no store sees.
    pub store_id: Option<StoreId>,
    /// Who did it; none for a job.
    pub actor_id: Option<UserId>,
    /// The name and role of the actor as they were then.
    pub actor_name: String,
    /// What was done: a code of shop.md 6.
    pub action: &'static str,
    /// What kind of thing it was done to.
    pub subject_type: &'static str,
    /// Which one.
    pub subject_id: i64,
    /// One sentence for a reader.
    pub description: String,
    /// A JSON object, or nothing.
    pub details: String,
    /// The address the request came from.
    pub ip: String,
    /// The program it came from, as it named itself.
    pub user_agent: String,
    /// The request.
    pub request_id: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Appends an entry.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, entry: &NewAuditEntry) -> Result<AuditEntryId, Error> {
    tx.statement("audit_insert", |on| {
        diesel::insert_into(audit_entries::table)
            .values((
                audit_entries::store_id.eq(entry.store_id.map(StoreId::get)),
                audit_entries::actor_id.eq(entry.actor_id.map(UserId::get)),
                audit_entries::actor_name.eq(&entry.actor_name),
                audit_entries::action.eq(entry.action),
                audit_entries::subject_type.eq(entry.subject_type),
                audit_entries::subject_id.eq(entry.subject_id),
                audit_entries::description.eq(&entry.description),
                audit_entries::details.eq(&entry.details),
                audit_entries::ip.eq(&entry.ip),
                audit_entries::user_agent.eq(&entry.user_agent),
                audit_entries::request_id.eq(&entry.request_id),
                audit_entries::created_at.eq(entry.created_at.naive_utc()),
            ))
            .returning(audit_entries::id)
            .get_result::<i64>(on)
    })
    .map(AuditEntryId::new)
}
