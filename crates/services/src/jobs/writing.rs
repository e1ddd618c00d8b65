//! What the message of an event says, by sink: the one place that knows which event is told where.

use savdo_domain::coded::Coded;
use savdo_persistence::dispatches::LeasedView;

use super::Runner;
use crate::events::Event;
use crate::gateways::{Mail, Sms};
use crate::{Result, accounts, notices};

/// A message as it goes out, or why none does.
pub(crate) enum Written<Message> {
    /// To be sent.
    Ready(Message),
    /// Nothing to send.
    Pointless(&'static str),
}

impl Runner {
    /// What the event has to say by mail.
    pub(super) fn write_letter(&self, message: &LeasedView) -> Result<Written<Mail>> {
        match Event::from_code(&message.event) {
            Some(Event::ResetRequested) => accounts::write_reset_letter(&self.context, &self.reset_link, message),
            Some(
                Event::CodeRequested
                | Event::AccountKnown
                | Event::SaleCompleted
                | Event::SaleCancelled
                | Event::SaleReturned
                | Event::OrderCreated
                | Event::OrderStatusChanged
                | Event::OrderPaid
                | Event::OrderDelivered
                | Event::OrderCancelled
                | Event::PaymentSucceeded
                | Event::PaymentFailed
                | Event::PaymentRefunded
                | Event::MoneyLate
                | Event::MoneyDoubtful
                | Event::ReversalRequested
                | Event::StatusQuestioned
                | Event::FiscalDue
                | Event::ReversalFailed
                | Event::FiscalFailed
                | Event::MoneyDiffers
                | Event::PrescriptionSubmitted
                | Event::PrescriptionApproved
                | Event::PrescriptionRejected
                | Event::DeliveryAssigned
                | Event::DeliveryStatusChanged
                | Event::StockChanged
                | Event::StockLow,
            )
            | None => Ok(Written::Pointless("no letter tells of this event")),
        }
    }

    /// What the event has to say in a short message.
    pub(super) fn write_text(&self, message: &LeasedView) -> Result<Written<Sms>> {
        match (Event::from_code(&message.event), message.notification_id) {
            (Some(Event::CodeRequested), Some(id)) => notices::write_code_text(&self.context, id, message),
            (_, Some(id)) => notices::write_text(&self.context, id, message),
            (Some(Event::AccountKnown), None) => accounts::write_known_text(&self.context, message),
            (
                Some(
                    Event::CodeRequested
                    | Event::ResetRequested
                    | Event::SaleCompleted
                    | Event::SaleCancelled
                    | Event::SaleReturned
                    | Event::OrderCreated
                    | Event::OrderStatusChanged
                    | Event::OrderPaid
                    | Event::OrderDelivered
                    | Event::OrderCancelled
                    | Event::PaymentSucceeded
                    | Event::PaymentFailed
                    | Event::PaymentRefunded
                    | Event::MoneyLate
                    | Event::MoneyDoubtful
                    | Event::ReversalRequested
                    | Event::StatusQuestioned
                    | Event::FiscalDue
                    | Event::ReversalFailed
                    | Event::FiscalFailed
                    | Event::MoneyDiffers
                    | Event::PrescriptionSubmitted
                    | Event::PrescriptionApproved
                    | Event::PrescriptionRejected
                    | Event::DeliveryAssigned
                    | Event::DeliveryStatusChanged
                    | Event::StockChanged
                    | Event::StockLow,
                )
                | None,
                None,
            ) => Ok(Written::Pointless("no short message tells of this event")),
        }
    }
}
