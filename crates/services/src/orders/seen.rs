//! An order as one caller sees it: its lines, and what he may do to it now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use savdo_domain::access::Actor;
use savdo_domain::ids::OrderId;
use savdo_domain::order::{Hand, OrderFacts, OrderStatus};
use savdo_persistence::orders::{self, OrderLineView, OrderView};
use savdo_persistence::{Error, Reader};

/// An order as one caller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSeen {
    /// The order.
    pub order: OrderView,
    /// Its lines, in their order.
    pub lines: Vec<OrderLineView>,
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
    let seen = shown.into_iter().map(|order| {
        let lines = lines.remove(&order.id).unwrap_or_default();
        seen(actor, now, order, lines)
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
    Ok(seen(actor, now, order, lines))
}

/// What an order is judged by. Nobody carries it yet: deliveries come with their own part.
pub(super) const fn facts(order: &OrderView) -> OrderFacts {
    OrderFacts {
        status: order.status,
        payment_method: order.payment_method,
        payment_status: order.payment_status,
        has_courier: false,
    }
}

/// Whose hand `actor` lends to the order.
pub(super) fn hand(actor: &Actor, order: &OrderView) -> Hand {
    actor.hand_in(order.store.id, order.buyer.id)
}

fn seen(actor: &Actor, now: DateTime<Utc>, order: OrderView, lines: Vec<OrderLineView>) -> OrderSeen {
    let (facts, hand) = (facts(&order), hand(actor, &order));
    let payer = if order.buyer.id == actor.user_id {
        Hand::Buyer
    } else {
        hand
    };
    OrderSeen {
        lines,
        allowed_statuses: facts.allowed_statuses(hand),
        can_cancel: facts.can_cancel(hand),
        can_pay: facts.can_pay(payer, order.expires_at, now),
        order,
    }
}
