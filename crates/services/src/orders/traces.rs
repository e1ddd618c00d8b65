//! What an order leaves behind: entries of the audit log, and events (payments.md 6.2).

use chrono::{DateTime, Utc};
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::DeliveryId;
use savdo_domain::order::{OrderStatus, PaymentStatus, Transition};
use savdo_domain::payment::Provider;
use savdo_persistence::Tx;
use savdo_persistence::deliveries::{CourierView, OrderDeliveryView};
use savdo_persistence::orders::OrderView;
use serde_json::{Value, json};

use super::money::Received;
use super::step::Cause;
use crate::Result;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::events::{self, Event};

/// A step of an order.
pub(super) fn of_step(tx: &mut Tx<'_>, order: &OrderView, transition: Transition, cause: &Cause<'_>) -> Result<()> {
    let Transition { from, to, .. } = transition;
    let (action, event) = match to {
        OrderStatus::Cancelled => (Action::Cancel, Event::OrderCancelled),
        OrderStatus::Delivered => (Action::Status, Event::OrderDelivered),
        OrderStatus::Paid => (Action::Status, Event::OrderPaid),
        OrderStatus::Draft
        | OrderStatus::AwaitingPrescription
        | OrderStatus::AwaitingPayment
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
        details: Some(json!({ "changes": { "status": { "old": from, "new": to } }, "comment": cause.comment })),
    };
    audit::record(tx, cause.author, cause.at, entry)?;
    publish(tx, order, event, transition, cause.at)
}

/// An order that went to a courier, or from one to another.
pub(crate) fn of_assignment(
    tx: &mut Tx<'_>,
    order: &OrderView,
    delivery_id: DeliveryId,
    (before, now): (Option<&CourierView>, &CourierView),
    (author, at): (&Author, DateTime<Utc>),
) -> Result<()> {
    let entry = Entry {
        store_id: Some(order.store.id),
        action: Action::Assign,
        subject_type: Subject::Delivery,
        subject_id: delivery_id.get(),
        description: format!("Buyurtma №{}: kuryer {} {}", order.id, now.first_name, now.last_name),
        details: Some(json!({
            "changes": { "courier_id": { "old": before.map(|courier| courier.user_id), "new": now.user_id } },
        })),
    };
    audit::record(tx, author, at, entry)?;
    let payload = delivery_payload(order, (delivery_id, DeliveryStatus::Ready), now);
    let subject = ("delivery", delivery_id.get());
    events::publish(tx, order.store.id, at, Event::DeliveryAssigned, subject, &payload)?;
    Ok(())
}

/// A delivery that was called off while its order waits on.
pub(crate) fn of_calling_off(
    tx: &mut Tx<'_>,
    order: &OrderView,
    delivery: &OrderDeliveryView,
    reason: &str,
    (author, at): (&Author, DateTime<Utc>),
) -> Result<()> {
    let (old, new) = (delivery.status, DeliveryStatus::Canceled);
    let entry = Entry {
        store_id: Some(order.store.id),
        action: Action::Cancel,
        subject_type: Subject::Delivery,
        subject_id: delivery.id.get(),
        description: format!("Buyurtma №{}: yetkazish bekor qilindi", order.id),
        details: Some(json!({ "changes": { "status": { "old": old, "new": new } }, "comment": reason })),
    };
    audit::record(tx, author, at, entry)?;
    of_delivery(tx, order, (delivery.id, new), &delivery.courier, at)
}

/// A delivery that moved.
pub(super) fn of_delivery(
    tx: &mut Tx<'_>,
    order: &OrderView,
    (delivery_id, status): (DeliveryId, DeliveryStatus),
    courier: &CourierView,
    at: DateTime<Utc>,
) -> Result<()> {
    let payload = delivery_payload(order, (delivery_id, status), courier);
    let subject = ("delivery", delivery_id.get());
    events::publish(tx, order.store.id, at, Event::DeliveryStatusChanged, subject, &payload)?;
    Ok(())
}

/// Cash that changes the money of an order and not where it stands.
pub(super) fn of_cash(tx: &mut Tx<'_>, order: &OrderView, author: &Author, at: DateTime<Utc>) -> Result<()> {
    let (old, new) = (order.payment_status, PaymentStatus::Paid);
    let entry = Entry {
        store_id: Some(order.store.id),
        action: Action::Update,
        subject_type: Subject::Order,
        subject_id: order.id.get(),
        description: format!("Buyurtma №{}: {} so'm naqd qabul qilindi", order.id, order.total_price),
        details: Some(json!({ "changes": { "payment_status": { "old": old, "new": new } } })),
    };
    audit::record(tx, author, at, entry)?;
    Ok(())
}

/// Money that came in, and the order that is paid by it; `transition` is the step that brought it. One to `paid` has said so.
pub(super) fn of_money(
    tx: &mut Tx<'_>,
    order: &OrderView,
    transition: Transition,
    payment: &Received,
    at: DateTime<Utc>,
) -> Result<()> {
    let payload = json!({
        "payment_id": payment.public_id,
        "order_id": order.id,
        "store_id": order.store.id,
        "provider": Provider::Cash,
        "amount": order.total_price,
    });
    let subject = ("payment", payment.id.get());
    events::publish(tx, order.store.id, at, Event::PaymentSucceeded, subject, &payload)?;
    if transition.to == OrderStatus::Paid {
        return Ok(());
    }
    publish(tx, order, Event::OrderPaid, transition, at)
}

fn publish(tx: &mut Tx<'_>, order: &OrderView, event: Event, transition: Transition, at: DateTime<Utc>) -> Result<()> {
    let Transition {
        from,
        to,
        payment_status,
    } = transition;
    let payload = json!({
        "order_id": order.id,
        "store_id": order.store.id,
        "from": from,
        "to": to,
        "payment_status": payment_status,
        "total_price": order.total_price,
    });
    let subject = ("order", order.id.get());
    events::publish(tx, order.store.id, at, event, subject, &payload)?;
    Ok(())
}

fn delivery_payload(order: &OrderView, (id, status): (DeliveryId, DeliveryStatus), courier: &CourierView) -> Value {
    json!({
        "delivery_id": id,
        "order_id": order.id,
        "store_id": order.store.id,
        "status": status,
        "courier_id": courier.user_id,
    })
}
