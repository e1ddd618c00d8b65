//! Setting the status of an order by hand.

use savdo_domain::access::Actor;
use savdo_domain::coded::Coded;
use savdo_domain::ids::OrderId;
use savdo_domain::order::{Hand, HistorySource, OrderFacts, OrderRefusal, OrderStatus, Transition};
use savdo_domain::{FieldProblem, Money, Refusal};
use savdo_persistence::orders;

use super::step::{self, Judged, Wish};
use super::{OrderSeen, seen};
use crate::once::Once;
use crate::{Context, Result};

/// The wish to set the status of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvanceOrder {
    /// The order.
    pub order_id: OrderId,
    /// The code of the status; whether there is such a one is judged after whether the caller sees the order.
    pub status: String,
    /// What is said to it; the reason where the target is `cancelled`.
    pub comment: String,
    /// The cash that was handed over with the goods, where the target is `delivered`.
    pub cash_received: Option<Money>,
}

/// Sets the status of an order.
///
/// # Errors
/// In this order: [`Refusal::NotFound`] for an order that the caller does not see, an unknown `status`, then
/// [`OrderRefusal`](savdo_domain::order::OrderRefusal); for a cancel `comment` where a reason must be said.
pub fn advance<O: Once<OrderSeen>>(
    context: &Context,
    actor: &Actor,
    command: AdvanceOrder,
    once: &O,
) -> Result<O::Answer> {
    judged_by(OrderFacts::set_status, context, actor, command, once)
}

/// As [`advance`], but a pair of statuses that no order goes is refused before it is looked at who asks.
///
/// # Errors
/// As [`advance`], in that other order.
pub fn advance_pair_first<O: Once<OrderSeen>>(
    context: &Context,
    actor: &Actor,
    command: AdvanceOrder,
    once: &O,
) -> Result<O::Answer> {
    judged_by(OrderFacts::set_status_pair_first, context, actor, command, once)
}

/// How the wish to set a status is judged.
type Judge = fn(&OrderFacts, Hand, OrderStatus, Option<Money>) -> std::result::Result<Transition, OrderRefusal>;

fn judged_by<O: Once<OrderSeen>>(
    judge: Judge,
    context: &Context,
    actor: &Actor,
    command: AdvanceOrder,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.order_scope()?;
    let now = context.now();
    let caller = actor.clone();
    once.write(context, actor, "order_advance", move |tx| {
        let order = orders::read::find(tx, &scope, command.order_id)?.ok_or(Refusal::NotFound)?;
        let to = OrderStatus::from_code(&command.status).ok_or_else(|| {
            let value = command.status.clone();
            Refusal::field("status", FieldProblem::UnknownChoice { value })
        })?;
        let delivery = seen::delivery(tx, &order)?;
        let judged = Judged {
            order: &order,
            delivery: delivery.as_ref(),
        };
        let hand = seen::hand(&caller, &order);
        let transition = judge(&seen::facts(judged), hand, to, command.cash_received)?;
        let wish = Wish {
            transition,
            comment: &command.comment,
            reason_field: "comment",
            source: HistorySource::User,
        };
        step::take_by_hand(tx, &caller, now, judged, wish)?;
        let order = orders::read::find(tx, &scope, command.order_id)?.ok_or(Refusal::NotFound)?;
        Ok(seen::one(tx, &caller, now, order)?)
    })
}
