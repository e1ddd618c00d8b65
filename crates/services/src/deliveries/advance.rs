//! Moving a delivery on: the courier sets out, and hands over.

use savdo_domain::access::{AccessRefusal, Actor};
use savdo_domain::coded::Coded;
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::DeliveryId;
use savdo_domain::order::{Hand, HistorySource};
use savdo_domain::{FieldProblem, Money, Refusal};
use savdo_persistence::deliveries;

use super::{DeliverySeen, seen};
use crate::once::Once;
use crate::orders::seen as order_seen;
use crate::orders::step::{self, Judged, Wish};
use crate::{Context, Result};

/// The wish to set the status of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvanceDelivery {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The code of the status.
    pub status: String,
    /// What is said to it.
    pub comment: String,
    /// The cash that was handed over with the goods.
    pub cash_received: Option<Money>,
}

/// Sets the status of a delivery, and with it that of its order.
///
/// # Errors
/// [`AccessRefusal::Forbidden`] for whoever only orders; [`Refusal::NotFound`] for a delivery that the caller does not see; `status`
/// for any but the two that are set by hand; [`AccessRefusal::Forbidden`] for an operator;
/// [`DeliveryRefusal`](savdo_domain::delivery::DeliveryRefusal) for a delivery that does not go there; then as setting the status
/// of the order.
pub fn advance<O: Once<DeliverySeen>>(
    context: &Context,
    actor: &Actor,
    command: AdvanceDelivery,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.delivery_scope()?;
    let now = context.now();
    let caller = actor.clone();
    once.write(context, actor, "delivery_advance", move |tx| {
        let delivery = deliveries::read::find(tx, &scope, command.delivery_id)?.ok_or(Refusal::NotFound)?;
        let to = DeliveryStatus::from_code(&command.status)
            .filter(|to| DeliveryStatus::BY_HAND.contains(to))
            .ok_or_else(|| {
                let value = command.status.clone();
                Refusal::field("status", FieldProblem::UnknownChoice { value })
            })?;
        let hand = order_seen::hand(&caller, &delivery.order);
        if hand == Hand::Operator {
            return Err(AccessRefusal::Forbidden.into());
        }
        delivery.status.check_step(to)?;
        let active = order_seen::delivery(tx, &delivery.order)?;
        let judged = Judged {
            order: &delivery.order,
            delivery: active.as_ref().filter(|active| active.id == delivery.id),
        };
        let transition = order_seen::facts(judged).set_status(hand, to.of_order(), command.cash_received)?;
        let wish = Wish {
            transition,
            comment: &command.comment,
            reason_field: "comment",
            source: HistorySource::Delivery,
        };
        step::take_by_hand(tx, &caller, now, judged, wish)?;
        seen::one(tx, &caller, &scope, command.delivery_id)
    })
}
