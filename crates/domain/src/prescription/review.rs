//! Whether a prescription is taken for an order, and what becomes of it.

use crate::order::{OrderFacts, OrderStatus, PaymentMethod, Transition};
use crate::prescription::{PER_ORDER_MAX, PrescriptionRefusal, PrescriptionStatus};

/// What an order is when a prescription comes for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submission {
    /// Where the order stands.
    pub order: OrderStatus,
    /// How many prescriptions it has had.
    pub count: i64,
    /// Whether one of them waits to be judged.
    pub has_pending: bool,
}

/// What somebody of the pharmacy says to a prescription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It will do.
    Approve,
    /// It will not.
    Reject,
}

impl Submission {
    /// Judges whether the prescription is taken.
    ///
    /// # Errors
    /// In this order: [`PrescriptionRefusal::OrderNotAwaiting`], [`PrescriptionRefusal::AlreadyPending`],
    /// [`PrescriptionRefusal::TooMany`].
    pub const fn check(self) -> Result<(), PrescriptionRefusal> {
        match self.order {
            OrderStatus::AwaitingPrescription => {}
            OrderStatus::Draft
            | OrderStatus::AwaitingPayment
            | OrderStatus::Paid
            | OrderStatus::Preparing
            | OrderStatus::ReadyForDelivery
            | OrderStatus::OnTheWay
            | OrderStatus::Delivered
            | OrderStatus::Cancelled => return Err(PrescriptionRefusal::OrderNotAwaiting),
        }
        if self.has_pending {
            return Err(PrescriptionRefusal::AlreadyPending);
        }
        if self.count >= PER_ORDER_MAX {
            return Err(PrescriptionRefusal::TooMany);
        }
        Ok(())
    }
}

impl Verdict {
    /// Where a prescription stands after it.
    #[must_use]
    pub const fn status(self) -> PrescriptionStatus {
        match self {
            Self::Approve => PrescriptionStatus::Approved,
            Self::Reject => PrescriptionStatus::Rejected,
        }
    }
}

/// Judges a verdict on a prescription, which `is_own` of whoever gives it; the step that its order takes, if it has one and takes one.
///
/// # Errors
/// In this order: [`PrescriptionRefusal::Own`], [`PrescriptionRefusal::NotPending`], [`PrescriptionRefusal::OrderNotAwaiting`].
pub fn review(
    verdict: Verdict,
    is_own: bool,
    status: PrescriptionStatus,
    order: Option<&OrderFacts>,
) -> Result<Option<Transition>, PrescriptionRefusal> {
    if is_own {
        return Err(PrescriptionRefusal::Own);
    }
    if !status.goes_to(verdict.status()) {
        return Err(PrescriptionRefusal::NotPending);
    }
    let Some(order) = order else { return Ok(None) };
    let next = match order.payment_method {
        PaymentMethod::Online => OrderStatus::AwaitingPayment,
        PaymentMethod::Cash => OrderStatus::Preparing,
    };
    let not_awaiting = PrescriptionRefusal::OrderNotAwaiting;
    if order.status != OrderStatus::AwaitingPrescription {
        return Err(not_awaiting);
    }
    match verdict {
        Verdict::Approve => order.step(next).map(Some).map_err(|_| not_awaiting),
        Verdict::Reject => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::{Submission, Verdict, review};
    use crate::Money;
    use crate::coded::Coded;
    use crate::order::{OrderFacts, OrderStatus, PaymentMethod, PaymentStatus, Transition};
    use crate::prescription::{PrescriptionRefusal, PrescriptionStatus};

    fn facts(status: OrderStatus, payment_method: PaymentMethod) -> OrderFacts {
        OrderFacts {
            status,
            payment_method,
            payment_status: PaymentStatus::Unpaid,
            total_price: Money::from_tiyin(1_200_000),
            has_courier: false,
        }
    }

    #[test]
    fn one_prescription_at_a_time_and_five_in_all_while_the_order_waits_for_one() {
        for order in OrderStatus::ALL {
            for count in 0..8 {
                for has_pending in [false, true] {
                    let submission = Submission {
                        order: *order,
                        count,
                        has_pending,
                    };

                    let expected = match (order, has_pending, count) {
                        (OrderStatus::AwaitingPrescription, false, 0..=4) => Ok(()),
                        (OrderStatus::AwaitingPrescription, false, _) => Err(PrescriptionRefusal::TooMany),
                        (OrderStatus::AwaitingPrescription, true, _) => Err(PrescriptionRefusal::AlreadyPending),
                        _ => Err(PrescriptionRefusal::OrderNotAwaiting),
                    };
                    assert_eq!(submission.check(), expected, "{submission:?}");
                }
            }
        }
    }

    #[test]
    fn an_approved_prescription_moves_its_order_on_and_a_rejected_one_does_not() {
        let waits = OrderStatus::AwaitingPrescription;
        let judged = |verdict, method| review(verdict, false, PrescriptionStatus::Pending, Some(&facts(waits, method)));
        let to = |to, payment_status| {
            Ok(Some(Transition {
                from: waits,
                to,
                payment_status,
            }))
        };

        let online = judged(Verdict::Approve, PaymentMethod::Online);
        let cash = judged(Verdict::Approve, PaymentMethod::Cash);

        assert_eq!(online, to(OrderStatus::AwaitingPayment, PaymentStatus::Unpaid));
        assert_eq!(cash, to(OrderStatus::Preparing, PaymentStatus::Pending));
        assert_eq!(judged(Verdict::Reject, PaymentMethod::Online), Ok(None));
        assert_eq!(judged(Verdict::Reject, PaymentMethod::Cash), Ok(None));
        let orderless = review(Verdict::Approve, false, PrescriptionStatus::Pending, None);
        assert_eq!(orderless, Ok(None));
    }

    #[test]
    fn nobody_judges_his_own_prescription_nor_one_that_was_judged_nor_for_an_order_that_went_on() {
        for verdict in [Verdict::Approve, Verdict::Reject] {
            for status in PrescriptionStatus::ALL {
                for order in OrderStatus::ALL {
                    let order = facts(*order, PaymentMethod::Cash);
                    let own = review(verdict, true, *status, Some(&order));
                    let others = review(verdict, false, *status, Some(&order)).err();

                    assert_eq!(own, Err(PrescriptionRefusal::Own));
                    let expected = match (status, order.status) {
                        (PrescriptionStatus::Pending, OrderStatus::AwaitingPrescription) => None,
                        (PrescriptionStatus::Pending, _) => Some(PrescriptionRefusal::OrderNotAwaiting),
                        _ => Some(PrescriptionRefusal::NotPending),
                    };
                    assert_eq!(others, expected, "{status} {}", order.status);
                }
            }
        }
    }
}
