//! The one way in which an order that exists moves.

use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Scope};
use savdo_domain::order::{Hand, HistorySource, OrderRefusal, OrderStatus, Transition};
use savdo_domain::stock::{DocumentType, LocationKind, MovementReason, Place};
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::Tx;
use savdo_persistence::orders::{self, NewHistory, OrderStep, OrderView};
use serde_json::json;

use super::seen;
use crate::Result;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::events::{self, Event};
use crate::stock::ledger::{self, Document};

/// A step that was judged.
#[derive(Debug, Clone, Copy)]
struct Step<'a> {
    /// The order as it was judged.
    order: &'a OrderView,
    /// From where to where.
    transition: Transition,
    /// Whose hand moves it.
    hand: Hand,
    /// What is said to it; the reason of a cancel.
    comment: &'a str,
    /// When.
    at: DateTime<Utc>,
}

/// What somebody wants of an order, judged by the table of transitions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    /// From where to where.
    pub(super) transition: Transition,
    /// What is said to it; the reason of a cancel.
    pub(super) comment: &'a str,
    /// What the caller calls a reason, for when it is missing.
    pub(super) reason_field: &'static str,
}

/// Takes a step by hand; the one path of every cancel, whatever the request called it.
///
/// # Errors
/// The field where a cancel must say why and does not; those of [`take`].
pub(super) fn take_by_hand(
    tx: &mut Tx<'_>,
    actor: &Actor,
    at: DateTime<Utc>,
    order: &OrderView,
    wish: Wish<'_>,
) -> Result<()> {
    let hand = seen::hand(actor, order);
    let is_cancel = wish.transition.to == OrderStatus::Cancelled;
    if is_cancel && seen::facts(order).needs_reason(hand) && wish.comment.is_empty() {
        return Err(Refusal::field(wish.reason_field, FieldProblem::Required).into());
    }
    let step = Step {
        order,
        transition: wish.transition,
        hand,
        comment: wish.comment,
        at,
    };
    take(tx, &Author::from(actor), &step)
}

/// Takes the step with all that goes with it: the order's row first, then levels by product id, audit and event last.
///
/// # Errors
/// [`OrderRefusal::IllegalTransition`] when somebody else moved the order since it was judged.
fn take(tx: &mut Tx<'_>, author: &Author, step: &Step<'_>) -> Result<()> {
    let Step {
        order, transition, at, ..
    } = *step;
    let is_cancel = transition.to == OrderStatus::Cancelled;
    let change = OrderStep {
        store_id: order.store.id,
        order_id: order.id,
        transition,
        judged: order.payment_status,
        cancel_reason: if is_cancel { step.comment } else { "" },
        at,
    };
    if !orders::write::advance(tx, &change)? {
        return Err(lost(tx, step)?.into());
    }
    let history = NewHistory {
        store_id: order.store.id,
        order_id: order.id,
        from: transition.from,
        to: transition.to,
        actor_id: author.user_id,
        source: HistorySource::User,
        comment: step.comment,
        at,
    };
    orders::write::insert_history(tx, &history)?;
    if is_cancel {
        give_back(tx, author, step)?;
    }
    leave_traces(tx, author, step)
}

/// The goods of the order go back into the batches they came from.
fn give_back(tx: &mut Tx<'_>, author: &Author, step: &Step<'_>) -> Result<()> {
    let order = step.order;
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
        day: order.store.zone.day(step.at),
        at: step.at,
        description: "",
    };
    ledger::put_back(tx, &document, DocumentType::Order, order.id.get())
}

fn leave_traces(tx: &mut Tx<'_>, author: &Author, step: &Step<'_>) -> Result<()> {
    let order = step.order;
    let Transition {
        from,
        to,
        payment_status,
    } = step.transition;
    let (action, event) = match to {
        OrderStatus::Cancelled => (Action::Cancel, Event::OrderCancelled),
        OrderStatus::Delivered => (Action::Status, Event::OrderDelivered),
        OrderStatus::Draft
        | OrderStatus::AwaitingPrescription
        | OrderStatus::AwaitingPayment
        | OrderStatus::Paid
        | OrderStatus::Preparing
        | OrderStatus::ReadyForDelivery
        | OrderStatus::OnTheWay => (Action::Status, Event::OrderStatusChanged),
    };
    let entry = Entry {
        store_id: Some(order.store.id),
        action,
        subject_type: Subject::Order,
        subject_id: order.id.get(),
        description: format!("Buyurtma №{}: {from} → {to}", order.id),
        details: Some(json!({ "changes": { "status": { "old": from, "new": to } }, "comment": step.comment })),
    };
    audit::record(tx, author, step.at, entry)?;
    let payload = json!({
        "order_id": order.id,
        "store_id": order.store.id,
        "from": from,
        "to": to,
        "payment_status": payment_status,
        "total_price": order.total_price,
    });
    let subject = ("order", order.id.get());
    events::publish(tx, order.store.id, step.at, event, subject, &payload)?;
    Ok(())
}

/// Where the order stands instead: the answer to whoever came second.
fn lost(tx: &mut Tx<'_>, step: &Step<'_>) -> Result<Refusal> {
    let scope = Scope::Store(step.order.store.id);
    let order = orders::read::find(tx, &scope, step.order.id)?.ok_or(Refusal::NotFound)?;
    let refusal = OrderRefusal::IllegalTransition {
        from: order.status,
        to: step.transition.to,
        allowed: seen::facts(&order).allowed_statuses(step.hand),
    };
    Ok(refusal.into())
}
