//! A buyer shows the pharmacy a prescription.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Scope};
use savdo_domain::ids::{OrderId, PrescriptionId, StoreId, UserId};
use savdo_domain::prescription::{IMAGES_MAX, Submission};
use savdo_domain::zone::Zone;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::orders::OrderView;
use savdo_persistence::prescriptions::{NewImage, NewPrescription, read, write};
use savdo_persistence::products::shops;
use savdo_persistence::{Reader, Tx, orders, stores};

use super::{PrescriptionSeen, seen, traces};
use crate::audit::Author;
use crate::file_keys::FileKeys;
use crate::files::Upload;
use crate::files::sealed::{self, Piece, Sealed};
use crate::limits::Limit;
use crate::once::Once;
use crate::orders::seen as order_seen;
use crate::{Context, Error, Result};

/// A prescription to be shown.
#[derive(Debug, Clone)]
pub struct SubmitPrescription {
    /// The order that it is for; without one it is for the only store that is open online.
    pub order_id: Option<OrderId>,
    /// Its pictures, as they were sent.
    pub images: Vec<Upload>,
}

/// Shows the pharmacy a prescription for an order of the caller's own, which no longer runs out while it waits to be judged; or one
/// for no order, which moves none.
///
/// The order is judged before any work is spent on pictures, and again under its lock. They are written before the transaction, each
/// under a key of its own, and go again where no row came to name them.
/// Locks the order.
///
/// # Errors
/// The refusal of a blocked store; `images`: none, too many, one that is no picture; [`Error::Throttled`](crate::Error::Throttled);
/// [`Refusal::NotFound`] for an order that is not the caller's; those of [`Submission::check`].
/// `order_id` without an order where not just one store is open online.
pub fn submit<O: Once<PrescriptionSeen>>(
    context: &Context,
    actor: &Actor,
    command: SubmitPrescription,
    once: &O,
) -> Result<O::Answer> {
    actor.prescription_scope()?;
    if let Some(answer) = once.earlier(context, actor)? {
        return Ok(answer);
    }
    let SubmitPrescription { order_id, images } = command;
    sealed::check(&images, IMAGES_MAX)?;
    let now = context.now();
    let buyer = actor.user_id;
    // Pictures are made anew for nobody whose order takes none; what is seen here is judged again under the lock.
    let judged = context.database().read("prescription_takes", |reader| match order_id {
        Some(order_id) => {
            let order = orders::read::find(reader, &Scope::Own(buyer), order_id)?.ok_or(Refusal::NotFound)?;
            takes(reader, &order)
        }
        None => only_store(reader).map(|_| ()),
    });
    if let Err(refused) = judged {
        // Of two that came at once under one key the first may have been answered since: then that is the answer.
        return once.earlier(context, actor)?.ok_or(refused);
    }
    let counted = buyer.to_string();
    context.admit(Limit::PrescriptionsOfUser, &counted)?;
    // Whoever has pictures decoded that turn out broken has had the work done: that counts. A fault of ours does not.
    let sealed = Sealed::write(context, &images, now).inspect_err(|error| {
        if !matches!(error, Error::Refused(_)) {
            context.readmit(Limit::PrescriptionsOfUser, &counted);
        }
    })?;
    let pieces = sealed.pieces();
    let (caller, world) = (actor.clone(), context.clone());
    let written = once.write(context, actor, "prescription_submit", move |tx| {
        let (store_id, zone) = match order_id {
            Some(order_id) => stopped(tx, caller.user_id, order_id)?,
            None => only_store(tx)?,
        };
        let new = NewPrescription {
            store_id,
            order_id,
            patient_id: caller.user_id,
            day: zone.day(now),
            at: now,
        };
        let id = write::insert(tx, &new)?;
        for piece in &pieces {
            add(tx, world.file_keys(), (store_id, id), piece, now)?;
        }
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

/// Judges whether the order takes a prescription, and stops its clock; its store and where that lies. Locks the order.
fn stopped(tx: &mut Tx<'_>, buyer: UserId, order_id: OrderId) -> Result<(StoreId, Zone)> {
    let (order, _) = order_seen::locked(tx, &Scope::Own(buyer), order_id)?;
    takes(tx, &order)?;
    let is_stopped = orders::write::wait_until(tx, &order, None)?;
    is_stopped
        .then_some(())
        .with_context(|| format!("order {order_id} changed while it was locked"))?;
    Ok((order.store.id, order.store.zone))
}

/// Judges whether the order takes a prescription as it stands.
fn takes(reader: &mut Reader<'_>, order: &OrderView) -> Result<()> {
    let (count, has_pending) = read::counted(reader, order.store.id, order.id)?;
    let submission = Submission {
        order: order.status,
        count,
        has_pending,
    };
    Ok(submission.check()?)
}

/// The store that a prescription for no order is for: the only one that is open online.
fn only_store(reader: &mut Reader<'_>) -> Result<(StoreId, Zone)> {
    let open = shops::stores_unscoped(reader)?;
    let [only] = open.as_slice() else {
        return Err(Refusal::field("order_id", FieldProblem::Required).into());
    };
    Ok((only.id, stores::find(reader, only.id)?.zone))
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
