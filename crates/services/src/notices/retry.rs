//! A message that failed is sent again.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Effect};
use savdo_domain::ids::NoticeId;
use savdo_domain::notice::{NoticeRefusal, Tried, check_retry};
use savdo_persistence::{dead_letters, notices};
use serde_json::json;

use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Result};

/// Lets a message that failed be sent once more: one's own, or as staff one that the store told. The worker sends it, with as many
/// tries as the first time.
///
/// Compared and set on how often it was sent again; the message first, then what carries it, which nobody else moves while the
/// message stands as failed.
///
/// # Errors
/// [`Refusal::NotFound`] for somebody else's; for staff the refusal of a store that is switched off; those of [`check_retry`], and
/// [`NoticeRefusal::NotFailed`] where another was faster.
pub fn retry(context: &Context, actor: &Actor, id: NoticeId) -> Result<()> {
    let scope = actor.order_scope()?;
    let user_id = actor.user_id;
    let writes = actor.catalogue_scope(Effect::Writes);
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("notice_retry", move |tx| {
        let found = notices::find_to_retry(tx, &scope, user_id, id)?.ok_or(Refusal::NotFound)?;
        if found.user_id != user_id {
            writes?;
        }
        let tried = Tried {
            notice: found.notice,
            status: found.status,
            retries: found.retries,
            retried_at: found.retried_at,
        };
        check_retry(tried, now)?;
        if !notices::retry(tx, id, found.retries, now)? {
            return Err(NoticeRefusal::NotFailed.into());
        }
        dead_letters::send_again(tx, id, now)?;
        let entry = Entry {
            store_id: found.store_id,
            action: Action::Update,
            subject_type: Subject::Notice,
            subject_id: id.get(),
            description: format!("Xabar qayta yuborildi: {}", found.notice),
            details: Some(json!({ "channel": found.channel, "retries": found.retries + 1 })),
        };
        Ok(audit::record(tx, &author, now, entry)?)
    })
}
