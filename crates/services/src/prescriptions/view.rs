//! Looking at one prescription.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::PrescriptionId;

use super::{PrescriptionSeen, denied, seen};
use crate::{Context, Result};

/// A prescription that the caller sees.
///
/// # Errors
/// [`Refusal::NotFound`] for any other, and the refusal of a blocked store.
pub fn view(context: &Context, actor: &Actor, prescription_id: PrescriptionId) -> Result<PrescriptionSeen> {
    let scope = actor.prescription_scope()?;
    let now = context.now();
    let found = context.database().read("prescription_view", |reader| {
        let found = seen::find(reader, context, actor, &scope, (prescription_id, now))?;
        found.ok_or_else(|| Refusal::NotFound.into())
    });
    denied::traced(context, actor, (prescription_id, None), found)
}
