//! Giving a worker another place: the one piece behind every verb that changes what he is and nothing else.

use savdo_domain::access::{Actor, Permission, Post, Reach, Seat, StaffRefusal};
use savdo_domain::ids::WorkerId;
use savdo_persistence::staff::{self, StaffChange};
use savdo_persistence::{Reader, users};

use super::{StaffView, found, shown_to, traces};
use crate::audit::{self, Action, Author};
use crate::{Context, Result};

/// Gives a worker of the caller's store the place that `next` makes of his, and outdates his tokens. A place that stays as it
/// is leaves no trace.
///
/// Locks him and the owners of the store by id.
pub(super) fn give(
    context: &Context,
    actor: &Actor,
    id: WorkerId,
    what: (Action, &'static str),
    next: impl Fn(&Post) -> std::result::Result<Post, StaffRefusal> + Send + 'static,
) -> Result<StaffView> {
    let store_id = actor.permit(Permission::ChangeWorkers)?.store_id();
    let now = context.now();
    let (author, changer) = (Author::from(actor), actor.clone());
    context.database().write("worker_post", move |tx| {
        let seat = changer.permit(Permission::ChangeWorkers)?;
        staff::lock(tx, store_id, id)?;
        let before = found(tx, store_id, id)?;
        // Whether the caller reaches him at all comes before what state he is in.
        seat.check_change(&before.post, &before.post, Reach::Work)?;
        let post = next(&before.post)?;
        seat.check_change(&before.post, &post, Reach::Work)?;
        check_owner_stays(tx, &seat, &before.post, &post)?;
        if post == before.post {
            return Ok(shown_to(&seat, before));
        }
        let change = StaffChange {
            post,
            ..before.standing()
        };
        staff::update(tx, store_id, &change, now)?;
        users::outdate_tokens(tx, before.user_id, now)?;
        let after = found(tx, store_id, id)?;
        audit::record(
            tx,
            &author,
            now,
            traces::of_change(store_id, what, (&before, &after), false),
        )?;
        Ok(shown_to(&seat, after))
    })
}

/// Judges that a change leaves the store an owner who works. The owners are locked where it is to hold.
pub(super) fn check_owner_stays(reader: &mut Reader<'_>, seat: &Seat<'_>, before: &Post, after: &Post) -> Result<()> {
    let others = staff::count_other_owners(reader, seat.store_id(), before.worker_id)?;
    Ok(before.check_owner_stays(after, others)?)
}
