//! Giving an order to a courier (pharmacy.md 3.5).

use crate::delivery::refusal::DeliveryRefusal;
use crate::delivery::status::DeliveryStatus;
use crate::ids::WorkerId;
use crate::order::OrderStatus;

/// An active delivery, as far as an assignment asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Who carries it.
    pub courier_id: WorkerId,
}

/// What an assignment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignment {
    /// A delivery is made.
    New,
    /// The delivery goes to another courier.
    Swap,
    /// This courier has it already.
    Unchanged,
}

impl Assignment {
    /// Judges giving an order that stands at `order` to `courier`; `active` is its active delivery.
    ///
    /// # Errors
    /// [`DeliveryRefusal::OnTheWay`] for an order that somebody is on the way with, [`DeliveryRefusal::OrderNotReady`] for any
    /// other that is not packed.
    pub fn of(order: OrderStatus, active: Option<Carried>, courier: WorkerId) -> Result<Self, DeliveryRefusal> {
        match order {
            OrderStatus::ReadyForDelivery => Ok(match active {
                None => Self::New,
                Some(carried) if carried.courier_id == courier => Self::Unchanged,
                Some(_) => Self::Swap,
            }),
            OrderStatus::OnTheWay => Err(DeliveryRefusal::OnTheWay),
            OrderStatus::Draft
            | OrderStatus::AwaitingPrescription
            | OrderStatus::AwaitingPayment
            | OrderStatus::Paid
            | OrderStatus::Preparing
            | OrderStatus::Delivered
            | OrderStatus::Cancelled => Err(DeliveryRefusal::OrderNotReady),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Assignment, Carried};
    use crate::coded::Coded;
    use crate::delivery::{DeliveryRefusal, DeliveryStatus};
    use crate::ids::WorkerId;
    use crate::order::OrderStatus;

    #[test]
    fn a_packed_order_goes_to_a_courier_and_from_him_to_another() {
        let (ali, vali) = (WorkerId::new(1), WorkerId::new(2));
        let carried = Carried {
            status: DeliveryStatus::Ready,
            courier_id: ali,
        };
        let assign = |active, courier| Assignment::of(OrderStatus::ReadyForDelivery, active, courier);

        assert_eq!(assign(None, ali), Ok(Assignment::New));
        assert_eq!(assign(Some(carried), ali), Ok(Assignment::Unchanged));
        assert_eq!(assign(Some(carried), vali), Ok(Assignment::Swap));
    }

    #[test]
    fn no_other_order_is_given_away() {
        for status in OrderStatus::ALL {
            let assigned = Assignment::of(*status, None, WorkerId::new(1));
            let expected = match status {
                OrderStatus::ReadyForDelivery => Ok(Assignment::New),
                OrderStatus::OnTheWay => Err(DeliveryRefusal::OnTheWay),
                _ => Err(DeliveryRefusal::OrderNotReady),
            };
            assert_eq!(assigned, expected, "{status}");
        }
    }
}
