//! Business events, each written in the transaction of its cause.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{EventId, StoreId};

use crate::connection::on_each;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::outbox;

/// A business event about to be written.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The store it happened in; none for matters of the installation.
    pub store_id: Option<StoreId>,
    /// What happened, such as `order.placed`.
    pub event: &'static str,
    /// What kind of thing it happened to.
    pub subject_type: &'static str,
    /// Which one.
    pub subject_id: i64,
    /// A JSON object without secrets.
    pub payload: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Appends an event.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, event: &NewEvent) -> Result<EventId, Error> {
    tx.statement("outbox_insert", |on| {
        let transaction_id = if on.is_postgres() {
            on_each!(on, |c| diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
                "pg_current_xact_id()::text::bigint"
            ))
            .get_result::<i64>(c))?
        } else {
            0
        };
        diesel::insert_into(outbox::table)
            .values((
                outbox::store_id.eq(event.store_id.map(StoreId::get)),
                outbox::transaction_id.eq(transaction_id),
                outbox::event.eq(event.event),
                outbox::subject_type.eq(event.subject_type),
                outbox::subject_id.eq(event.subject_id),
                outbox::payload.eq(&event.payload),
                outbox::created_at.eq(event.created_at.naive_utc()),
            ))
            .returning(outbox::id)
            .get_result::<i64>(on)
    })
    .map(EventId::new)
}
