//! Looking at the steps that an order took.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::OrderId;
use savdo_persistence::orders::{self, HistoryView, OrderView};

use crate::{Context, Result};

/// The order and its steps, the oldest first.
///
/// # Errors
/// [`Refusal::NotFound`] for an order that the caller does not see, and the refusal of a blocked store.
pub fn history(context: &Context, actor: &Actor, order_id: OrderId) -> Result<(OrderView, Vec<HistoryView>)> {
    let scope = actor.order_scope()?;
    context.database().read("order_history", |reader| {
        let order = orders::read::find(reader, &scope, order_id)?.ok_or(Refusal::NotFound)?;
        let steps = orders::read::history(reader, order.store.id, order.id)?;
        Ok((order, steps))
    })
}
