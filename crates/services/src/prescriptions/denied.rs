//! A try at somebody else's prescription leaves a trace in its store. To look gets no other answer than for one that is not there; to
//! judge, without being staff, is refused whosever it is.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::{PrescriptionId, PrescriptionImageId};
use savdo_domain::order::Hand;
use savdo_persistence::prescriptions::read;

use super::traces;
use crate::{Context, Error, Result};

/// The same outcome; where the caller does not see the prescription, after it was written down that he tried.
///
/// # Errors
/// That of the outcome, or failed statements.
pub(super) fn traced<T>(
    context: &Context,
    actor: &Actor,
    of: (PrescriptionId, Option<PrescriptionImageId>),
    outcome: Result<T>,
) -> Result<T> {
    match outcome {
        Err(error @ Error::Refused(Refusal::NotFound)) => {
            note(context, actor, of)?;
            Err(error)
        }
        outcome => outcome,
    }
}

/// Notes a try at a prescription in its store, unless it is the caller's own or he works with it there.
///
/// # Errors
/// Failed statements.
pub(super) fn note(context: &Context, actor: &Actor, of: (PrescriptionId, Option<PrescriptionImageId>)) -> Result<()> {
    let found = context
        .database()
        .read("prescription_denied", |reader| read::whose_unscoped(reader, of.0))?;
    let Some((store_id, patient_id)) = found else {
        return Ok(());
    };
    let is_known = match actor.hand_in(store_id, patient_id) {
        Hand::Operator | Hand::Admin => true,
        Hand::Buyer | Hand::Courier => patient_id == actor.user_id,
    };
    if is_known {
        return Ok(());
    }
    let (caller, now) = (actor.clone(), context.now());
    context.database().write("prescription_denied", move |tx| {
        Ok(traces::of_denial(tx, &caller, store_id, of, now)?)
    })
}

/// As [`note`], of a picture that was asked for under another prescription.
///
/// # Errors
/// Failed statements.
pub(super) fn note_picture(context: &Context, actor: &Actor, image_id: PrescriptionImageId) -> Result<()> {
    let of = context.database().read("prescription_of_image", |reader| {
        read::of_image_unscoped(reader, image_id)
    })?;
    of.map_or(Ok(()), |id| note(context, actor, (id, Some(image_id))))
}
