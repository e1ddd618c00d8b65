//! Who is told what of which event (pharmacy.md 3.6): the one table of it.
//!
//! Written for the worker: no request waits for it. A new event gets its row here; a row is a type, who is told, and over what.

use savdo_domain::coded::Coded;
use savdo_domain::notice::NoticeType;
use savdo_domain::order::OrderStatus;
use serde_json::Value;

use crate::events::Event;

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// Who placed the order.
    Owner,
    /// Who works on the store's orders.
    Operators,
    /// The same, and who answers for its money: its managers and its owner.
    Keepers,
    /// Who brings it.
    Courier,
}

/// Over which channels, beside the list of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// All whose words are switched on.
    Every,
    /// All but short messages.
    NotSms,
    /// None.
    ListAlone,
}

/// One thing that somebody is told.
pub(super) type Telling = (NoticeType, Audience, Over);

impl Event {
    /// Whether anybody is told of it at all: such an event has a dispatch to the sink of notices from the start.
    #[must_use]
    pub const fn is_told(self) -> bool {
        match self {
            Self::OrderCreated
            | Self::OrderStatusChanged
            | Self::OrderPaid
            | Self::OrderDelivered
            | Self::OrderCancelled
            | Self::PrescriptionApproved
            | Self::PrescriptionRejected
            | Self::DeliveryAssigned
            | Self::MoneyLate
            | Self::MoneyDoubtful
            | Self::ReversalFailed
            | Self::FiscalFailed
            | Self::MoneyDiffers => true,
            Self::PaymentSucceeded
            | Self::PaymentFailed
            | Self::PaymentRefunded
            | Self::ReversalRequested
            | Self::StatusQuestioned
            | Self::FiscalDue
            | Self::PrescriptionSubmitted
            | Self::DeliveryStatusChanged
            | Self::SaleCompleted
            | Self::SaleCancelled
            | Self::SaleReturned
            | Self::StockChanged
            | Self::StockLow
            | Self::ResetRequested
            | Self::CodeRequested
            | Self::AccountKnown => false,
        }
    }
}

/// Who is told what of an event.
pub(super) fn tellings(event: Event, payload: &Value) -> Vec<Telling> {
    use Audience::{Courier, Keepers, Operators, Owner};
    use Over::{Every, ListAlone};
    let status = |key: &str| {
        payload
            .get(key)
            .and_then(Value::as_str)
            .and_then(OrderStatus::from_code)
    };
    let steps = status("from").zip(status("to"));
    match event {
        Event::OrderCreated => {
            let mut tellings = vec![
                (NoticeType::OrderCreated, Owner, Every),
                (NoticeType::OrderCreated, Operators, ListAlone),
            ];
            tellings.extend(steps.into_iter().flat_map(of_step));
            tellings
        }
        Event::OrderStatusChanged => steps.map(of_step).unwrap_or_default(),
        // Also of cash that changes where the money stands and not where the order does.
        Event::OrderPaid => vec![
            (NoticeType::OrderPaid, Owner, Every),
            (NoticeType::OrderPaid, Operators, ListAlone),
        ],
        Event::DeliveryAssigned => vec![(NoticeType::OrderReadyForDelivery, Courier, Every)],
        Event::OrderDelivered => vec![(NoticeType::OrderDelivered, Owner, Every)],
        Event::OrderCancelled => vec![
            (NoticeType::OrderCancelled, Owner, Every),
            (NoticeType::OrderCancelled, Courier, Every),
        ],
        Event::PrescriptionApproved => vec![(NoticeType::PrescriptionApproved, Owner, Every)],
        Event::PrescriptionRejected => vec![(NoticeType::PrescriptionRejected, Owner, Every)],
        Event::MoneyLate => vec![(NoticeType::LateMoney, Keepers, ListAlone)],
        Event::MoneyDoubtful => vec![(NoticeType::PaymentDoubtful, Keepers, ListAlone)],
        Event::ReversalFailed => vec![(NoticeType::ReversalFailed, Keepers, ListAlone)],
        Event::FiscalFailed => vec![(NoticeType::FiscalFailed, Keepers, ListAlone)],
        Event::MoneyDiffers => vec![(NoticeType::PaymentDiffers, Keepers, ListAlone)],
        Event::PaymentSucceeded
        | Event::PaymentFailed
        | Event::PaymentRefunded
        | Event::ReversalRequested
        | Event::StatusQuestioned
        | Event::FiscalDue
        | Event::PrescriptionSubmitted
        | Event::DeliveryStatusChanged
        | Event::SaleCompleted
        | Event::SaleCancelled
        | Event::SaleReturned
        | Event::StockChanged
        | Event::StockLow
        | Event::ResetRequested
        | Event::CodeRequested
        | Event::AccountKnown => Vec::new(),
    }
}

/// What is told of one step of an order; its ends have events of their own.
fn of_step((from, to): (OrderStatus, OrderStatus)) -> Vec<Telling> {
    use Audience::Owner;
    use Over::{Every, NotSms};
    match to {
        OrderStatus::AwaitingPrescription => vec![(NoticeType::OrderAwaitingPrescription, Owner, Every)],
        // Whoever checks out sees that he is to pay; whoever waited for a pharmacist does not.
        OrderStatus::AwaitingPayment if from == OrderStatus::Draft => {
            vec![(NoticeType::OrderAwaitingPayment, Owner, NotSms)]
        }
        OrderStatus::AwaitingPayment => vec![(NoticeType::OrderAwaitingPayment, Owner, Every)],
        OrderStatus::Preparing => vec![(NoticeType::OrderPreparing, Owner, Every)],
        // One that comes back from the road was ready before.
        OrderStatus::ReadyForDelivery if from == OrderStatus::Preparing => {
            vec![(NoticeType::OrderReadyForDelivery, Owner, Every)]
        }
        OrderStatus::OnTheWay => vec![(NoticeType::OrderOnTheWay, Owner, Every)],
        OrderStatus::ReadyForDelivery
        | OrderStatus::Draft
        | OrderStatus::Paid
        | OrderStatus::Delivered
        | OrderStatus::Cancelled => Vec::new(),
    }
}
