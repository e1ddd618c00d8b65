//! Messages on their way out. The messages of all stores are worked off together, hence `unscoped`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::dispatch::DispatchStatus;
use savdo_domain::ids::{DispatchId, NoticeId};
use savdo_domain::notice::NoticeStatus;

use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{notifications, outbox_dispatches, users};

/// A short message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsToSendView {
    /// To whom.
    pub phone: String,
    /// What it says.
    pub message: String,
}

/// What a short message says and to whom; none when nobody wants it any more.
///
/// # Errors
/// A failed statement.
pub fn sms_to_send_unscoped(reader: &mut Reader<'_>, id: NoticeId) -> Result<Option<SmsToSendView>, Error> {
    let row: Option<(String, String)> = reader.statement("notice_sms", |on| {
        notifications::table
            .inner_join(users::table)
            .filter(notifications::id.eq(id.get()))
            .filter(notifications::status.eq_any([NoticeStatus::Pending.code(), NoticeStatus::Processing.code()]))
            .filter(users::is_active)
            .select((users::phone, notifications::message))
            .first(on)
            .optional()
    })?;
    Ok(row.map(|(phone, message)| SmsToSendView { phone, message }))
}

/// Moves the message along that a dispatch carries, if it carries one. Sent is for good.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    dispatch_id: DispatchId,
    status: DispatchStatus,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let status = match status {
        DispatchStatus::Sent => NoticeStatus::Sent,
        DispatchStatus::Failed | DispatchStatus::Dead | DispatchStatus::Unknown => NoticeStatus::Failed,
        DispatchStatus::Dismissed => NoticeStatus::Cancelled,
        DispatchStatus::Waiting | DispatchStatus::Leased => NoticeStatus::Processing,
    };
    let at = at.naive_utc();
    tx.statement("notice_settle", |on| {
        let carried = outbox_dispatches::table
            .filter(outbox_dispatches::id.eq(dispatch_id.get()))
            .select(outbox_dispatches::notification_id);
        let open = notifications::table
            .filter(notifications::id.nullable().eq_any(carried))
            .filter(notifications::status.ne(NoticeStatus::Sent.code()));
        diesel::update(open)
            .set((
                notifications::status.eq(status.code()),
                notifications::sent_at.eq((status == NoticeStatus::Sent).then_some(at)),
                notifications::updated_at.eq(at),
            ))
            .execute(on)
    })?;
    Ok(())
}
