//! Tells what happened: a row in the outbox, in the transaction of its cause.

use chrono::{DateTime, Utc};
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{EventId, StoreId};
use savdo_persistence::outbox::{NewEvent, insert, tell};
use savdo_persistence::{Error, Tx};
use serde_json::Value;

use crate::jobs::Sink;

coded_enum! {
    /// What can happen, as subscribers know it (payments.md 6.2): rows are never changed, so the names are for good.
    pub enum Event {
        /// A sale at the counter.
        SaleCompleted = "sale.completed",
        /// A sale undone.
        SaleCancelled = "sale.cancelled",
        /// Goods of a sale back, and the money for them.
        SaleReturned = "sale.returned",
        /// An online order placed.
        OrderCreated = "order.created",
        /// An online order moved on.
        OrderStatusChanged = "order.status_changed",
        /// The money for an online order is here.
        OrderPaid = "order.paid",
        /// An online order handed over.
        OrderDelivered = "order.delivered",
        /// An online order cancelled.
        OrderCancelled = "order.cancelled",
        /// A payment came in.
        PaymentSucceeded = "payment.succeeded",
        /// A provider could not take a payment.
        PaymentFailed = "payment.failed",
        /// The money of a payment went back.
        PaymentRefunded = "payment.refunded",
        /// Money came for an order that is paid or over. For the store's own people, as the next three.
        MoneyLate = "payment.late_money",
        /// A provider calls a payment failed that it had confirmed.
        MoneyDoubtful = "payment.doubtful",
        /// The money of a provider's transaction is to be asked back.
        ReversalRequested = "payment.reversal_requested",
        /// A provider is to be asked where its transaction stands.
        StatusQuestioned = "payment.status_questioned",
        /// The sale that a provider's transaction paid is to be registered with the tax office by that provider.
        FiscalDue = "payment.fiscal_due",
        /// The money of a provider's transaction did not go back, and a person is to see to it. For the store's own people, as the next two.
        ReversalFailed = "payment.reversal_failed",
        /// The sale that a provider's transaction paid has no receipt of the tax office, and a person is to see to it.
        FiscalFailed = "payment.fiscal_failed",
        /// A provider says otherwise of its transaction than we do.
        MoneyDiffers = "payment.differs",
        /// A prescription shown to the pharmacy.
        PrescriptionSubmitted = "prescription.submitted",
        /// A prescription accepted.
        PrescriptionApproved = "prescription.approved",
        /// A prescription refused.
        PrescriptionRejected = "prescription.rejected",
        /// An online order given to a courier.
        DeliveryAssigned = "delivery.assigned",
        /// A courier on his way, there, or called off.
        DeliveryStatusChanged = "delivery.status_changed",
        /// The level of a product at a place, after goods were moved by hand.
        StockChanged = "stock.changed",
        /// Goods of a product at a place have run low.
        StockLow = "stock.low",
        /// Somebody asked for a new password by e-mail. For the mail alone: no subscriber is told of accounts.
        ResetRequested = "account.reset_requested",
        /// A phone gets a code. For the phone alone, as the next.
        CodeRequested = "account.code_requested",
        /// Somebody registers with a phone that has an account.
        AccountKnown = "account.known",
    }
}

/// What happened to which thing of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The store.
    pub store_id: StoreId,
    /// What happened.
    pub event: Event,
    /// What kind of thing, and which one.
    pub subject: (&'static str, i64),
    /// More, as a JSON object without secrets.
    pub payload: Value,
}

/// Leaves the event.
///
/// # Errors
/// A failed statement.
pub fn publish(tx: &mut Tx<'_>, at: DateTime<Utc>, news: &News) -> Result<(), Error> {
    tell(
        tx,
        row(Some(news.store_id), at, news.event, news.subject, &news.payload),
    )
}

/// Appends an event of a matter that no store sees; answers its number, for what is sent because of it.
///
/// # Errors
/// A failed statement.
pub(crate) fn publish_unscoped(
    tx: &mut Tx<'_>,
    at: DateTime<Utc>,
    event: Event,
    subject: (&'static str, i64),
    payload: &Value,
) -> Result<EventId, Error> {
    insert(tx, &row(None, at, event, subject, payload))
}

fn row(
    store_id: Option<StoreId>,
    at: DateTime<Utc>,
    event: Event,
    (subject_type, subject_id): (&'static str, i64),
    payload: &Value,
) -> NewEvent {
    NewEvent {
        store_id,
        event: event.code(),
        subject_type,
        subject_id,
        payload: payload.to_string(),
        // Beside it from the start: what became of a message can be told for each sink alone.
        sink: Sink::of(event).map(Coded::code),
        created_at: at,
    }
}
