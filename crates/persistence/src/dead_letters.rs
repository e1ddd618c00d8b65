//! What became of messages after they left, or instead: reports of providers, and what a human should look after.
//!
//! The messages of all stores together, hence `unscoped`.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use savdo_domain::coded::Coded;
use savdo_domain::dispatch::{DispatchStatus, Report};
use savdo_domain::ids::NoticeId;

use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::fragments::fragments;
use crate::schema::outbox_dispatches;

/// Messages of one sink that a human should look after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLettersView {
    /// The sink.
    pub sink: String,
    /// `dead` or `unknown`.
    pub status: String,
    /// How many.
    pub count: i64,
}

fragments! {
    /// Given up, or of an unknown fate; as text, so that the planner knows the partial index to fit.
    IsDead: Bool = "outbox_dispatches.status IN ('dead', 'unknown')";
}

/// Notes what a provider reports of a message that it took; `false` when the message is unknown, or something later is known of it.
/// Reports come in any order: only those of a stage before this one give way.
///
/// # Errors
/// A failed statement.
pub fn note_report_unscoped(
    tx: &mut Tx<'_>,
    (provider, provider_id): (&str, &str),
    report: Report,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let earlier: Vec<&str> = Report::ALL
        .iter()
        .filter(|known| **known < report)
        .map(|known| known.code())
        .collect();
    let noted = tx.statement("dispatch_report", |on| {
        let named = outbox_dispatches::table
            .filter(outbox_dispatches::provider.eq(provider))
            .filter(outbox_dispatches::provider_id.eq(provider_id))
            .filter(
                outbox_dispatches::reported
                    .is_null()
                    .or(outbox_dispatches::reported.eq_any(&earlier)),
            );
        diesel::update(named)
            .set((
                outbox_dispatches::reported.eq(report.code()),
                outbox_dispatches::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(noted > 0)
}

/// How many messages of a sink a human should look after: given up, or of an unknown fate.
///
/// # Errors
/// A failed statement.
pub fn count_dead_unscoped(reader: &mut Reader<'_>) -> Result<Vec<DeadLettersView>, Error> {
    let rows: Vec<(String, String, i64)> = reader.statement("dispatch_dead", |on| {
        outbox_dispatches::table
            .filter(IsDead)
            .group_by((outbox_dispatches::sink, outbox_dispatches::status))
            .order((outbox_dispatches::sink, outbox_dispatches::status))
            .select((
                outbox_dispatches::sink,
                outbox_dispatches::status,
                diesel::dsl::count_star(),
            ))
            .load(on)
    })?;
    let views = rows
        .into_iter()
        .map(|(sink, status, count)| DeadLettersView { sink, status, count });
    Ok(views.collect())
}

/// Lets what carries a notification be sent again from the start, after it was given up.
///
/// # Errors
/// A failed statement.
pub fn send_again(tx: &mut Tx<'_>, notification_id: NoticeId, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("dispatch_send_again", |on| {
        let over = outbox_dispatches::table
            .filter(outbox_dispatches::notification_id.eq(notification_id.get()))
            .filter(outbox_dispatches::status.ne_all([DispatchStatus::Waiting.code(), DispatchStatus::Leased.code()]));
        diesel::update(over)
            .set((
                outbox_dispatches::status.eq(DispatchStatus::Waiting.code()),
                outbox_dispatches::attempts.eq(0),
                outbox_dispatches::due_at.eq(at.naive_utc()),
                // Whoever asks for it again takes it upon himself that it may come twice.
                outbox_dispatches::doubtful_since.eq(None::<NaiveDateTime>),
                outbox_dispatches::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}
