//! Giving a packed order to a courier.

use anyhow::Context as _;
use savdo_domain::access::{AccessRefusal, Actor, Scope};
use savdo_domain::delivery::{Assignment, DeliveryStatus};
use savdo_domain::ids::{OrderId, UserId};
use savdo_domain::order::Hand;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::deliveries::{self, NewDelivery, NewDeliveryHistory};
use savdo_persistence::orders;

use super::{DeliverySeen, seen};
use crate::audit::{self, Author};
use crate::once::Once;
use crate::orders::{seen as order_seen, traces};
use crate::{Context, Result, events};

/// The wish that somebody carries an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignCourier {
    /// The order.
    pub order_id: OrderId,
    /// The account of the courier.
    pub courier_id: UserId,
}

/// Gives a packed order to a courier of its store, or from one to another; to whom it belongs already nothing changes.
///
/// # Errors
/// [`Refusal::NotFound`] for an order that the caller does not see, [`AccessRefusal::Forbidden`] for buyers and couriers;
/// `courier_id` for anybody but an active courier of the store; those of [`Assignment::of`].
pub fn assign<O: Once<DeliverySeen>>(
    context: &Context,
    actor: &Actor,
    command: AssignCourier,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.order_scope()?;
    let now = context.now();
    let caller = actor.clone();
    once.write(context, actor, "courier_assign", move |tx| {
        let (order, before) = order_seen::locked(tx, &scope, command.order_id)?;
        match order_seen::hand(&caller, &order) {
            Hand::Operator | Hand::Admin => {}
            Hand::Buyer | Hand::Courier => return Err(AccessRefusal::Forbidden.into()),
        }
        let store_id = order.store.id;
        let courier = deliveries::read::hold_courier(tx, store_id, command.courier_id)?;
        let courier = courier.ok_or_else(|| Refusal::field("courier_id", FieldProblem::UnknownObject))?;
        let active = before.filter(|delivery| delivery.status.is_active());
        let carried = active.as_ref().and_then(|delivery| delivery.carried());
        let delivery_id = match (Assignment::of(order.status, carried, courier)?, &active) {
            (Assignment::Unchanged, Some(delivery)) => {
                return seen::one(tx, &caller, &Scope::Store(store_id), delivery.id);
            }
            (Assignment::Swap, Some(delivery)) => {
                let is_ready = deliveries::write::reassign(tx, store_id, delivery.id, courier, now)?;
                is_ready
                    .then_some(())
                    .with_context(|| format!("delivery {} left its order {}", delivery.id, order.id))?;
                delivery.id
            }
            (Assignment::New | Assignment::Swap | Assignment::Unchanged, _) => {
                let new = NewDelivery {
                    store_id,
                    order_id: order.id,
                    courier_id: courier,
                    day: order.store.zone.day(now),
                    at: now,
                };
                deliveries::write::insert(tx, &new)?
            }
        };
        let is_assigned = orders::write::assign(tx, &order, courier, now)?;
        is_assigned
            .then_some(())
            .with_context(|| format!("order {} changed while it was locked", order.id))?;
        let author = Author::from(&caller);
        let history = NewDeliveryHistory {
            store_id,
            delivery_id,
            from: active.as_ref().map(|delivery| delivery.status),
            to: DeliveryStatus::Ready,
            actor_id: author.user_id,
            comment: "",
            at: now,
        };
        deliveries::write::insert_history(tx, &history)?;
        let assigned = seen::one(tx, &caller, &Scope::Store(store_id), delivery_id)?;
        let courier = &assigned.delivery.courier;
        let before = active.as_ref().map(|delivery| delivery.courier.user_id);
        let name = format!("{} {}", courier.first_name, courier.last_name);
        let (entry, news) = traces::of_assignment((&order).into(), delivery_id, (before, courier.user_id), &name);
        audit::record(tx, &author, now, entry)?;
        events::publish(tx, now, &news)?;
        Ok(assigned)
    })
}
