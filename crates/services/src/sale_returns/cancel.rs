//! A return is dropped: what it kept from others is free again.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::SaleReturnId;
use savdo_domain::sale_return::SaleReturnRefusal;
use savdo_persistence::sale_returns::{self, SaleReturnDetailView};

use super::{check_module, find, lock, traces};
use crate::audit::{self, Author};
use crate::once::Once;
use crate::{Context, Result};

/// Drops a pending return, once. Locks the sale, then the return.
///
/// # Errors
/// A missing right; [`AccessRefusal::ModuleDisabled`](savdo_domain::access::AccessRefusal);
/// [`Refusal::NotFound`](savdo_domain::Refusal::NotFound); [`SaleReturnRefusal::NotPending`], also for all but one of those who
/// come at once.
pub fn cancel<O: Once<SaleReturnDetailView>>(
    context: &Context,
    actor: &Actor,
    id: SaleReturnId,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::SettleReturn)?;
    let (store_id, worker_id) = (seat.store_id(), seat.worker_id());
    let author = Author::from(actor);
    let now = context.now();
    once.write(context, actor, "sale_return_cancel", move |tx| {
        check_module(tx, store_id)?;
        let (_, _, locked) = lock(tx, store_id, id)?;
        locked.status.cancel()?;
        if !sale_returns::cancel(tx, store_id, id, worker_id, now)? {
            return Err(SaleReturnRefusal::NotPending.into());
        }
        let view = find(tx, store_id, id)?;
        audit::record(tx, &author, now, traces::of_cancelled(store_id, locked.status, &view))?;
        Ok(view)
    })
}
