//! The audit log: append-only, one row per document, written in the transaction of the change.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text, Timestamp};
use savdo_domain::ids::{AuditEntryId, StoreId, UserId};

use crate::connection::on_each;
use crate::database::Tx;
use crate::error::Error;
use crate::prepared::{cached, statement};

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
    let insert = InsertEntry {
        entry,
        store_id: entry.store_id.map(StoreId::get),
        actor_id: entry.actor_id.map(UserId::get),
        created_at: entry.created_at.naive_utc(),
    };
    tx.statement("audit_insert", |on| on_each!(on, |c| insert.get_result::<i64>(c)))
        .map(AuditEntryId::new)
}

struct InsertEntry<'a> {
    entry: &'a NewAuditEntry,
    store_id: Option<i64>,
    actor_id: Option<i64>,
    created_at: NaiveDateTime,
}

cached!(InsertEntry -> BigInt);

impl<Db> QueryFragment<Db> for InsertEntry<'_>
where
    Db: Backend + HasSqlType<BigInt> + HasSqlType<Text> + HasSqlType<Timestamp>,
    i64: ToSql<BigInt, Db>,
    str: ToSql<Text, Db>,
    NaiveDateTime: ToSql<Timestamp, Db>,
    Option<i64>: ToSql<Nullable<BigInt>, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let entry = self.entry;
        statement!(
            out,
            "INSERT INTO audit_entries (store_id, actor_id, actor_name, action, subject_type, subject_id, description, \
             details, ip, user_agent, request_id, created_at) VALUES (" (Nullable<BigInt>, &self.store_id)
            ", " (Nullable<BigInt>, &self.actor_id)
            ", " (Text, entry.actor_name.as_str())
            ", " (Text, entry.action)
            ", " (Text, entry.subject_type)
            ", " (BigInt, &entry.subject_id)
            ", " (Text, entry.description.as_str())
            ", " (Text, entry.details.as_str())
            ", " (Text, entry.ip.as_str())
            ", " (Text, entry.user_agent.as_str())
            ", " (Text, entry.request_id.as_str())
            ", " (Timestamp, &self.created_at)
            ") RETURNING id"
        )
    }
}
