//! Business events, each written in the transaction of its cause.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;
use savdo_domain::coded::Coded;
use savdo_domain::dispatch::DispatchStatus;
use savdo_domain::ids::{EventId, StoreId};

use crate::connection::on_each;
use crate::database::Tx;
use crate::dispatches;
use crate::error::Error;
use crate::prepared::{cached, statement};

/// A business event about to be written.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The store it happened in; none for matters of the installation.
    pub store_id: Option<StoreId>,
    /// What happened, such as `order.created`.
    pub event: &'static str,
    /// What kind of thing it happened to.
    pub subject_type: &'static str,
    /// Which one.
    pub subject_id: i64,
    /// A JSON object without secrets.
    pub payload: String,
    /// The sink that has a message of it from the start, due at once.
    pub sink: Option<&'static str>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Appends an event, and its message.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, event: &NewEvent) -> Result<EventId, Error> {
    let insert = InsertEvent {
        event,
        store_id: event.store_id.map(StoreId::get),
        created_at: event.created_at.naive_utc(),
    };
    let Some(sink) = event.sink else {
        return Ok(EventId::new(append(tx, insert)?));
    };
    let told = InsertToldEvent { event: insert, sink };
    if let Some(id) = tx.on_postgres("outbox_insert", |on| told.get_result::<i64>(on))? {
        return Ok(EventId::new(id));
    }
    let id = EventId::new(append(tx, insert)?);
    dispatches::insert(tx, id, sink, event.created_at)?;
    Ok(id)
}

fn append(tx: &mut Tx<'_>, insert: InsertEvent<'_>) -> Result<i64, Error> {
    tx.statement("outbox_insert", |on| on_each!(on, |c| insert.get_result::<i64>(c)))
}

#[derive(Clone, Copy)]
struct InsertEvent<'a> {
    event: &'a NewEvent,
    store_id: Option<i64>,
    created_at: NaiveDateTime,
}

cached!(InsertEvent -> BigInt);

impl InsertEvent<'_> {
    /// The statement around the id of the transaction.
    fn walk<'b, Db>(&'b self, mut out: AstPass<'_, 'b, Db>, transaction_id: &str) -> QueryResult<()>
    where
        Db: Backend + HasSqlType<BigInt> + HasSqlType<Text> + HasSqlType<Timestamp>,
        i64: ToSql<BigInt, Db>,
        str: ToSql<Text, Db>,
        NaiveDateTime: ToSql<Timestamp, Db>,
        Option<i64>: ToSql<Nullable<BigInt>, Db>,
    {
        out.push_sql(
            "INSERT INTO outbox (transaction_id, store_id, event, subject_type, subject_id, payload, created_at) VALUES (",
        );
        out.push_sql(transaction_id);
        statement!(
            out,
            ", " (Nullable<BigInt>, &self.store_id)
            ", " (Text, self.event.event)
            ", " (Text, self.event.subject_type)
            ", " (BigInt, &self.event.subject_id)
            ", " (Text, self.event.payload.as_str())
            ", " (Timestamp, &self.created_at)
            ") RETURNING id"
        )
    }
}

impl QueryFragment<Pg> for InsertEvent<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(out, "pg_current_xact_id()::text::bigint")
    }
}

/// An event and its message at once.
struct InsertToldEvent<'a> {
    event: InsertEvent<'a>,
    sink: &'static str,
}

cached!(InsertToldEvent -> BigInt);

impl QueryFragment<Pg> for InsertToldEvent<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH new_event AS (");
        self.event.walk_ast(out.reborrow())?;
        statement!(
            out,
            "), new_dispatch AS (INSERT INTO outbox_dispatches \
             (outbox_id, sink, status, attempts, due_at, leased_by, last_error, updated_at) SELECT new_event.id, "
            (Text, self.sink)
            ", " (Text, DispatchStatus::Waiting.code())
            ", 0, " (Timestamp, &self.event.created_at)
            ", '', '', " (Timestamp, &self.event.created_at)
            " FROM new_event) SELECT id FROM new_event"
        )
    }
}

/// One writer: ids are in the order of commits anyway.
impl QueryFragment<Sqlite> for InsertEvent<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.walk(out, "0")
    }
}
