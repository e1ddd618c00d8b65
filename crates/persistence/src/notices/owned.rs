//! All that somebody was told.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::UserId;
use savdo_domain::notice::{Channel, NoticeType};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::notifications;

/// Something that somebody was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldView {
    /// What of.
    pub notice: NoticeType,
    /// Over which channel.
    pub channel: Channel,
    /// In which words.
    pub message: String,
    /// Whether he read it.
    pub is_read: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// All that an account was told, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn owned(reader: &mut Reader<'_>, user_id: UserId) -> Result<Vec<ToldView>, Error> {
    let rows = reader.statement("notices_owned", |on| {
        notifications::table
            .filter(notifications::user_id.eq(user_id.get()))
            .order(notifications::id)
            .select((
                notifications::id,
                notifications::notice_type,
                notifications::channel,
                notifications::message,
                notifications::is_read,
                notifications::created_at,
            ))
            .load::<(i64, String, String, String, bool, NaiveDateTime)>(on)
    })?;
    let views = rows
        .into_iter()
        .map(|(id, notice, channel, message, is_read, created_at)| {
            Ok(ToldView {
                notice: columns::coded("notifications", id, &notice)?,
                channel: columns::coded("notifications", id, &channel)?,
                message,
                is_read,
                created_at: columns::time(created_at),
            })
        });
    views.collect()
}
