//! Somebody's messages.

use savdo_domain::access::Actor;
use savdo_persistence::notices::{self, NoticeFilter, NoticeView};

use crate::{Context, Listed, Page, Result};

/// Which messages are wanted.
#[derive(Debug, Clone)]
pub struct ListNotices {
    /// Those that fit this.
    pub filter: NoticeFilter,
    /// Which page.
    pub page: Page,
}

/// A page of the caller's messages over a channel, the newest first.
///
/// # Errors
/// A failed statement.
pub fn list(context: &Context, actor: &Actor, query: &ListNotices) -> Result<Listed<NoticeView>> {
    context.list(actor, "notice_list", &query.page, |reader, wanted| {
        Ok(notices::list(reader, actor.user_id, &query.filter, wanted)?)
    })
}
