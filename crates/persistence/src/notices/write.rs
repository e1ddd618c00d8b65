//! Makes messages, and what their owner does with them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{EventId, NoticeId, StoreId, UserId};
use savdo_domain::notice::{Channel, NoticeStatus, NoticeType};

use crate::connection::on_each;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::notifications;

/// A message about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// Of which event.
    pub event_id: EventId,
    /// To whom.
    pub user_id: UserId,
    /// The store that tells it; none for matters of an account.
    pub store_id: Option<StoreId>,
    /// What it tells.
    pub notice: NoticeType,
    /// Over which channel.
    pub channel: Channel,
    /// Where it stands.
    pub status: NoticeStatus,
    /// What it says, without a code.
    pub message: String,
    /// A JSON object of ids.
    pub metadata: String,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Makes a message; none when the event told this person so over this channel already.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, new: &NewNotice) -> Result<Option<NoticeId>, Error> {
    let at = new.at.naive_utc();
    let id: Option<i64> = tx.statement("notice_insert", |on| {
        on_each!(on, |c| diesel::insert_into(notifications::table)
            .values((
                notifications::event_id.eq(new.event_id.get()),
                notifications::user_id.eq(new.user_id.get()),
                notifications::store_id.eq(new.store_id.map(StoreId::get)),
                notifications::notice_type.eq(new.notice.code()),
                notifications::channel.eq(new.channel.code()),
                notifications::status.eq(new.status.code()),
                notifications::message.eq(&new.message),
                notifications::metadata.eq(&new.metadata),
                notifications::retries.eq(0),
                notifications::is_read.eq(false),
                notifications::sent_at.eq((new.status == NoticeStatus::Sent).then_some(at)),
                notifications::created_at.eq(at),
                notifications::updated_at.eq(at),
            ))
            .on_conflict_do_nothing()
            .returning(notifications::id)
            .get_result(c)
            .optional())
    })?;
    Ok(id.map(NoticeId::new))
}

/// Notes that its owner read a message; nothing when he had.
///
/// # Errors
/// A failed statement.
pub fn mark_read(tx: &mut Tx<'_>, user_id: UserId, id: NoticeId, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("notice_mark_read", |on| {
        let unread = notifications::table
            .filter(notifications::user_id.eq(user_id.get()))
            .filter(notifications::id.eq(id.get()))
            .filter(diesel::dsl::not(notifications::is_read));
        diesel::update(unread)
            .set((
                notifications::is_read.eq(true),
                notifications::read_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Notes that somebody read all of his list; says how many he had not.
///
/// # Errors
/// A failed statement.
pub fn mark_all_read(tx: &mut Tx<'_>, user_id: UserId, at: DateTime<Utc>) -> Result<usize, Error> {
    tx.statement("notice_mark_all_read", |on| {
        let unread = notifications::table
            .filter(notifications::user_id.eq(user_id.get()))
            .filter(notifications::channel.eq(Channel::System.code()))
            .filter(diesel::dsl::not(notifications::is_read));
        diesel::update(unread)
            .set((
                notifications::is_read.eq(true),
                notifications::read_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })
}

/// Lets a message that failed be sent once more; `false` when it does not stand as it was seen.
///
/// # Errors
/// A failed statement.
pub fn retry(tx: &mut Tx<'_>, id: NoticeId, retries: i64, at: DateTime<Utc>) -> Result<bool, Error> {
    let retried = tx.statement("notice_retry", |on| {
        let failed = notifications::table
            .filter(notifications::id.eq(id.get()))
            .filter(notifications::status.eq(NoticeStatus::Failed.code()))
            .filter(notifications::retries.eq(retries));
        diesel::update(failed)
            .set((
                notifications::status.eq(NoticeStatus::Pending.code()),
                notifications::retries.eq(retries + 1),
                notifications::retried_at.eq(at.naive_utc()),
                notifications::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(retried == 1)
}
