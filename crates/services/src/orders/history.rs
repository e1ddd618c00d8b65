//! Looking at the steps that an order took.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::{OrderId, UserId};
use savdo_domain::order::Hand;
use savdo_persistence::orders::{self, HistoryView, OrderView};

use super::seen;
use crate::{Context, Result};

/// The steps of an order as one caller sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistorySeen {
    /// The order.
    pub order: OrderView,
    /// Its steps, the oldest first.
    pub steps: Vec<HistoryView>,
    /// The one account that a buyer is told of, his own; `None` tells of all.
    pub shown_only: Option<UserId>,
}

/// The order and its steps, the oldest first.
///
/// # Errors
/// [`Refusal::NotFound`] for an order that the caller does not see, and the refusal of a blocked store.
pub fn history(context: &Context, actor: &Actor, order_id: OrderId) -> Result<HistorySeen> {
    let scope = actor.order_scope()?;
    context.database().read("order_history", |reader| {
        let order = orders::read::find(reader, &scope, order_id)?.ok_or(Refusal::NotFound)?;
        let steps = orders::read::history(reader, order.store.id, order.id)?;
        let is_buyer = seen::hand(actor, &order) == Hand::Buyer;
        let shown_only = is_buyer.then_some(order.buyer.id);
        Ok(HistorySeen {
            order,
            steps,
            shown_only,
        })
    })
}
