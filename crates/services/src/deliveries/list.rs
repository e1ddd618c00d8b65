//! Looking through deliveries.

use savdo_domain::access::Actor;
use savdo_persistence::deliveries::{self, DeliveryFilter, DeliveryView};

use crate::{Context, Listed, Page, Result};

/// A page of the deliveries that the caller sees, the newest first.
///
/// # Errors
/// [`AccessRefusal::Forbidden`](savdo_domain::access::AccessRefusal::Forbidden) for whoever only orders; the refusal of a blocked
/// store.
pub fn list(context: &Context, actor: &Actor, filter: DeliveryFilter, page: &Page) -> Result<Listed<DeliveryView>> {
    let scope = actor.delivery_scope()?;
    context.list(actor, "delivery_list", page, |reader, wanted| {
        Ok(deliveries::list(reader, &scope, &filter, wanted)?)
    })
}
