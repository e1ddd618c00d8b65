//! A try at somebody else's prescription: it gets no other answer than one that is not there, and leaves a trace in its store.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::{PrescriptionId, PrescriptionImageId};
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
            deny(context, actor, of)?;
            Err(error)
        }
        outcome => outcome,
    }
}

fn deny(context: &Context, actor: &Actor, of: (PrescriptionId, Option<PrescriptionImageId>)) -> Result<()> {
    let store_id = context
        .database()
        .read("prescription_denied", |reader| read::store_of_unscoped(reader, of.0))?;
    let Some(store_id) = store_id else { return Ok(()) };
    let (caller, now) = (actor.clone(), context.now());
    context.database().write("prescription_denied", move |tx| {
        Ok(traces::of_denial(tx, &caller, store_id, of, now)?)
    })
}
