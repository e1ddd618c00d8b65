//! Cash for an order as its bill sees it: what is received ends every other way of paying.
//!
//! Who may receive it, when and how much, [`OrderFacts::receive_cash`](crate::order::OrderFacts::receive_cash) says.

use chrono::{DateTime, Utc};

use crate::Money;
use crate::order::{Hand, OrderRefusal};
use crate::payment::LogEvent;
use crate::payment::bill::Bill;
use crate::payment::draft::Draft;
use crate::payment::effect::Effect;

impl Bill {
    /// `hand` received `amount` in cash: the cash payment is here, whatever else was open is cancelled, and an order that awaited its online
    /// payment moves on. A provider's transaction whose time is over does not stand in the way.
    ///
    /// # Errors
    /// Those of [`OrderFacts::receive_cash`](crate::order::OrderFacts::receive_cash).
    pub fn receive_cash(&self, hand: Hand, amount: Money, now: DateTime<Utc>) -> Result<Vec<Effect>, OrderRefusal> {
        let mut draft = Draft::new(self, now);
        let step = draft.bill().order.receive_cash(hand, amount)?;
        let payment = draft.receive_cash();
        draft.log(payment, LogEvent::CashReceived);
        match step {
            Some(step) => draft.take(step),
            None => draft.settle(),
        }
        Ok(draft.effects())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use crate::Money;
    use crate::order::{Hand, OrderRefusal, OrderStatus, PaymentMethod, PaymentStatus};
    use crate::payment::book::{Book, NOW, TOTAL, awaiting, click_open, payme_open, payme_performed};
    use crate::payment::{Effect, LogEvent, Which};
    use crate::payment::{NewPayment, PaymentState, Provider};

    #[test]
    fn cash_settles_an_order_that_awaited_its_online_payment() {
        let mut book = Book::of(awaiting());
        book.start(Provider::Payme, NOW);

        assert_eq!(book.receive_cash(NOW), Ok(()));

        assert_eq!(book.story(), "paid paid; payme cancelled, cash success; ");
    }

    #[test]
    fn cash_that_was_expected_comes_by_its_own_payment() {
        let mut bill = awaiting();
        bill.order.payment_method = PaymentMethod::Cash;
        bill.order.status = OrderStatus::OnTheWay;
        bill.order.payment_status = PaymentStatus::Pending;
        let mut book = Book::of(bill);
        book.carry_out(&[Effect::MakePayment(NewPayment {
            provider: Provider::Cash,
            state: PaymentState::Pending,
            amount: TOTAL,
            is_late: false,
        })]);

        let effects = book.bill.receive_cash(Hand::Courier, TOTAL, NOW).unwrap();
        book.carry_out(&effects);

        assert_eq!(book.story(), "paid on_the_way; cash success; ");
        let payment = Which::Known(book.bill.payments[0].id);
        let event = LogEvent::CashReceived;
        assert!(effects.contains(&Effect::Log { payment, event }));
    }

    #[test]
    fn cash_is_refused_while_a_provider_holds_the_order_and_no_longer() {
        for bill in [payme_open(), click_open()] {
            let mut book = Book::of(bill);
            assert_eq!(book.receive_cash(NOW), Err("payment_in_progress"));

            assert_eq!(book.receive_cash(NOW + TimeDelta::hours(13)), Ok(()));
            assert_eq!(book.bill.order.status, OrderStatus::Paid);
        }
    }

    #[test]
    fn cash_is_the_total_and_comes_once() {
        let short = awaiting().receive_cash(Hand::Admin, Money::from_tiyin(1), NOW);

        assert_eq!(short, Err(OrderRefusal::AmountMismatch));
        assert_eq!(Book::of(payme_performed()).receive_cash(NOW), Err("already_paid"));
    }
}
