//! Business events, each written in the transaction of its cause.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;
use savdo_domain::ids::{EventId, StoreId};

use crate::connection::on_each;
use crate::database::Tx;
use crate::dispatches;
use crate::error::Error;
use crate::prepared::{cached, statement};
use crate::trail::{HAS_OWN, OWN, ToldEvent};

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

/// Leaves an event, and its message.
///
/// # Errors
/// A failed statement.
pub fn tell(tx: &mut Tx<'_>, event: NewEvent) -> Result<(), Error> {
    let Some(trail) = tx.trail() else {
        insert(tx, &event)?;
        return Ok(());
    };
    trail.events.push(ToldEvent {
        store_id: event.store_id.map(StoreId::get),
        event: event.event,
        subject_type: event.subject_type,
        subject_id: event.subject_id,
        payload: event.payload,
        created_at: event.created_at.naive_utc(),
        sink: event.sink,
    });
    Ok(())
}

/// Appends an event, and its message, at once: its number is for what is sent because of it.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, event: &NewEvent) -> Result<EventId, Error> {
    let insert = InsertEvent {
        event,
        store_id: event.store_id.map(StoreId::get),
        created_at: event.created_at.naive_utc(),
    };
    let id = tx.statement("outbox_insert", |on| on_each!(on, |c| insert.get_result::<i64>(c)))?;
    let id = EventId::new(id);
    if let Some(sink) = event.sink {
        dispatches::insert(tx, id, sink, event.created_at)?;
    }
    Ok(id)
}

#[derive(Clone, Copy)]
struct InsertEvent<'a> {
    event: &'a NewEvent,
    store_id: Option<i64>,
    created_at: NaiveDateTime,
}

cached!(InsertEvent -> BigInt);

impl InsertEvent<'_> {
    /// The statement with the id of its transaction, and what comes after its values.
    fn walk<'b, Db>(&'b self, mut out: AstPass<'_, 'b, Db>, own: &str, after: &[&str]) -> QueryResult<()>
    where
        Db: Backend + HasSqlType<BigInt> + HasSqlType<Text> + HasSqlType<Timestamp>,
        i64: ToSql<BigInt, Db>,
        str: ToSql<Text, Db>,
        NaiveDateTime: ToSql<Timestamp, Db>,
        Option<i64>: ToSql<Nullable<BigInt>, Db>,
    {
        out.push_sql(
            "INSERT INTO outbox (transaction_id, store_id, event, subject_type, subject_id, payload, created_at) SELECT ",
        );
        out.push_sql(own);
        let written: QueryResult<()> = statement!(
            out,
            ", " (Nullable<BigInt>, &self.store_id)
            ", " (Text, self.event.event)
            ", " (Text, self.event.subject_type)
            ", " (BigInt, &self.event.subject_id)
            ", " (Text, self.event.payload.as_str())
            ", " (Timestamp, &self.created_at)
        );
        written?;
        for part in after {
            out.push_sql(part);
        }
        out.push_sql(" RETURNING id");
        Ok(())
    }
}

/// Numbered after its transaction, as those that are [left behind](crate::trail).
impl QueryFragment<Pg> for InsertEvent<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(out, "own.id::text::bigint", &[" FROM ", OWN, HAS_OWN])
    }
}

/// One writer: ids are in the order of commits anyway.
impl QueryFragment<Sqlite> for InsertEvent<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.walk(out, "0", &[])
    }
}
