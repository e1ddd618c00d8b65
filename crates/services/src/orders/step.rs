//! The one way in which an order that exists moves.

use chrono::{DateTime, Utc};
use savdo_domain::Refusal;
use savdo_domain::access::Scope;
use savdo_domain::order::{Hand, HistorySource, OrderRefusal, OrderStatus, Transition};
use savdo_domain::stock::{DocumentType, LocationKind, MovementReason, Place};
use savdo_persistence::Tx;
use savdo_persistence::orders::{self, NewHistory, OrderStep, OrderView};
use serde_json::json;

use super::{SUBJECT, seen};
use crate::Result;
use crate::audit::{self, Action, Author, Entry};
use crate::events::{self, Event};
use crate::stock::ledger::{self, Document};

/// A step that was judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'a> {
    /// The order as it was judged.
    pub(super) order: &'a OrderView,
    /// From where to where.
    pub(super) transition: Transition,
    /// Whose hand moves it.
    pub(super) hand: Hand,
    /// What is said to it; the reason of a cancel.
    pub(super) comment: &'a str,
    /// When.
    pub(super) at: DateTime<Utc>,
}

/// Takes the step with all that goes with it: the order's row first, then levels by product id, audit and event last.
///
/// # Errors
/// [`OrderRefusal::IllegalTransition`] when somebody else moved the order since it was judged.
pub(super) fn take(tx: &mut Tx<'_>, author: &Author, step: &Step<'_>) -> Result<()> {
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
        row: _,
        from,
        to,
        payment_status,
    } = step.transition;
    let (action, event) = if to == OrderStatus::Cancelled {
        (Action::Cancel, Event::OrderCancelled)
    } else {
        (Action::Status, Event::OrderStatusChanged)
    };
    let entry = Entry {
        store_id: Some(order.store.id),
        action,
        subject_type: SUBJECT,
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
    let subject = (SUBJECT, order.id.get());
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
