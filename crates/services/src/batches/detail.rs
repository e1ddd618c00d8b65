//! One batch.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::BatchId;
use savdo_persistence::stock;

use super::BatchSeen;
use crate::{Context, Result};

/// One batch of the caller's store.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store's.
pub fn detail(context: &Context, actor: &Actor, id: BatchId) -> Result<BatchSeen> {
    let seat = actor.permit(Permission::ViewStock)?;
    let store_id = seat.store_id();
    let day = seat.zone().day(context.now());
    context.database().read_consistent("batch_detail", |reader| {
        let found = stock::find_batch(reader, store_id, id)?.ok_or(Refusal::NotFound)?;
        Ok(BatchSeen::new(found, day))
    })
}
