//! An order as one caller sees it: its lines, and what he may do to it now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Scope};
use savdo_domain::ids::OrderId;
use savdo_domain::order::{Hand, OrderFacts, OrderStatus};
use savdo_persistence::deliveries::{self, OrderDeliveryView};
use savdo_persistence::orders::{self, OrderLineView, OrderView};
use savdo_persistence::{Error, Reader, Tx, prescriptions};

use super::step::Judged;

/// An order as one caller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSeen {
    /// The order.
    pub order: OrderView,
    /// Its lines, in their order.
    pub lines: Vec<OrderLineView>,
    /// The last delivery of an order that a courier has or had.
    pub delivery: Option<OrderDeliveryView>,
    /// Whether a prescription for it is pending or approved.
    pub has_prescription: bool,
    /// Whether this caller may call the buyer: a courier no longer once the delivery has ended.
    pub shows_buyer_phone: bool,
    /// Whether this caller may call the courier: the buyer while he is on the way.
    pub shows_courier_phone: bool,
    /// The statuses that this caller may set now.
    pub allowed_statuses: Vec<OrderStatus>,
    /// Whether this caller may cancel now.
    pub can_cancel: bool,
    /// Whether this caller may pay now.
    pub can_pay: bool,
}

/// Adds to each order its lines and what `actor` may do to it.
pub(super) fn all(
    reader: &mut Reader<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
    shown: Vec<OrderView>,
) -> Result<Vec<OrderSeen>, Error> {
    let mut lines: BTreeMap<OrderId, Vec<OrderLineView>> = BTreeMap::new();
    for line in orders::read::lines(reader, &shown)? {
        lines.entry(line.order_id).or_default().push(line);
    }
    let mut carried = deliveries::read::of_orders(reader, &shown)?;
    let uploaded = prescriptions::read::uploaded(reader, &shown)?;
    let seen = shown.into_iter().map(|order| {
        let lines = lines.remove(&order.id).unwrap_or_default();
        let delivery = carried.remove(&order.id);
        let has_prescription = uploaded.contains(&order.id);
        seen(actor, now, order, lines, delivery, has_prescription)
    });
    Ok(seen.collect())
}

/// As [`all`], of one order.
pub(super) fn one(
    reader: &mut Reader<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
    order: OrderView,
) -> Result<OrderSeen, Error> {
    let lines = orders::read::lines(reader, std::slice::from_ref(&order))?;
    let delivery = delivery(reader, &order)?;
    let uploaded = prescriptions::read::uploaded(reader, std::slice::from_ref(&order))?;
    let has_prescription = uploaded.contains(&order.id);
    Ok(seen(actor, now, order, lines, delivery, has_prescription))
}

/// As [`one`], of an order that was just placed: nobody carries it, and no prescription for it is here.
pub(super) fn placed(actor: &Actor, now: DateTime<Utc>, order: OrderView, lines: Vec<OrderLineView>) -> OrderSeen {
    seen(actor, now, order, lines, None, false)
}

/// The last delivery of an order that a courier has or had.
pub(crate) fn delivery(reader: &mut Reader<'_>, order: &OrderView) -> Result<Option<OrderDeliveryView>, Error> {
    Ok(deliveries::read::of_orders(reader, std::slice::from_ref(order))?.remove(&order.id))
}

/// An order of the scope with its last delivery, both as they stay until the end of the transaction.
///
/// # Errors
/// [`Refusal::NotFound`] for any other, failed statements.
pub(crate) fn locked(
    tx: &mut Tx<'_>,
    scope: &Scope,
    order_id: OrderId,
) -> crate::Result<(OrderView, Option<OrderDeliveryView>)> {
    let order = match scope {
        Scope::Store(store_id) => orders::read::find_locked(tx, *store_id, order_id)?,
        wider => {
            let order = orders::read::find(tx, wider, order_id)?.ok_or(Refusal::NotFound)?;
            orders::write::lock(tx, order.store.id, order_id)?;
            orders::read::find(tx, wider, order_id)?
        }
    };
    let order = order.ok_or(Refusal::NotFound)?;
    let delivery = delivery(tx, &order)?;
    Ok((order, delivery))
}

/// What an order is judged by.
pub(crate) fn facts(Judged { order, delivery }: Judged<'_>) -> OrderFacts {
    OrderFacts {
        status: order.status,
        payment_method: order.payment_method,
        payment_status: order.payment_status,
        total_price: order.total_price,
        has_courier: delivery.is_some_and(|delivery| delivery.status.is_active()),
    }
}

/// Whose hand `actor` lends to the order.
pub(crate) fn hand(actor: &Actor, order: &OrderView) -> Hand {
    actor.hand_in(order.store.id, order.buyer.id)
}

fn seen(
    actor: &Actor,
    now: DateTime<Utc>,
    order: OrderView,
    lines: Vec<OrderLineView>,
    delivery: Option<OrderDeliveryView>,
    has_prescription: bool,
) -> OrderSeen {
    let judged = Judged {
        order: &order,
        delivery: delivery.as_ref(),
    };
    let (facts, hand) = (facts(judged), hand(actor, &order));
    let is_buyer = order.buyer.id == actor.user_id;
    let payer = if is_buyer { Hand::Buyer } else { hand };
    OrderSeen {
        allowed_statuses: facts.allowed_statuses(hand),
        can_cancel: facts.can_cancel(hand),
        can_pay: facts.can_pay(payer, order.expires_at, now),
        shows_buyer_phone: hand != Hand::Courier || facts.has_courier,
        shows_courier_phone: hand != Hand::Buyer || order.status == OrderStatus::OnTheWay,
        order,
        lines,
        delivery,
        has_prescription,
    }
}
