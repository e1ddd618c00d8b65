//! The one way in which an order that exists moves.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Scope};
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::order::{Hand, HistorySource, OrderRefusal, OrderStatus, PaymentStatus, Transition};
use savdo_domain::stock::{DocumentType, LocationKind, MovementReason, Place};
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::deliveries::{self, DeliveryStep, NewDeliveryHistory, OrderDeliveryView};
use savdo_persistence::orders::{self, NewHistory, OrderStep, OrderView};
use savdo_persistence::{Tx, prescriptions};

use super::{money, seen, traces};
use crate::audit::{self, Author};
use crate::payments::bill;
use crate::payments::carry_out::{Call, try_carry_out};
use crate::stock::ledger::{self, Document};
use crate::{Result, events};

/// An order as it was judged, with the delivery that a courier has or had of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged<'a> {
    /// The order.
    pub(crate) order: &'a OrderView,
    /// Its last delivery.
    pub(crate) delivery: Option<&'a OrderDeliveryView>,
}

/// By whom and why an order takes a step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cause<'a> {
    /// Who moves it.
    pub(crate) author: &'a Author,
    /// Which part of the system moves it.
    pub(crate) source: HistorySource,
    /// What is said to it; the reason of a cancel.
    pub(crate) comment: &'a str,
    /// Until when it waits for its buyer from here on.
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// When.
    pub(crate) at: DateTime<Utc>,
}

/// What somebody wants of an order, judged by the table of transitions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// From where to where.
    pub(crate) transition: Transition,
    /// What is said to it; the reason of a cancel.
    pub(crate) comment: &'a str,
    /// What the caller calls a reason, for when it is missing.
    pub(crate) reason_field: &'static str,
    /// Which part of the system moves it.
    pub(crate) source: HistorySource,
}

/// Takes a step by hand; the one path of every cancel, whatever the request called it.
///
/// # Errors
/// The field where a cancel must say why and does not; [`OrderRefusal::IllegalTransition`] when somebody else moved the order,
/// its money or its courier since it was judged; those of [`take`].
pub(crate) fn take_by_hand(
    tx: &mut Tx<'_>,
    actor: &Actor,
    at: DateTime<Utc>,
    judged: Judged<'_>,
    wish: Wish<'_>,
) -> Result<()> {
    let hand = seen::hand(actor, judged.order);
    let is_cancel = wish.transition.to == OrderStatus::Cancelled;
    if is_cancel && seen::facts(judged).needs_reason(hand) && wish.comment.is_empty() {
        return Err(Refusal::field(wish.reason_field, FieldProblem::Required).into());
    }
    let cause = Cause {
        author: &Author::from(actor),
        source: wish.source,
        comment: wish.comment,
        expires_at: None,
        at,
    };
    if !take(tx, judged, wish.transition, &cause)? {
        return Err(lost(tx, judged.order, wish.transition.to, hand)?.into());
    }
    Ok(())
}

/// Takes the step with all that goes with it, its money too, unless the order, its money or its courier changed since it was judged: then
/// `false`, and what was done until then is not to remain. Locks the order, its payments, its prescription, its delivery, the levels by
/// product id; audit and events come last.
///
/// # Errors
/// Those of the ledger, failed statements.
pub(crate) fn take(tx: &mut Tx<'_>, judged: Judged<'_>, transition: Transition, cause: &Cause<'_>) -> Result<bool> {
    if transition.to == OrderStatus::Cancelled {
        return give_up(tx, judged, transition, cause);
    }
    if !advance(tx, judged, transition, cause)? {
        return Ok(false);
    }
    let received = move_cash(tx, judged.order, transition, cause)?;
    follow(tx, judged, transition, cause)?;
    if let Some(received) = received {
        received.tell(tx, judged.order, transition, cause.at)?;
    }
    Ok(true)
}

/// As [`take`], of the order alone: whoever takes the step moves its payments himself.
///
/// # Errors
/// As [`take`].
pub(crate) fn go(tx: &mut Tx<'_>, judged: Judged<'_>, transition: Transition, cause: &Cause<'_>) -> Result<bool> {
    if !advance(tx, judged, transition, cause)? {
        return Ok(false);
    }
    follow(tx, judged, transition, cause)?;
    Ok(true)
}

/// A cancel, with the money that was under way or is here.
fn give_up(tx: &mut Tx<'_>, judged: Judged<'_>, transition: Transition, cause: &Cause<'_>) -> Result<bool> {
    let order = judged.order;
    orders::write::lock(tx, order.store.id, order.id)?;
    let bill = bill::of(tx, judged)?;
    let effects = bill.give_up(transition, cause.at);
    Ok(try_carry_out(tx, judged, &bill, &effects, &Call::of(cause))?.is_some())
}

/// The order stands there from here on, if it stood where it was judged.
fn advance(tx: &mut Tx<'_>, judged: Judged<'_>, transition: Transition, cause: &Cause<'_>) -> Result<bool> {
    let order = judged.order;
    let change = OrderStep {
        store_id: order.store.id,
        order_id: order.id,
        transition,
        judged: order.payment_status,
        courier_id: order.courier_id,
        loses_courier: transition.to == OrderStatus::ReadyForDelivery,
        expires_at: cause.expires_at,
        cancel_reason: if transition.to == OrderStatus::Cancelled {
            cause.comment
        } else {
            ""
        },
        at: cause.at,
    };
    Ok(orders::write::advance(tx, &change)?)
}

/// What goes along with a step that was taken, payments aside.
fn follow(tx: &mut Tx<'_>, judged: Judged<'_>, transition: Transition, cause: &Cause<'_>) -> Result<()> {
    let Judged { order, delivery } = judged;
    let Cause { author, at, .. } = *cause;
    let is_cancel = transition.to == OrderStatus::Cancelled;
    if is_cancel && transition.from == OrderStatus::AwaitingPrescription {
        // Nobody judges it any more, and nobody is told: the cancel says it all.
        prescriptions::write::close_pending(tx, (order.store.id, order.id), "Buyurtma bekor qilindi", at)?;
    }
    let moved = move_delivery(tx, judged, transition, cause)?;
    match transition.to {
        OrderStatus::Cancelled => give_back(tx, order, author, at)?,
        OrderStatus::Delivered => orders::write::count_at_products(tx, order.store.id, order.id)?,
        OrderStatus::Draft
        | OrderStatus::AwaitingPrescription
        | OrderStatus::AwaitingPayment
        | OrderStatus::Paid
        | OrderStatus::Preparing
        | OrderStatus::ReadyForDelivery
        | OrderStatus::OnTheWay => {}
    }
    let history = NewHistory {
        store_id: order.store.id,
        order_id: order.id,
        from: transition.from,
        to: transition.to,
        actor_id: author.user_id,
        source: cause.source,
        comment: cause.comment,
        at,
    };
    orders::write::insert_history(tx, &history)?;
    let (entry, news) = traces::of_step(order.into(), transition, cause.comment);
    audit::record(tx, author, at, entry)?;
    events::publish(tx, at, &news)?;
    if let (Some(delivery), Some(status)) = (delivery, moved) {
        let news = traces::of_delivery(order.into(), (delivery.id, status), delivery.courier.user_id);
        events::publish(tx, at, &news)?;
    }
    Ok(())
}

/// The cash that is here by the step, or expected from here on; what came in.
fn move_cash(
    tx: &mut Tx<'_>,
    order: &OrderView,
    transition: Transition,
    cause: &Cause<'_>,
) -> Result<Option<money::Received>> {
    let is_paid_now = transition.payment_status == PaymentStatus::Paid && order.payment_status != PaymentStatus::Paid;
    if is_paid_now {
        return money::receive_cash(tx, order, cause.author, cause.at).map(Some);
    }
    if transition.to == OrderStatus::Preparing && transition.payment_status == PaymentStatus::Pending {
        money::expect_cash(tx, (order.store.id, order.id), order.total_price, cause.at)?;
    }
    Ok(None)
}

/// The active delivery goes along with its order; where it stands then.
fn move_delivery(
    tx: &mut Tx<'_>,
    judged: Judged<'_>,
    transition: Transition,
    cause: &Cause<'_>,
) -> Result<Option<DeliveryStatus>> {
    let active = judged.delivery.filter(|delivery| delivery.status.is_active());
    let Some((delivery, to)) = active.zip(DeliveryStatus::along(transition.from, transition.to)) else {
        return Ok(None);
    };
    let step = DeliveryStep {
        store_id: judged.order.store.id,
        delivery_id: delivery.id,
        from: delivery.status,
        to,
        note: if to == DeliveryStatus::Canceled {
            cause.comment
        } else {
            ""
        },
        at: cause.at,
    };
    let is_moved = deliveries::write::advance(tx, &step)?;
    is_moved
        .then_some(())
        .with_context(|| format!("delivery {} left its order {}", delivery.id, judged.order.id))?;
    let history = NewDeliveryHistory {
        store_id: judged.order.store.id,
        delivery_id: delivery.id,
        from: Some(delivery.status),
        to,
        actor_id: cause.author.user_id,
        comment: cause.comment,
        at: cause.at,
    };
    deliveries::write::insert_history(tx, &history)?;
    Ok(Some(to))
}

/// The goods of the order go back into the batches they came from.
fn give_back(tx: &mut Tx<'_>, order: &OrderView, author: &Author, at: DateTime<Utc>) -> Result<()> {
    let place = Place {
        location_id: order.location_id,
        kind: LocationKind::Branch,
    };
    let document = Document {
        store_id: order.store.id,
        place,
        document_type: DocumentType::Order,
        document_id: Some(order.id.get()),
        reason: MovementReason::OrderCancel,
        actor_id: author.user_id,
        day: order.store.zone.day(at),
        at,
        description: "",
    };
    ledger::put_back(tx, &document, DocumentType::Order, order.id.get())
}

/// Where the order stands instead: the answer to whoever came second.
fn lost(tx: &mut Tx<'_>, order: &OrderView, to: OrderStatus, hand: Hand) -> Result<Refusal> {
    let scope = Scope::Store(order.store.id);
    let order = orders::read::find(tx, &scope, order.id)?.ok_or(Refusal::NotFound)?;
    let delivery = seen::delivery(tx, &order)?;
    let judged = Judged {
        order: &order,
        delivery: delivery.as_ref(),
    };
    let refusal = OrderRefusal::IllegalTransition {
        from: order.status,
        to,
        allowed: seen::facts(judged).allowed_statuses(hand),
    };
    Ok(refusal.into())
}
