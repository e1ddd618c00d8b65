//! Looking at one order.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::OrderId;
use savdo_persistence::orders;

use super::{OrderSeen, seen};
use crate::{Context, Result};

/// An order that the caller sees.
///
/// # Errors
/// [`Refusal::NotFound`] for any other, and the refusal of a blocked store.
pub fn view(context: &Context, actor: &Actor, order_id: OrderId) -> Result<OrderSeen> {
    let scope = actor.order_scope()?;
    let now = context.now();
    context.database().read("order_view", |reader| {
        let order = orders::read::find(reader, &scope, order_id)?.ok_or(Refusal::NotFound)?;
        Ok(seen::one(reader, actor, now, order)?)
    })
}
