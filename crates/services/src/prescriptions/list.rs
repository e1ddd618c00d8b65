//! Looking through prescriptions.

use savdo_domain::access::{Actor, Scope};
use savdo_persistence::prescriptions::{self, PrescriptionFilter};

use super::{PrescriptionSeen, seen};
use crate::{Context, Listed, Page, Result};

/// A page of the prescriptions that the caller sees: his own, staff those of their store.
///
/// # Errors
/// The refusal of a blocked store.
pub fn list(
    context: &Context,
    actor: &Actor,
    filter: PrescriptionFilter,
    page: &Page,
) -> Result<Listed<PrescriptionSeen>> {
    let scope = actor.prescription_scope()?;
    of_scope(context, actor, &scope, &filter, page)
}

pub(super) fn of_scope(
    context: &Context,
    actor: &Actor,
    scope: &Scope,
    filter: &PrescriptionFilter,
    page: &Page,
) -> Result<Listed<PrescriptionSeen>> {
    let now = context.now();
    context.list(actor, "prescription_list", page, |reader, wanted| {
        let listed = prescriptions::list(reader, scope, filter, wanted)?;
        Ok(listed.try_map_rows(|shown| seen::all(reader, context, actor, now, shown))?)
    })
}
