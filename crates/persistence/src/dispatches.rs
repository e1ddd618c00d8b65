//! Messages of events to sinks outside: who sends which, and what became of it.
//!
//! A message is leased, sent outside any transaction, and settled by whoever still holds the lease: so each is sent by one worker
//! at a time, and one that died holds its messages no longer than the lease. What nobody may read lies sealed beside the event
//! and is deleted with the last need of it. The messages of all stores are worked off together, hence `unscoped`.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Timestamp};
use savdo_domain::coded::Coded;
use savdo_domain::dispatch::DispatchStatus;
use savdo_domain::ids::{DispatchId, EventId, NoticeId, StoreId};

use crate::columns;
use crate::connection::{AnyConnection, on_each};
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::fragments::fragments;
use crate::notices;
use crate::schema::{outbox, outbox_dispatches, outbox_secrets};

/// A message that this worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedView {
    /// The message.
    pub id: DispatchId,
    /// Its event.
    pub event_id: EventId,
    /// The store of the event; none for matters of the installation.
    pub store_id: Option<StoreId>,
    /// What happened, such as `account.reset_requested`.
    pub event: String,
    /// What kind of thing it happened to.
    pub subject_type: String,
    /// Which one.
    pub subject_id: i64,
    /// A JSON object without secrets.
    pub payload: String,
    /// The sealed secret, if it has one.
    pub sealed: Option<String>,
    /// Which try this is, from 1.
    pub attempts: i64,
    /// Whether an earlier try may have arrived: one whose worker died in the middle of it, or whose answer was lost.
    pub is_doubtful: bool,
    /// The notification that it carries; none for what the event itself says.
    pub notification_id: Option<NoticeId>,
    /// When the event happened.
    pub created_at: DateTime<Utc>,
}

/// Who takes messages, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The sink whose messages are taken.
    pub sink: &'static str,
    /// The worker.
    pub by: String,
    /// Now.
    pub at: DateTime<Utc>,
    /// Until when they are his.
    pub until: DateTime<Utc>,
}

/// How a message that was held is put down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Where it stands now; `waiting` to be tried again.
    pub status: DispatchStatus,
    /// When it is tried again; for one that is over, when it was.
    pub due_at: DateTime<Utc>,
    /// What the sink said, possibly nothing.
    pub why: String,
    /// Whether it may have arrived without anybody knowing.
    pub is_doubtful: bool,
    /// Who took it, and under which name.
    pub receipt: Option<(&'static str, String)>,
    /// Now.
    pub at: DateTime<Utc>,
}

fragments! {
    /// Still to be sent. As text, so that the planner knows the partial index to fit.
    IsOpen: Bool = "outbox_dispatches.status IN ('waiting', 'leased')";
    /// Since when a message may have arrived, if the try that was begun of it never ended.
    EarlierDoubt: Nullable<Timestamp> = "COALESCE(outbox_dispatches.doubtful_since, outbox_dispatches.began_at)";
}

#[derive(Queryable)]
struct LeasedRow {
    id: i64,
    event_id: i64,
    store_id: Option<i64>,
    event: String,
    subject_type: String,
    subject_id: i64,
    payload: String,
    sealed: Option<String>,
    attempts: i64,
    doubtful_since: Option<NaiveDateTime>,
    notification_id: Option<i64>,
    created_at: NaiveDateTime,
}

/// Appends a message of an event to a sink, due at once.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, event_id: EventId, sink: &str, at: DateTime<Utc>) -> Result<(), Error> {
    insert_carrying(tx, event_id, None, sink, at)
}

/// As [`insert`], carrying one of the notifications that the event made.
///
/// # Errors
/// A failed statement.
pub fn insert_carrying(
    tx: &mut Tx<'_>,
    event_id: EventId,
    notification_id: Option<NoticeId>,
    sink: &str,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let at = at.naive_utc();
    tx.statement("dispatch_insert", |on| {
        diesel::insert_into(outbox_dispatches::table)
            .values((
                outbox_dispatches::outbox_id.eq(event_id.get()),
                outbox_dispatches::notification_id.eq(notification_id.map(NoticeId::get)),
                outbox_dispatches::sink.eq(sink),
                outbox_dispatches::status.eq(DispatchStatus::Waiting.code()),
                outbox_dispatches::attempts.eq(0),
                outbox_dispatches::due_at.eq(at),
                outbox_dispatches::leased_by.eq(""),
                outbox_dispatches::last_error.eq(""),
                outbox_dispatches::updated_at.eq(at),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Whether a message to the sink is due, its lease being over if it had one.
///
/// # Errors
/// A failed statement.
pub fn is_due_unscoped(reader: &mut Reader<'_>, sink: &str, at: DateTime<Utc>) -> Result<bool, Error> {
    let found = reader.statement("dispatch_is_due", |on| {
        outbox_dispatches::table
            .filter(outbox_dispatches::sink.eq(sink))
            .filter(IsOpen)
            .filter(outbox_dispatches::due_at.le(at.naive_utc()))
            .select(outbox_dispatches::id)
            .first::<i64>(on)
            .optional()
    })?;
    Ok(found.is_some())
}

/// Leases at most `count` messages that are due, the longest due first; those that another worker is just taking are passed over.
///
/// # Errors
/// A failed statement.
pub fn lease_unscoped(tx: &mut Tx<'_>, lease: &Lease, count: i64) -> Result<Vec<LeasedView>, Error> {
    let (at, until) = (lease.at.naive_utc(), lease.until.naive_utc());
    let ids: Vec<i64> = tx.statement("dispatch_due", |on| {
        let due = outbox_dispatches::table
            .filter(outbox_dispatches::sink.eq(lease.sink))
            .filter(IsOpen)
            .filter(outbox_dispatches::due_at.le(at))
            .order((outbox_dispatches::due_at, outbox_dispatches::id))
            .select(outbox_dispatches::id)
            .limit(count);
        match on {
            AnyConnection::Postgres(postgres) => due.for_update().skip_locked().load(postgres),
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(sqlite) => due.load(sqlite),
        }
    })?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.statement("dispatch_lease", |on| {
        diesel::update(outbox_dispatches::table.filter(outbox_dispatches::id.eq_any(&ids)))
            .set((
                outbox_dispatches::status.eq(DispatchStatus::Leased.code()),
                outbox_dispatches::attempts.eq(outbox_dispatches::attempts + 1),
                // Whoever held it before began a try and never told how it ended.
                outbox_dispatches::doubtful_since.eq(EarlierDoubt),
                outbox_dispatches::began_at.eq(None::<NaiveDateTime>),
                outbox_dispatches::due_at.eq(until),
                outbox_dispatches::leased_until.eq(until),
                outbox_dispatches::leased_by.eq(&lease.by),
                outbox_dispatches::updated_at.eq(at),
            ))
            .execute(on)
    })?;
    let rows: Vec<LeasedRow> = tx.statement("dispatch_leased", |on| {
        outbox_dispatches::table
            .inner_join(outbox::table.left_join(outbox_secrets::table))
            .filter(outbox_dispatches::id.eq_any(&ids))
            .order(outbox_dispatches::id)
            .select((
                outbox_dispatches::id,
                outbox::id,
                outbox::store_id,
                outbox::event,
                outbox::subject_type,
                outbox::subject_id,
                outbox::payload,
                outbox_secrets::sealed.nullable(),
                outbox_dispatches::attempts,
                outbox_dispatches::doubtful_since,
                outbox_dispatches::notification_id,
                outbox::created_at,
            ))
            .load(on)
    })?;
    Ok(rows.into_iter().map(LeasedView::from).collect())
}

/// Notes that a try of a message begins, if this worker still holds it; `false` when its lease was over and somebody else has it.
/// From now on nobody but whoever sees the end of the try knows whether it arrived.
///
/// # Errors
/// A failed statement.
pub fn begin(tx: &mut Tx<'_>, id: DispatchId, by: &str, at: DateTime<Utc>) -> Result<bool, Error> {
    let begun = tx.statement("dispatch_begin", |on| {
        let held = outbox_dispatches::table
            .find(id.get())
            .filter(outbox_dispatches::status.eq(DispatchStatus::Leased.code()))
            .filter(outbox_dispatches::leased_by.eq(by));
        diesel::update(held)
            .set(outbox_dispatches::began_at.eq(at.naive_utc()))
            .execute(on)
    })?;
    Ok(begun == 1)
}

/// Puts a message down, if this worker still holds it; `false` when its lease was over and somebody else has it.
///
/// # Errors
/// A failed statement.
pub fn settle(tx: &mut Tx<'_>, id: DispatchId, by: &str, settlement: &Settlement) -> Result<bool, Error> {
    let settled = tx.statement("dispatch_settle", |on| {
        let held = outbox_dispatches::table
            .find(id.get())
            .filter(outbox_dispatches::status.eq(DispatchStatus::Leased.code()))
            .filter(outbox_dispatches::leased_by.eq(by));
        diesel::update(held)
            .set((
                outbox_dispatches::status.eq(settlement.status.code()),
                outbox_dispatches::due_at.eq(settlement.due_at.naive_utc()),
                outbox_dispatches::leased_until.eq(None::<NaiveDateTime>),
                outbox_dispatches::leased_by.eq(""),
                outbox_dispatches::last_error.eq(&settlement.why),
                outbox_dispatches::began_at.eq(None::<NaiveDateTime>),
                outbox_dispatches::doubtful_since.eq(settlement.is_doubtful.then_some(settlement.at.naive_utc())),
                outbox_dispatches::provider.eq(settlement.receipt.as_ref().map(|(provider, _)| *provider)),
                outbox_dispatches::provider_id.eq(settlement.receipt.as_ref().map(|(_, id)| id)),
                outbox_dispatches::updated_at.eq(settlement.at.naive_utc()),
            ))
            .execute(on)
    })?;
    if settled == 1 {
        notices::settle(tx, id, settlement.status, settlement.at)?;
    }
    Ok(settled == 1)
}

/// Gives back a message that was leased and not tried: the try does not count.
///
/// # Errors
/// A failed statement.
pub fn give_back(tx: &mut Tx<'_>, id: DispatchId, by: &str, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("dispatch_give_back", |on| {
        let held = outbox_dispatches::table
            .find(id.get())
            .filter(outbox_dispatches::status.eq(DispatchStatus::Leased.code()))
            .filter(outbox_dispatches::leased_by.eq(by));
        diesel::update(held)
            .set((
                outbox_dispatches::status.eq(DispatchStatus::Waiting.code()),
                outbox_dispatches::attempts.eq(outbox_dispatches::attempts - 1),
                outbox_dispatches::began_at.eq(None::<NaiveDateTime>),
                outbox_dispatches::due_at.eq(at.naive_utc()),
                outbox_dispatches::leased_until.eq(None::<NaiveDateTime>),
                outbox_dispatches::leased_by.eq(""),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Keeps a sealed text beside an event, in place of one that was there.
///
/// # Errors
/// A failed statement.
pub fn keep_secret(tx: &mut Tx<'_>, event_id: EventId, sealed: &str) -> Result<(), Error> {
    tx.statement("secret_keep", |on| {
        on_each!(on, |c| diesel::insert_into(outbox_secrets::table)
            .values((
                outbox_secrets::outbox_id.eq(event_id.get()),
                outbox_secrets::sealed.eq(sealed)
            ))
            .on_conflict(outbox_secrets::outbox_id)
            .do_update()
            .set(outbox_secrets::sealed.eq(sealed))
            .execute(c))
    })?;
    Ok(())
}

/// Deletes the sealed text of an event, unless another of its messages is still to be sent.
///
/// # Errors
/// A failed statement.
pub fn forget_secret(tx: &mut Tx<'_>, event_id: EventId) -> Result<(), Error> {
    let open: Option<i64> = tx.statement("secret_needed", |on| {
        outbox_dispatches::table
            .filter(outbox_dispatches::outbox_id.eq(event_id.get()))
            .filter(IsOpen)
            .select(outbox_dispatches::id)
            .first(on)
            .optional()
    })?;
    if open.is_none() {
        tx.statement("secret_forget", |on| {
            diesel::delete(outbox_secrets::table.find(event_id.get())).execute(on)
        })?;
    }
    Ok(())
}

impl From<LeasedRow> for LeasedView {
    fn from(row: LeasedRow) -> Self {
        let LeasedRow {
            id,
            event_id,
            store_id,
            event,
            subject_type,
            subject_id,
            payload,
            sealed,
            attempts,
            doubtful_since,
            notification_id,
            created_at,
        } = row;
        Self {
            id: DispatchId::new(id),
            event_id: EventId::new(event_id),
            store_id: store_id.map(StoreId::new),
            event,
            subject_type,
            subject_id,
            payload,
            sealed,
            attempts,
            is_doubtful: doubtful_since.is_some(),
            notification_id: notification_id.map(NoticeId::new),
            created_at: columns::time(created_at),
        }
    }
}

/// Deletes the sealed texts of events before `before`, sent or not: nothing of theirs is wanted any more.
///
/// # Errors
/// A failed statement.
pub fn forget_secrets_unscoped(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<usize, Error> {
    tx.statement("secrets_forget", |on| {
        // From the few secrets to their events by key: the outbox is never pruned.
        let old = outbox::table
            .filter(outbox::id.eq(outbox_secrets::outbox_id))
            .filter(outbox::created_at.lt(before.naive_utc()));
        diesel::delete(outbox_secrets::table.filter(diesel::dsl::exists(old))).execute(on)
    })
}
