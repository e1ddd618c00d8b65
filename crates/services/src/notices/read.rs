//! Messages are read.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::NoticeId;
use savdo_persistence::notices::{self, NoticeView};

use crate::{Context, Result};

/// One of the caller's messages, which he has read from now on.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is not his.
pub fn view(context: &Context, actor: &Actor, id: NoticeId) -> Result<NoticeView> {
    let user_id = actor.user_id;
    let found = context
        .database()
        .read("notice_view", |reader| notices::find(reader, user_id, id))?;
    match found {
        None => Err(Refusal::NotFound.into()),
        Some(view) if view.is_read => Ok(view),
        Some(_) => mark_read(context, actor, id),
    }
}

/// Notes that the caller read one of his messages; doing so twice changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is not his.
pub fn mark_read(context: &Context, actor: &Actor, id: NoticeId) -> Result<NoticeView> {
    let user_id = actor.user_id;
    let now = context.now();
    context.database().write("notice_mark_read", move |tx| {
        notices::mark_read(tx, user_id, id, now)?;
        notices::find(tx, user_id, id)?.ok_or_else(|| Refusal::NotFound.into())
    })
}

/// Notes that the caller read all of his list; says how many he had not.
///
/// # Errors
/// A failed statement.
pub fn mark_all_read(context: &Context, actor: &Actor) -> Result<usize> {
    let user_id = actor.user_id;
    let now = context.now();
    let marked = context.database().write("notices_mark_all_read", move |tx| {
        notices::mark_all_read(tx, user_id, now)
    })?;
    Ok(marked)
}
