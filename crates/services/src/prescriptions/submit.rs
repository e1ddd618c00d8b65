//! A buyer shows the pharmacy a prescription.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Scope};
use savdo_domain::ids::{OrderId, PrescriptionId, StoreId};
use savdo_domain::prescription::{IMAGES_MAX, Submission};
use savdo_persistence::prescriptions::{NewImage, NewPrescription, read, write};
use savdo_persistence::{Tx, orders};

use super::{PrescriptionSeen, seen, traces};
use crate::audit::Author;
use crate::file_keys::FileKeys;
use crate::files::Upload;
use crate::files::sealed::{self, Piece, Sealed};
use crate::limits::Limit;
use crate::once::Once;
use crate::orders::seen as order_seen;
use crate::{Context, Result};

/// A prescription to be shown.
#[derive(Debug, Clone)]
pub struct SubmitPrescription {
    /// The order that it is for.
    pub order_id: OrderId,
    /// Its pictures, as they were sent.
    pub images: Vec<Upload>,
}

/// Shows the pharmacy a prescription for an order of the caller's own, which no longer runs out while it waits to be judged.
///
/// The pictures are written before the transaction, each under a key of its own, and go again where no row came to name them.
/// Locks the order.
///
/// # Errors
/// The refusal of a blocked store; `images`: none, too many, one that is no picture; [`Error::Throttled`](crate::Error::Throttled);
/// [`Refusal::NotFound`](savdo_domain::Refusal::NotFound) for an order that is not the caller's; those of [`Submission::check`].
pub fn submit<O: Once<PrescriptionSeen>>(
    context: &Context,
    actor: &Actor,
    command: SubmitPrescription,
    once: &O,
) -> Result<O::Answer> {
    actor.prescription_scope()?;
    let SubmitPrescription { order_id, images } = command;
    sealed::check(&images, IMAGES_MAX)?;
    let now = context.now();
    let counted = actor.user_id.to_string();
    // Whoever has pictures decoded that turn out broken has had the work done: that counts too.
    context.admit(Limit::PrescriptionsOfUser, &counted)?;
    let sealed = Sealed::write(context, &images, now)?;
    let pieces = sealed.pieces();
    let (caller, world) = (actor.clone(), context.clone());
    let written = once.write(context, actor, "prescription_submit", move |tx| {
        let (order, _) = order_seen::locked(tx, &Scope::Own(caller.user_id), order_id)?;
        let store_id = order.store.id;
        let (count, has_pending) = read::counted(tx, store_id, order_id)?;
        Submission {
            order: order.status,
            count,
            has_pending,
        }
        .check()?;
        let new = NewPrescription {
            store_id,
            order_id: Some(order_id),
            patient_id: caller.user_id,
            day: order.store.zone.day(now),
            at: now,
        };
        let id = write::insert(tx, &new)?;
        for piece in &pieces {
            add(tx, world.file_keys(), (store_id, id), piece, now)?;
        }
        let is_stopped = orders::write::wait_until(tx, &order, None)?;
        is_stopped
            .then_some(())
            .with_context(|| format!("order {order_id} changed while it was locked"))?;
        traces::of_submission(
            tx,
            &Author::from(&caller),
            (store_id, order_id),
            (id, pieces.len()),
            now,
        )?;
        let found = seen::find(tx, &world, &caller, &Scope::Own(caller.user_id), (id, now))?;
        let found = found.with_context(|| format!("prescription {id} was just written"))?;
        for piece in &pieces {
            piece.token.used();
        }
        Ok(found)
    });
    let (settled, is_new) = sealed.settle(written);
    if !is_new {
        context.readmit(Limit::PrescriptionsOfUser, &counted);
    }
    settled
}

/// The row of a picture, and its key under the seal that names it.
fn add(
    tx: &mut Tx<'_>,
    keys: &FileKeys,
    (store_id, prescription_id): (StoreId, PrescriptionId),
    piece: &Piece,
    at: DateTime<Utc>,
) -> Result<()> {
    let new = NewImage {
        store_id,
        prescription_id,
        file: &piece.name,
        key_id: keys.current(),
        size: piece.size,
        at,
    };
    let image_id = write::insert_image(tx, &new)?;
    let sealed_key = keys.seal((prescription_id, image_id), &piece.secret)?;
    write::set_key(tx, store_id, image_id, &sealed_key)?;
    Ok(())
}
