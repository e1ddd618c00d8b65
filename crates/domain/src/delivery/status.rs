//! Where a delivery stands.

use crate::coded_enum;
use crate::delivery::refusal::DeliveryRefusal;
use crate::order::OrderStatus;

coded_enum! {
    /// Where a delivery stands.
    pub enum DeliveryStatus {
        /// A courier is assigned.
        Ready = "ready",
        /// With the courier.
        OnTheWay = "on_the_way",
        /// Handed over: an end.
        Delivered = "delivered",
        /// Given up: an end.
        Canceled = "canceled",
    }
}

impl DeliveryStatus {
    /// Whether it goes on.
    #[must_use]
    pub const fn is_active(self) -> bool {
        match self {
            Self::Ready | Self::OnTheWay => true,
            Self::Delivered | Self::Canceled => false,
        }
    }

    /// Where the active delivery of an order goes when the order goes `from` there `to` here; `None` where it stays.
    #[must_use]
    pub const fn along(from: OrderStatus, to: OrderStatus) -> Option<Self> {
        match (from, to) {
            (_, OrderStatus::OnTheWay) => Some(Self::OnTheWay),
            (_, OrderStatus::Delivered) => Some(Self::Delivered),
            (OrderStatus::OnTheWay, OrderStatus::ReadyForDelivery)
            | (OrderStatus::ReadyForDelivery | OrderStatus::OnTheWay, OrderStatus::Cancelled) => Some(Self::Canceled),
            (
                OrderStatus::Draft
                | OrderStatus::AwaitingPrescription
                | OrderStatus::AwaitingPayment
                | OrderStatus::Paid
                | OrderStatus::Preparing
                | OrderStatus::ReadyForDelivery
                | OrderStatus::Delivered
                | OrderStatus::Cancelled,
                OrderStatus::ReadyForDelivery | OrderStatus::Cancelled,
            )
            | (
                _,
                OrderStatus::Draft
                | OrderStatus::AwaitingPrescription
                | OrderStatus::AwaitingPayment
                | OrderStatus::Paid
                | OrderStatus::Preparing,
            ) => None,
        }
    }

    /// The status of the order that this one of its delivery stands for.
    #[must_use]
    pub const fn of_order(self) -> OrderStatus {
        match self {
            Self::Ready | Self::Canceled => OrderStatus::ReadyForDelivery,
            Self::OnTheWay => OrderStatus::OnTheWay,
            Self::Delivered => OrderStatus::Delivered,
        }
    }

    /// Where it may go from here, each step by somebody.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Ready => &[Self::OnTheWay, Self::Canceled],
            Self::OnTheWay => &[Self::Delivered, Self::Canceled],
            Self::Delivered | Self::Canceled => &[],
        }
    }

    /// Judges whether a delivery goes from here `to` there.
    ///
    /// # Errors
    /// [`DeliveryRefusal::IllegalTransition`] where none goes.
    pub fn check_step(self, to: Self) -> Result<(), DeliveryRefusal> {
        if self.next().contains(&to) {
            return Ok(());
        }
        Err(DeliveryRefusal::IllegalTransition { from: self, to })
    }

    /// Those that a courier or an admin sets.
    pub const BY_HAND: [Self; 2] = [Self::OnTheWay, Self::Delivered];
}

#[cfg(test)]
mod tests {
    use super::DeliveryStatus;
    use crate::coded::Coded;
    use crate::order::{OrderStatus, Row};

    #[test]
    fn a_delivery_goes_on_or_ends() {
        let mut steps = Vec::new();
        for from in DeliveryStatus::ALL {
            for to in DeliveryStatus::ALL.iter().filter(|to| from.check_step(**to).is_ok()) {
                steps.push(format!("{from} {to}"));
            }
        }

        let expected = [
            "ready on_the_way",
            "ready canceled",
            "on_the_way delivered",
            "on_the_way canceled",
        ];
        assert_eq!(steps, expected);
        let ends: Vec<_> = DeliveryStatus::ALL
            .iter()
            .filter(|status| !status.is_active())
            .collect();
        assert_eq!(ends, [&DeliveryStatus::Delivered, &DeliveryStatus::Canceled]);
    }

    #[test]
    fn an_order_takes_its_delivery_along() {
        let mut along = Vec::new();
        for from in OrderStatus::ALL {
            for to in OrderStatus::ALL.iter().filter(|to| Row::of(*from, **to).is_some()) {
                if let Some(delivery) = DeliveryStatus::along(*from, *to) {
                    along.push(format!("{from} {to}: {delivery}"));
                }
            }
        }

        let expected = [
            "ready_for_delivery on_the_way: on_the_way",
            "ready_for_delivery cancelled: canceled",
            "on_the_way ready_for_delivery: canceled",
            "on_the_way delivered: delivered",
            "on_the_way cancelled: canceled",
        ];
        assert_eq!(along, expected);
        for status in DeliveryStatus::BY_HAND {
            let goes = |from: &&OrderStatus| DeliveryStatus::along(**from, status.of_order()) == Some(status);
            assert!(OrderStatus::ALL.iter().any(|from| goes(&from)), "{}", status.code());
        }
    }
}
