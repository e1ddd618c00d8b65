//! What an order leaves behind: entries of the audit log, and events (payments.md 6.2).
//!
//! Made of plain facts and written by whoever asks for them, so that orders in bulk leave what orders one by one do.

use savdo_domain::Money;
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::{DeliveryId, OrderId, PaymentId, StoreId, TransactionId, UserId};
use savdo_domain::order::{OrderStatus, PaymentStatus, Transition};
use savdo_domain::payment::{PaymentState, Provider};
use savdo_persistence::orders::OrderView;
use serde_json::{Value, json};

use crate::audit::{Action, Entry, Subject};
use crate::events::{Event, News};

/// An order, as far as its traces tell of it.
#[derive(Debug, Clone, Copy)]
pub struct TracedOrder {
    /// The order.
    pub id: OrderId,
    /// Its store.
    pub store_id: StoreId,
    /// What it costs.
    pub total_price: Money,
}

impl From<&OrderView> for TracedOrder {
    fn from(order: &OrderView) -> Self {
        Self {
            id: order.id,
            store_id: order.store.id,
            total_price: order.total_price,
        }
    }
}

/// An order that was placed; it and its money stand so from then on.
#[must_use]
pub fn of_placing(order: TracedOrder, (status, payment_status): (OrderStatus, PaymentStatus)) -> (Entry, News) {
    let description = format!("Buyurtma №{}: {} so'm", order.id, order.total_price);
    let transition = Transition {
        from: OrderStatus::Draft,
        to: status,
        payment_status,
    };
    (
        of_order(order, Action::Create, description, None),
        order_news(order, Event::OrderCreated, transition),
    )
}

/// A step of an order.
#[must_use]
pub fn of_step(order: TracedOrder, transition: Transition, comment: &str) -> (Entry, News) {
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
    let description = format!("Buyurtma №{}: {from} → {to}", order.id);
    let details = json!({ "changes": { "status": { "old": from, "new": to } }, "comment": comment });
    (
        of_order(order, action, description, Some(details)),
        order_news(order, event, transition),
    )
}

/// An order that went to the courier of this name, possibly from another.
#[must_use]
pub fn of_assignment(
    order: TracedOrder,
    delivery_id: DeliveryId,
    (before, now): (Option<UserId>, UserId),
    name: &str,
) -> (Entry, News) {
    let entry = Entry {
        store_id: Some(order.store_id),
        action: Action::Assign,
        subject_type: Subject::Delivery,
        subject_id: delivery_id.get(),
        description: format!("Buyurtma №{}: kuryer {name}", order.id),
        details: Some(json!({ "changes": { "courier_id": { "old": before, "new": now } } })),
    };
    let delivery = (delivery_id, DeliveryStatus::Ready);
    (entry, delivery_news(order, Event::DeliveryAssigned, delivery, now))
}

/// A delivery that was called off while its order waits on; it stood so before.
pub(crate) fn of_calling_off(
    order: TracedOrder,
    (delivery_id, before): (DeliveryId, DeliveryStatus),
    courier_id: UserId,
    reason: &str,
) -> (Entry, News) {
    let now = DeliveryStatus::Canceled;
    let entry = Entry {
        store_id: Some(order.store_id),
        action: Action::Cancel,
        subject_type: Subject::Delivery,
        subject_id: delivery_id.get(),
        description: format!("Buyurtma №{}: yetkazish bekor qilindi", order.id),
        details: Some(json!({ "changes": { "status": { "old": before, "new": now } }, "comment": reason })),
    };
    (entry, of_delivery(order, (delivery_id, now), courier_id))
}

/// A delivery that moved, with its courier's account.
#[must_use]
pub fn of_delivery(order: TracedOrder, delivery: (DeliveryId, DeliveryStatus), courier_id: UserId) -> News {
    delivery_news(order, Event::DeliveryStatusChanged, delivery, courier_id)
}

/// Money of an order that came or went while the order stayed; what is only under way, the logs of its payments tell.
pub(crate) fn of_money_alone(order: TracedOrder, (before, now): (PaymentStatus, PaymentStatus)) -> Option<Entry> {
    let (action, what) = match now {
        PaymentStatus::Unpaid | PaymentStatus::Pending => return None,
        PaymentStatus::Paid => (Action::Update, "naqd qabul qilindi"),
        PaymentStatus::RefundPending => (Action::Update, "qaytarilishi kerak"),
        PaymentStatus::Refunded => (Action::Refund, "qaytarildi"),
    };
    let description = format!("Buyurtma №{}: {} so'm {what}", order.id, order.total_price);
    let details = json!({ "changes": { "payment_status": { "old": before, "new": now } } });
    Some(of_order(order, action, description, Some(details)))
}

/// The order that is paid by cash that came in, by its number and what clients call it; `transition` is the step that brought
/// it. One to `paid` has said so.
#[must_use]
pub fn of_money(order: TracedOrder, transition: Transition, (id, public_id): (PaymentId, &str)) -> Vec<News> {
    let payment = TracedPayment {
        id,
        public_id,
        provider: Provider::Cash,
        state: PaymentState::Success,
        amount: order.total_price,
    };
    let mut news: Vec<News> = of_payment(order, payment).into_iter().collect();
    if transition.to != OrderStatus::Paid {
        news.push(of_paid(order, transition));
    }
    news
}

/// An order that is paid, by the step that brought its money.
pub(crate) fn of_paid(order: TracedOrder, transition: Transition) -> News {
    order_news(order, Event::OrderPaid, transition)
}

/// A payment, as far as its traces tell of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TracedPayment<'a> {
    /// The payment.
    pub(crate) id: PaymentId,
    /// What clients call it.
    pub(crate) public_id: &'a str,
    /// Who takes the money.
    pub(crate) provider: Provider,
    /// Where it stands now.
    pub(crate) state: PaymentState,
    /// How much.
    pub(crate) amount: Money,
}

/// A payment whose money somebody gave back by hand.
pub(crate) fn of_refund(
    order: TracedOrder,
    payment: TracedPayment<'_>,
    reason: &str,
    reference: Option<&str>,
) -> Entry {
    Entry {
        store_id: Some(order.store_id),
        action: Action::Refund,
        subject_type: Subject::Payment,
        subject_id: payment.id.get(),
        description: format!(
            "To'lov {}: {} so'm qo'lda qaytarildi (buyurtma №{})",
            payment.public_id, payment.amount, order.id
        ),
        details: Some(json!({ "reason": reason, "reference": reference })),
    }
}

/// Late money that somebody found by its transaction, and the payment that it got.
pub(crate) fn of_found_money(
    order: TracedOrder,
    payment: PaymentId,
    (transaction, amount): (TransactionId, Money),
) -> Entry {
    Entry {
        store_id: Some(order.store_id),
        action: Action::Create,
        subject_type: Subject::Payment,
        subject_id: payment.get(),
        description: format!(
            "Buyurtma №{}: bekor qilingan urinish bo'yicha Click olgan {amount} so'm topildi",
            order.id
        ),
        details: Some(json!({ "transaction_id": transaction, "amount": amount })),
    }
}

/// A payment that came in, failed or went back.
pub(crate) fn of_payment(order: TracedOrder, payment: TracedPayment<'_>) -> Option<News> {
    let event = match payment.state {
        PaymentState::Pending | PaymentState::Processing | PaymentState::Cancelled => return None,
        PaymentState::Success => Event::PaymentSucceeded,
        PaymentState::Failed => Event::PaymentFailed,
        PaymentState::Refunded => Event::PaymentRefunded,
    };
    Some(News {
        store_id: order.store_id,
        event,
        subject: ("payment", payment.id.get()),
        payload: json!({
            "payment_id": payment.public_id,
            "order_id": order.id,
            "store_id": order.store_id,
            "provider": payment.provider,
            "amount": payment.amount,
        }),
    })
}

/// A provider's transaction that somebody must look after.
pub(crate) fn of_transaction(order: TracedOrder, event: Event, id: TransactionId) -> News {
    News {
        store_id: order.store_id,
        event,
        subject: ("provider_transaction", id.get()),
        payload: json!({ "transaction_id": id, "order_id": order.id, "store_id": order.store_id }),
    }
}

fn of_order(order: TracedOrder, action: Action, description: String, details: Option<Value>) -> Entry {
    Entry {
        store_id: Some(order.store_id),
        action,
        subject_type: Subject::Order,
        subject_id: order.id.get(),
        description,
        details,
    }
}

fn order_news(order: TracedOrder, event: Event, transition: Transition) -> News {
    let Transition {
        from,
        to,
        payment_status,
    } = transition;
    News {
        store_id: order.store_id,
        event,
        subject: ("order", order.id.get()),
        payload: json!({
            "order_id": order.id,
            "store_id": order.store_id,
            "from": from,
            "to": to,
            "payment_status": payment_status,
            "total_price": order.total_price,
        }),
    }
}

fn delivery_news(
    order: TracedOrder,
    event: Event,
    (id, status): (DeliveryId, DeliveryStatus),
    courier_id: UserId,
) -> News {
    News {
        store_id: order.store_id,
        event,
        subject: ("delivery", id.get()),
        payload: json!({
            "delivery_id": id,
            "order_id": order.id,
            "store_id": order.store_id,
            "status": status,
            "courier_id": courier_id,
        }),
    }
}
