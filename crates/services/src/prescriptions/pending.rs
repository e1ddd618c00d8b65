//! The prescriptions that wait for somebody of the pharmacy.

use savdo_domain::access::Actor;
use savdo_domain::ids::StoreId;
use savdo_domain::prescription::PrescriptionStatus;
use savdo_persistence::prescriptions::PrescriptionFilter;

use super::{PrescriptionSeen, list};
use crate::{Context, Listed, Page, Result};

/// A page of what nobody judged yet, of one store when it is wanted, the oldest first.
///
/// # Errors
/// [`AccessRefusal::Forbidden`](savdo_domain::access::AccessRefusal::Forbidden) for all but staff; the refusal of a blocked store.
pub fn pending(
    context: &Context,
    actor: &Actor,
    store: Option<StoreId>,
    page: &Page,
) -> Result<Listed<PrescriptionSeen>> {
    let scope = actor.review_scope()?;
    let filter = PrescriptionFilter {
        status: Some(PrescriptionStatus::Pending),
        store,
        is_oldest_first: true,
        ..PrescriptionFilter::default()
    };
    list::of_scope(context, actor, &scope, &filter, page)
}
