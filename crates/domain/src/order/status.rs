//! Where an order stands, how long it waits there, and who wrote its history.

use chrono::{DateTime, TimeDelta, Utc};

use crate::coded_enum;
use crate::order::payment_status::PaymentMethod;

coded_enum! {
    /// Where an order stands.
    pub enum OrderStatus {
        /// Being made; never outlives its transaction.
        Draft = "draft",
        /// Waits for a prescription to be approved.
        AwaitingPrescription = "awaiting_prescription",
        /// Waits for its online payment.
        AwaitingPayment = "awaiting_payment",
        /// Paid online, not yet begun.
        Paid = "paid",
        /// Being put together.
        Preparing = "preparing",
        /// Packed, waits for its courier.
        ReadyForDelivery = "ready_for_delivery",
        /// With the courier.
        OnTheWay = "on_the_way",
        /// Handed over: an end.
        Delivered = "delivered",
        /// Given up, goods back: an end.
        Cancelled = "cancelled",
    }
}

coded_enum! {
    /// Which part of the system wrote a row of an order's history.
    pub enum HistorySource {
        /// The checkout that made the order.
        Checkout = "checkout",
        /// A person.
        User = "user",
        /// A payment provider.
        Payment = "payment",
        /// The review of a prescription.
        Prescription = "prescription",
        /// A delivery.
        Delivery = "delivery",
        /// A job of the server, such as expiry.
        Job = "job",
    }
}

/// How long orders wait in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingTimes {
    /// For an online payment, in minutes.
    pub payment_minutes: i64,
    /// For a prescription, in hours.
    pub prescription_hours: i64,
}

impl OrderStatus {
    /// The status that a checkout leads to.
    #[must_use]
    pub const fn first(needs_prescription: bool, method: PaymentMethod) -> Self {
        match (needs_prescription, method) {
            (true, PaymentMethod::Online | PaymentMethod::Cash) => Self::AwaitingPrescription,
            (false, PaymentMethod::Online) => Self::AwaitingPayment,
            (false, PaymentMethod::Cash) => Self::Preparing,
        }
    }

    /// Whether the order goes nowhere from here.
    #[must_use]
    pub const fn is_end(self) -> bool {
        match self {
            Self::Delivered | Self::Cancelled => true,
            Self::Draft
            | Self::AwaitingPrescription
            | Self::AwaitingPayment
            | Self::Paid
            | Self::Preparing
            | Self::ReadyForDelivery
            | Self::OnTheWay => false,
        }
    }

    /// When an order that reaches this status at `now` expires; `None` where it does not wait for its buyer.
    #[must_use]
    pub fn expires_at(self, now: DateTime<Utc>, waits: WaitingTimes) -> Option<DateTime<Utc>> {
        let wait = match self {
            Self::AwaitingPrescription => TimeDelta::try_hours(waits.prescription_hours),
            Self::AwaitingPayment => TimeDelta::try_minutes(waits.payment_minutes),
            Self::Draft
            | Self::Paid
            | Self::Preparing
            | Self::ReadyForDelivery
            | Self::OnTheWay
            | Self::Delivered
            | Self::Cancelled => None,
        };
        now.checked_add_signed(wait?)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{OrderStatus, WaitingTimes};
    use crate::coded::Coded;
    use crate::order::payment_status::PaymentMethod;

    #[test]
    fn a_checkout_leads_to_one_of_three_statuses() {
        let firsts = [(true, "online"), (true, "cash"), (false, "online"), (false, "cash")]
            .map(|(rx, method)| OrderStatus::first(rx, PaymentMethod::from_code(method).unwrap()).code());

        assert_eq!(
            firsts,
            [
                "awaiting_prescription",
                "awaiting_prescription",
                "awaiting_payment",
                "preparing"
            ]
        );
    }

    #[test]
    fn only_an_order_that_waits_for_its_buyer_expires() {
        let now = DateTime::UNIX_EPOCH;
        let waits = WaitingTimes {
            payment_minutes: 60,
            prescription_hours: 72,
        };

        let expiring: Vec<_> = OrderStatus::ALL
            .iter()
            .filter_map(|status| Some((status.code(), status.expires_at(now, waits)? - now)))
            .collect();

        let expected = [
            ("awaiting_prescription", TimeDelta::hours(72)),
            ("awaiting_payment", TimeDelta::hours(1)),
        ];
        assert_eq!(expiring, expected);
    }
}
