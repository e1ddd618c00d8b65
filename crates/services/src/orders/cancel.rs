//! Cancelling an order.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::OrderId;
use savdo_domain::order::HistorySource;
use savdo_persistence::orders;

use super::step::{self, Judged, Wish};
use super::{OrderSeen, seen};
use crate::once::Once;
use crate::{Context, Result};

/// The wish to cancel an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelOrder {
    /// The order.
    pub order_id: OrderId,
    /// Why; staff must say so when the order is paid.
    pub reason: String,
}

/// Cancels an order, with its goods back where they came from, once.
///
/// # Errors
/// [`Refusal::NotFound`] for an order that the caller does not see; for one he sees
/// [`OrderRefusal`](savdo_domain::order::OrderRefusal), then `reason` where it must be said.
pub fn cancel<O: Once<OrderSeen>>(
    context: &Context,
    actor: &Actor,
    command: CancelOrder,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.order_scope()?;
    let now = context.now();
    let caller = actor.clone();
    once.write(context, actor, "order_cancel", move |tx| {
        // Judged as it stands under the lock: a provider that opens or ends a transaction meanwhile is no reason to refuse.
        let (order, delivery) = seen::locked(tx, &scope, command.order_id)?;
        let judged = Judged {
            order: &order,
            delivery: delivery.as_ref(),
        };
        let transition = seen::facts(judged).cancel(seen::hand(&caller, &order))?;
        let wish = Wish {
            transition,
            comment: &command.reason,
            reason_field: "reason",
            source: HistorySource::User,
        };
        step::take_by_hand(tx, &caller, now, judged, wish)?;
        let order = orders::read::find(tx, &scope, command.order_id)?.ok_or(Refusal::NotFound)?;
        Ok(seen::one(tx, &caller, now, order)?)
    })
}
