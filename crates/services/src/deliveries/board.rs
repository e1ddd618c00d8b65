//! The staff's board of deliveries, and what a courier may know of a colleague's.

use savdo_domain::access::{Actor, Scope};
use savdo_domain::ids::DeliveryId;
use savdo_persistence::deliveries::{self, DeliveryFilter, DeliveryView};

use crate::{Context, Listed, Page, Result};

/// A page of the deliveries that the caller gives out, the newest first.
///
/// # Errors
/// [`AccessRefusal::Forbidden`](savdo_domain::access::AccessRefusal::Forbidden) for all but staff; the refusal of a blocked store.
pub fn board(context: &Context, actor: &Actor, filter: DeliveryFilter, page: &Page) -> Result<Listed<DeliveryView>> {
    let scope = actor.dispatch_scope()?;
    context.list(actor, "delivery_board", page, |reader, wanted| {
        Ok(deliveries::list(reader, &scope, &filter, wanted)?)
    })
}

/// Whether the caller is a courier, and the delivery one of his store: of one that he does not carry that is all he learns.
///
/// # Errors
/// [`AccessRefusal::Forbidden`](savdo_domain::access::AccessRefusal::Forbidden) for whoever only orders; the refusal of a blocked
/// store.
pub fn is_of_couriers_store(context: &Context, actor: &Actor, delivery_id: DeliveryId) -> Result<bool> {
    let Scope::Assigned { store, .. } = actor.delivery_scope()? else {
        return Ok(false);
    };
    let scope = Scope::Store(store);
    let found = context.database().read("delivery_of_store", |reader| {
        deliveries::read::find(reader, &scope, delivery_id)
    })?;
    Ok(found.is_some())
}
