//! Writing the audit log.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{StoreId, UserId};

use crate::database::Tx;
use crate::error::Error;
use crate::schema::audit_entries;
use crate::trail::Entry;

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

/// Leaves an entry.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, entry: NewAuditEntry) -> Result<(), Error> {
    let entry = Entry {
        store_id: entry.store_id.map(StoreId::get),
        actor_id: entry.actor_id.map(UserId::get),
        actor_name: entry.actor_name,
        action: entry.action,
        subject_type: entry.subject_type,
        subject_id: entry.subject_id,
        description: entry.description,
        details: entry.details,
        ip: entry.ip,
        user_agent: entry.user_agent,
        request_id: entry.request_id,
        created_at: entry.created_at.naive_utc(),
    };
    if let Some(trail) = tx.trail() {
        trail.entries.push(entry);
        return Ok(());
    }
    tx.statement("audit_insert", |on| {
        diesel::insert_into(audit_entries::table)
            .values((
                audit_entries::store_id.eq(entry.store_id),
                audit_entries::actor_id.eq(entry.actor_id),
                audit_entries::actor_name.eq(&entry.actor_name),
                audit_entries::action.eq(entry.action),
                audit_entries::subject_type.eq(entry.subject_type),
                audit_entries::subject_id.eq(entry.subject_id),
                audit_entries::description.eq(&entry.description),
                audit_entries::details.eq(&entry.details),
                audit_entries::ip.eq(&entry.ip),
                audit_entries::user_agent.eq(&entry.user_agent),
                audit_entries::request_id.eq(&entry.request_id),
                audit_entries::created_at.eq(entry.created_at),
            ))
            .execute(on)
    })?;
    Ok(())
}
