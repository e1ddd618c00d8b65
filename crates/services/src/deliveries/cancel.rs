//! Calling a delivery off: the order waits for another courier, or is cancelled with it.

use anyhow::Context as _;
use savdo_domain::Refusal;
use savdo_domain::access::{AccessRefusal, Actor, Scope};
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::DeliveryId;
use savdo_domain::order::{Hand, HistorySource, OrderStatus};
use savdo_persistence::Tx;
use savdo_persistence::deliveries::{self, DeliveryStep, NewDeliveryHistory, OrderDeliveryView};
use savdo_persistence::orders::{self, OrderView};

use super::{DeliverySeen, seen};
use crate::audit::{self, Author};
use crate::once::Once;
use crate::orders::step::{self, Judged, Wish};
use crate::orders::{seen as order_seen, traces};
use crate::{Context, Result, events};

/// The wish to call a delivery off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelDelivery {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// Why.
    pub reason: String,
    /// Whether the order is cancelled with it.
    pub cancel_order: bool,
}

/// Calls a delivery off. Its order waits, packed, for another courier, or is cancelled with it.
///
/// # Errors
/// [`AccessRefusal::Forbidden`] for whoever only orders, and for couriers; [`Refusal::NotFound`] for a delivery that the caller does
/// not see; [`DeliveryRefusal`](savdo_domain::delivery::DeliveryRefusal) for one that has ended; with the order as cancelling it.
pub fn cancel<O: Once<DeliverySeen>>(
    context: &Context,
    actor: &Actor,
    command: CancelDelivery,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.delivery_scope()?;
    let now = context.now();
    let caller = actor.clone();
    once.write(context, actor, "delivery_cancel", move |tx| {
        let found = deliveries::read::find(tx, &scope, command.delivery_id)?.ok_or(Refusal::NotFound)?;
        let hand = order_seen::hand(&caller, &found.order);
        match hand {
            Hand::Operator | Hand::Admin => {}
            Hand::Buyer | Hand::Courier => return Err(AccessRefusal::Forbidden.into()),
        }
        let (order, delivery) = order_seen::locked(tx, &Scope::Store(found.order.store.id), found.order.id)?;
        // Read again under the lock of the order.
        let found = deliveries::read::find(tx, &scope, command.delivery_id)?.ok_or(Refusal::NotFound)?;
        found.status.check_step(DeliveryStatus::Canceled)?;
        let delivery = delivery.with_context(|| format!("order {} has lost its delivery {}", order.id, found.id))?;
        let judged = Judged {
            order: &order,
            delivery: Some(&delivery),
        };
        let facts = order_seen::facts(judged);
        let transition = match (command.cancel_order, order.status) {
            (true, _) => Some(facts.cancel(hand)?),
            (false, OrderStatus::OnTheWay) => Some(facts.step(OrderStatus::ReadyForDelivery)?),
            (false, _) => None,
        };
        match transition {
            Some(transition) => {
                let wish = Wish {
                    transition,
                    comment: &command.reason,
                    reason_field: "reason",
                    source: HistorySource::Delivery,
                };
                step::take_by_hand(tx, &caller, now, judged, wish)?;
            }
            None => call_off(tx, &Author::from(&caller), (&order, &delivery), &command.reason, now)?,
        }
        seen::one(tx, &caller, &scope, command.delivery_id)
    })
}

/// The delivery alone ends; its order stays packed.
fn call_off(
    tx: &mut Tx<'_>,
    author: &Author,
    (order, delivery): (&OrderView, &OrderDeliveryView),
    reason: &str,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let step = DeliveryStep {
        store_id: order.store.id,
        delivery_id: delivery.id,
        from: delivery.status,
        to: DeliveryStatus::Canceled,
        note: reason,
        at,
    };
    let is_free = orders::write::release(tx, order, at)? && deliveries::write::advance(tx, &step)?;
    is_free
        .then_some(())
        .with_context(|| format!("order {} changed while it was locked", order.id))?;
    let history = NewDeliveryHistory {
        store_id: order.store.id,
        delivery_id: delivery.id,
        from: Some(delivery.status),
        to: DeliveryStatus::Canceled,
        actor_id: author.user_id,
        comment: reason,
        at,
    };
    deliveries::write::insert_history(tx, &history)?;
    let (entry, news) = traces::of_calling_off(
        order.into(),
        (delivery.id, delivery.status),
        delivery.courier.user_id,
        reason,
    );
    audit::record(tx, author, at, entry)?;
    events::publish(tx, at, &news)?;
    Ok(())
}
