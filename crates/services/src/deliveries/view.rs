//! Looking at one delivery.

use savdo_domain::access::Actor;
use savdo_domain::ids::DeliveryId;

use super::{DeliverySeen, seen};
use crate::{Context, Result};

/// A delivery that the caller sees; a courier also what he carried.
///
/// # Errors
/// [`AccessRefusal::Forbidden`](savdo_domain::access::AccessRefusal::Forbidden) for whoever only orders; the refusal of a blocked
/// store; [`Refusal::NotFound`](savdo_domain::Refusal::NotFound) for any other delivery.
pub fn view(context: &Context, actor: &Actor, delivery_id: DeliveryId) -> Result<DeliverySeen> {
    let scope = actor.delivery_scope()?;
    context
        .database()
        .read("delivery_view", |reader| seen::one(reader, actor, &scope, delivery_id))
}
