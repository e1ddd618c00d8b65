//! How an order is paid, and where its money stands.
//!
//! Cash orders never visit the order status `paid`; their money shows here alone. Steps of the order move it, and what happens to the
//! money while the order stays where it is. Rows of payments are deliberately absent: they have a machine of their own.

use crate::coded_enum;
use crate::order::status::OrderStatus;

coded_enum! {
    /// How an order is paid.
    pub enum PaymentMethod {
        /// Through a provider, before it is put together.
        Online = "online",
        /// To the courier.
        Cash = "cash",
    }
}

coded_enum! {
    /// Where the money of an order stands.
    pub enum PaymentStatus {
        /// Nothing is under way.
        Unpaid = "unpaid",
        /// Expected: a provider's transaction is open, or cash is to be handed over.
        Pending = "pending",
        /// Here.
        Paid = "paid",
        /// To be given back.
        RefundPending = "refund_pending",
        /// Given back.
        Refunded = "refunded",
    }
}

/// What happens to the money of an order that stays where it is (contract 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyStep {
    /// A provider opened a transaction: Payme's Create, Click's Prepare.
    Opened,
    /// The open transaction was cancelled, failed, or its time is over.
    Released,
    /// Money came for an order that is cancelled.
    CameLate,
    /// The last of what was taken is back with its payer.
    Returned,
}

impl PaymentStatus {
    /// Where the money stands after `step`; `None` where this changes nothing.
    #[must_use]
    pub const fn by(self, step: MoneyStep) -> Option<Self> {
        match (self, step) {
            (Self::Unpaid, MoneyStep::Opened) => Some(Self::Pending),
            (Self::Pending, MoneyStep::Released) => Some(Self::Unpaid),
            (Self::Unpaid, MoneyStep::CameLate) => Some(Self::RefundPending),
            (Self::Paid | Self::RefundPending, MoneyStep::Returned) => Some(Self::Refunded),
            (Self::Pending | Self::Paid | Self::RefundPending | Self::Refunded, MoneyStep::Opened)
            | (Self::Unpaid | Self::Paid | Self::RefundPending | Self::Refunded, MoneyStep::Released)
            | (Self::Pending | Self::Paid | Self::RefundPending | Self::Refunded, MoneyStep::CameLate)
            | (Self::Unpaid | Self::Pending | Self::Refunded, MoneyStep::Returned) => None,
        }
    }

    /// Where the money of a new order stands.
    #[must_use]
    pub const fn first(status: OrderStatus, method: PaymentMethod) -> Self {
        Self::Unpaid.after(status, method)
    }

    /// Where the money stands after the order reached `to`: cash is expected once the order is put together and here when the goods
    /// are handed over, a cancel gives back what was paid and expects nothing any more.
    #[must_use]
    pub const fn after(self, to: OrderStatus, method: PaymentMethod) -> Self {
        match to {
            OrderStatus::Paid => Self::Paid,
            OrderStatus::Preparing => self.expecting(method),
            OrderStatus::Delivered => self.collected(method),
            OrderStatus::Cancelled => self.given_up(),
            OrderStatus::Draft
            | OrderStatus::AwaitingPrescription
            | OrderStatus::AwaitingPayment
            | OrderStatus::ReadyForDelivery
            | OrderStatus::OnTheWay => self,
        }
    }

    const fn expecting(self, method: PaymentMethod) -> Self {
        match method {
            PaymentMethod::Online => self,
            PaymentMethod::Cash => match self {
                Self::Unpaid => Self::Pending,
                Self::Pending | Self::Paid | Self::RefundPending | Self::Refunded => self,
            },
        }
    }

    const fn collected(self, method: PaymentMethod) -> Self {
        match (method, self) {
            (PaymentMethod::Cash, Self::Pending) => Self::Paid,
            (
                PaymentMethod::Cash | PaymentMethod::Online,
                Self::Unpaid | Self::Pending | Self::Paid | Self::RefundPending | Self::Refunded,
            ) => self,
        }
    }

    const fn given_up(self) -> Self {
        match self {
            Self::Paid => Self::RefundPending,
            Self::Pending => Self::Unpaid,
            Self::Unpaid | Self::RefundPending | Self::Refunded => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MoneyStep, PaymentMethod, PaymentStatus};
    use crate::coded::Coded;
    use crate::order::status::OrderStatus;

    #[test]
    fn a_new_order_expects_money_only_in_cash_and_when_put_together() {
        let first = |needs_prescription, method| {
            PaymentStatus::first(OrderStatus::first(needs_prescription, method), method).code()
        };

        assert_eq!(
            [true, false].map(|rx| first(rx, PaymentMethod::Online)),
            ["unpaid", "unpaid"]
        );
        assert_eq!(
            [true, false].map(|rx| first(rx, PaymentMethod::Cash)),
            ["unpaid", "pending"]
        );
    }

    #[test]
    fn every_step_leaves_the_money_where_the_table_says() {
        let mut steps = Vec::new();
        for method in PaymentMethod::ALL {
            for from in PaymentStatus::ALL {
                for to in OrderStatus::ALL.iter().filter(|to| from.after(**to, *method) != *from) {
                    steps.push(format!("{method} {to}: {from} -> {}", from.after(*to, *method)));
                }
            }
        }

        let paid = ["unpaid", "pending", "refund_pending", "refunded"].map(|from| format!("paid: {from} -> paid"));
        let cancelled = ["cancelled: pending -> unpaid", "cancelled: paid -> refund_pending"].map(str::to_owned);
        let both = paid.into_iter().chain(cancelled);
        let mut expected: Vec<_> = both
            .flat_map(|step| [format!("online {step}"), format!("cash {step}")])
            .collect();
        expected.push("cash preparing: unpaid -> pending".to_owned());
        expected.push("cash delivered: pending -> paid".to_owned());
        steps.sort();
        expected.sort();
        assert_eq!(steps, expected);
    }

    #[test]
    fn money_moves_without_its_order_as_the_table_says() {
        let steps = [
            MoneyStep::Opened,
            MoneyStep::Released,
            MoneyStep::CameLate,
            MoneyStep::Returned,
        ];

        let mut moves = Vec::new();
        for step in steps {
            for from in PaymentStatus::ALL {
                moves.extend(from.by(step).map(|to| format!("{step:?}: {from} -> {to}")));
            }
        }

        let expected = [
            "Opened: unpaid -> pending",
            "Released: pending -> unpaid",
            "CameLate: unpaid -> refund_pending",
            "Returned: paid -> refunded",
            "Returned: refund_pending -> refunded",
        ];
        assert_eq!(moves, expected);
    }
}
