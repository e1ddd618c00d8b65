//! Whether a worker works: he leaves, and he comes back.

use savdo_domain::access::{Actor, Post, PostChange, WorkerStatus};
use savdo_domain::ids::WorkerId;

use super::{StaffView, post};
use crate::audit::Action;
use crate::{Context, Result};

/// A worker on leave or gone works again.
///
/// # Errors
/// A missing right, also one that does not reach him; [`Refusal::NotFound`](savdo_domain::Refusal) for another store's;
/// [`StaffRefusal::AlreadyActive`](savdo_domain::access::StaffRefusal).
pub fn activate(context: &Context, actor: &Actor, id: WorkerId) -> Result<StaffView> {
    post::give(
        context,
        actor,
        id,
        (Action::Update, "Xodim faollashtirildi"),
        Post::activated,
    )
}

/// A worker leaves.
///
/// # Errors
/// As [`activate`]; [`StaffRefusal::AlreadyInactive`](savdo_domain::access::StaffRefusal), and
/// [`StaffRefusal::LastOwner`](savdo_domain::access::StaffRefusal).
pub fn deactivate(context: &Context, actor: &Actor, id: WorkerId) -> Result<StaffView> {
    post::give(
        context,
        actor,
        id,
        (Action::Update, "Xodim ishdan bo'shatildi"),
        Post::deactivated,
    )
}

/// A worker leaves; one who left already stays gone.
///
/// # Errors
/// As [`deactivate`], but not for one who left already.
pub fn remove(context: &Context, actor: &Actor, id: WorkerId) -> Result<()> {
    let gone = PostChange {
        status: Some(WorkerStatus::Left),
        ..PostChange::default()
    };
    post::give(context, actor, id, (Action::Delete, "Xodim o'chirildi"), move |post| {
        Ok(post.after(&gone))
    })?;
    Ok(())
}
