//! Cash for an order, received by staff at the counter or by the courier at the door.
//!
//! What is handed over together with the goods is judged with the step that delivers them. Deliberately absent: giving cash back.

use crate::Money;
use crate::order::by_hand::{OrderFacts, Transition};
use crate::order::payment_status::{PaymentMethod, PaymentStatus};
use crate::order::refusal::OrderRefusal;
use crate::order::status::OrderStatus;
use crate::order::transitions::Hand;

impl OrderFacts {
    /// Judges that `hand` received `amount` in cash. An order that was to be paid online and waits for its payment moves on by it;
    /// of one in cash the money alone changes: `None`.
    ///
    /// # Errors
    /// In this order: [`OrderRefusal::Forbidden`] for a buyer, and for a courier who is not on the way with it;
    /// [`OrderRefusal::AlreadyPaid`]; [`OrderRefusal::PaymentInProgress`]; [`OrderRefusal::IllegalTransition`] where no cash is due;
    /// [`OrderRefusal::AmountMismatch`].
    pub fn receive_cash(&self, hand: Hand, amount: Money) -> Result<Option<Transition>, OrderRefusal> {
        match hand {
            Hand::Operator | Hand::Admin => {}
            Hand::Courier if self.status == OrderStatus::OnTheWay => {}
            Hand::Buyer | Hand::Courier => return Err(OrderRefusal::Forbidden),
        }
        let step = match (self.payment_status, self.payment_method) {
            (PaymentStatus::Paid | PaymentStatus::RefundPending | PaymentStatus::Refunded, _) => {
                return Err(OrderRefusal::AlreadyPaid);
            }
            (PaymentStatus::Pending, PaymentMethod::Online) => return Err(OrderRefusal::PaymentInProgress),
            (PaymentStatus::Pending, PaymentMethod::Cash) => None,
            (PaymentStatus::Unpaid, PaymentMethod::Online) if self.status == OrderStatus::AwaitingPayment => {
                Some(self.step(OrderStatus::Paid)?)
            }
            (PaymentStatus::Unpaid, PaymentMethod::Cash | PaymentMethod::Online) => {
                return Err(OrderRefusal::IllegalTransition {
                    from: self.status,
                    to: OrderStatus::Paid,
                    allowed: self.allowed_statuses(hand),
                });
            }
        };
        if amount == self.total_price {
            Ok(step)
        } else {
            Err(OrderRefusal::AmountMismatch)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Money;
    use crate::coded::Coded;
    use crate::order::{Hand, OrderFacts, OrderRefusal, OrderStatus, PaymentMethod, PaymentStatus};

    const TOTAL: Money = Money::from_tiyin(2_400_000);

    /// An order as it stands there, where its money can stand so.
    fn facts(status: OrderStatus, payment_method: PaymentMethod, payment_status: PaymentStatus) -> OrderFacts {
        OrderFacts {
            status,
            payment_method,
            payment_status,
            total_price: TOTAL,
            has_courier: true,
        }
    }

    fn outcomes(hand: Hand, method: PaymentMethod, money: PaymentStatus) -> Vec<String> {
        let outcome = |status: &OrderStatus| match facts(*status, method, money).receive_cash(hand, TOTAL) {
            Ok(Some(step)) => format!("to {}", step.to),
            Ok(None) => "money".to_owned(),
            Err(refusal) => refusal.code().to_owned(),
        };
        OrderStatus::ALL.iter().map(outcome).collect()
    }

    #[test]
    fn cash_of_an_order_in_cash_changes_its_money_alone() {
        let outcomes = |hand| outcomes(hand, PaymentMethod::Cash, PaymentStatus::Pending);

        assert_eq!(outcomes(Hand::Operator), vec!["money"; 9]);
        assert_eq!(outcomes(Hand::Admin), vec!["money"; 9]);
        assert_eq!(outcomes(Hand::Buyer), vec!["forbidden"; 9]);
        let by_courier = outcomes(Hand::Courier);
        assert_eq!(by_courier.iter().filter(|outcome| *outcome == "money").count(), 1);
        assert_eq!(by_courier[6], "money");
    }

    #[test]
    fn an_order_that_awaits_its_online_payment_moves_on_by_cash() {
        let outcomes = outcomes(Hand::Operator, PaymentMethod::Online, PaymentStatus::Unpaid);

        let mut expected = vec!["illegal_transition"; 9];
        expected[2] = "to paid";
        assert_eq!(outcomes, expected);
        let unpaid = PaymentStatus::Unpaid;
        let in_cash = facts(OrderStatus::AwaitingPrescription, PaymentMethod::Cash, unpaid);
        let refused = in_cash.receive_cash(Hand::Admin, TOTAL).unwrap_err();
        assert_eq!(refused.code(), "illegal_transition");
    }

    #[test]
    fn money_that_is_here_or_under_way_is_not_taken_twice() {
        for (money, code) in [
            (PaymentStatus::Paid, "already_paid"),
            (PaymentStatus::RefundPending, "already_paid"),
            (PaymentStatus::Refunded, "already_paid"),
            (PaymentStatus::Pending, "payment_in_progress"),
        ] {
            let order = facts(OrderStatus::AwaitingPayment, PaymentMethod::Online, money);
            assert_eq!(order.receive_cash(Hand::Operator, TOTAL).unwrap_err().code(), code);
        }
    }

    #[test]
    fn cash_is_the_total_to_the_tiyin() {
        let order = facts(OrderStatus::OnTheWay, PaymentMethod::Cash, PaymentStatus::Pending);

        for amount in [0, 2_399_999, 2_400_001] {
            let refused = order.receive_cash(Hand::Courier, Money::from_tiyin(amount));
            assert_eq!(refused, Err(OrderRefusal::AmountMismatch));
            let with_goods = order.set_status(Hand::Courier, OrderStatus::Delivered, Some(Money::from_tiyin(amount)));
            assert_eq!(with_goods, Err(OrderRefusal::AmountMismatch));
        }
        let delivered = order
            .set_status(Hand::Courier, OrderStatus::Delivered, Some(TOTAL))
            .unwrap();
        assert_eq!(delivered.payment_status, PaymentStatus::Paid);
    }
}
