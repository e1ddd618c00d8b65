//! Writing the audit log.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;
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

impl InsertEntry<'_> {
    /// The statement around its values.
    fn walk<'b, Db>(&'b self, mut out: AstPass<'_, 'b, Db>, (before, after): (&str, &str)) -> QueryResult<()>
    where
        Db: Backend + HasSqlType<BigInt> + HasSqlType<Text> + HasSqlType<Timestamp>,
        i64: ToSql<BigInt, Db>,
        str: ToSql<Text, Db>,
        NaiveDateTime: ToSql<Timestamp, Db>,
        Option<i64>: ToSql<Nullable<BigInt>, Db>,
    {
        let entry = self.entry;
        out.push_sql(
            "INSERT INTO audit_entries (store_id, actor_id, actor_name, action, subject_type, subject_id, description, \
             details, ip, user_agent, request_id, created_at) ",
        );
        out.push_sql(before);
        statement!(
            out,
            "" (Nullable<BigInt>, &self.store_id)
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
        )
        .and_then(|()| {
            out.push_sql(after);
            Ok(())
        })
    }
}

/// The transaction has its id before the entry has its number, on which sealing relies: the number is taken above the scan that
/// takes the id, and `OFFSET` keeps the planner from making one of the two.
impl QueryFragment<Pg> for InsertEntry<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let of_transaction = " FROM (SELECT pg_current_xact_id() AS id OFFSET 0) AS own WHERE own.id IS NOT NULL RETURNING audit_entries.id";
        self.walk(out, ("SELECT ", of_transaction))
    }
}

impl QueryFragment<Sqlite> for InsertEntry<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.walk(out, ("VALUES (", ") RETURNING id"))
    }
}
