//! Giving money back: by hand, or by Click's reversal. Payme gives back by its own Cancel.

use chrono::{DateTime, Utc};

use crate::ids::{PaymentId, TransactionId};
use crate::order::PaymentStatus;
use crate::payment::bill::Bill;
use crate::payment::draft::Draft;
use crate::payment::effect::Effect;
use crate::payment::machine::Mover;
use crate::payment::refusal::PaymentRefusal;
use crate::payment::transaction::TransactionState;
use crate::payment::{Payment, PaymentState, Provider};

impl Bill {
    /// The money of a payment was given back by hand. A transaction that brought it stays performed: a Cancel of Payme's is refused from here
    /// on, so that nobody gets his money twice.
    ///
    /// # Errors
    /// [`PaymentRefusal::NotRefundable`] for a payment that is not here, or is neither late nor of an order whose money is to go back.
    pub fn refund_by_hand(&self, payment: PaymentId, now: DateTime<Utc>) -> Result<Vec<Effect>, PaymentRefusal> {
        let owed = self.payment(payment).filter(|payment| self.is_owed(payment));
        let owed = owed.ok_or(PaymentRefusal::NotRefundable)?;
        let mut draft = Draft::new(self, now);
        draft.give_back(owed.id, Mover::ReturnedByHand);
        Ok(draft.effects())
    }

    /// Whether the money of a performed attempt is still to be reversed: asked before each try, since it may have gone back by hand.
    #[must_use]
    pub fn is_reversal_due(&self, transaction: TransactionId) -> bool {
        self.transaction(transaction)
            .filter(|transaction| transaction.state == TransactionState::Performed)
            .and_then(|transaction| self.payment(transaction.payment_id))
            .is_some_and(|payment| self.is_owed(payment))
    }

    /// Click reversed an attempt: its payment is refunded. Hearing it again changes nothing.
    ///
    /// # Errors
    /// [`PaymentRefusal::NotRefundable`] for an attempt whose money nobody is owed: that is for a person to look at.
    pub fn reversed(&self, transaction: TransactionId, now: DateTime<Utc>) -> Result<Vec<Effect>, PaymentRefusal> {
        let is_done = self
            .transaction(transaction)
            .is_some_and(|transaction| transaction.state == TransactionState::Reversed);
        if is_done {
            return Ok(Vec::new());
        }
        if !self.is_reversal_due(transaction) {
            return Err(PaymentRefusal::NotRefundable);
        }
        let mut draft = Draft::new(self, now);
        draft.reverse(transaction, None);
        Ok(draft.effects())
    }

    /// A person found that Click took the money of an attempt that we had cancelled (contract 1.4, late money), and what Click calls the
    /// payment: it gets a row of its own and is to go back.
    ///
    /// # Errors
    /// [`PaymentRefusal::NotRefundable`] for any but a cancelled attempt of Click.
    pub fn found_late(
        &self,
        transaction: TransactionId,
        paydoc_id: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Effect>, PaymentRefusal> {
        let cancelled = self.transaction(transaction).filter(|transaction| {
            transaction.provider == Provider::Click && transaction.state == TransactionState::Cancelled
        });
        let cancelled = cancelled.ok_or(PaymentRefusal::NotRefundable)?;
        let mut draft = Draft::new(self, now);
        draft.keep_paydoc(cancelled, Some(paydoc_id));
        draft.come_late(cancelled);
        Ok(draft.effects())
    }

    fn is_owed(&self, payment: &Payment) -> bool {
        let is_owed = payment.is_late || self.order.payment_status == PaymentStatus::RefundPending;
        payment.state == PaymentState::Success && is_owed
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use crate::ids::{PaymentId, TransactionId};
    use crate::payment::PaymentRefusal;
    use crate::payment::book::{
        Book, NOW, awaiting, click_cancelled, click_open, click_performed, payme_cancelled, payme_performed,
        two_attempts,
    };
    use crate::payment::effect::Alert;

    #[test]
    fn money_of_a_cancelled_order_is_marked_as_returned() {
        let mut book = Book::of(payme_performed());
        book.give_up(NOW);

        assert_eq!(book.refund_by_hand(NOW), Ok(()));

        assert_eq!(book.story(), "refunded cancelled; payme refunded; payme performed");
        assert_eq!(book.log(), "refund_requested refunded");
        assert_eq!(book.refund_by_hand(NOW), Err(PaymentRefusal::NotRefundable));
    }

    #[test]
    fn cash_of_a_cancelled_order_goes_back_by_hand() {
        let mut book = Book::of(awaiting());
        book.receive_cash(NOW).unwrap();
        book.give_up(NOW);

        book.refund_by_hand(NOW).unwrap();

        assert_eq!(book.story(), "refunded cancelled; cash refunded; ");
    }

    #[test]
    fn money_that_nobody_is_owed_is_not_refundable() {
        for bill in [payme_performed(), payme_cancelled(), awaiting()] {
            let id = bill.payments.first().map_or(PaymentId::new(1), |payment| payment.id);
            assert_eq!(bill.refund_by_hand(id, NOW), Err(PaymentRefusal::NotRefundable));
        }
    }

    #[test]
    fn the_last_money_that_goes_back_closes_the_money_of_the_order() {
        let mut book = Book::of(click_open());
        let (first, second) = two_attempts(&mut book);
        book.complete(&first, NOW);
        book.complete(&second, NOW);
        book.give_up(NOW);

        book.refund_by_hand(NOW).unwrap();
        let story = "refund_pending cancelled; click refunded, click success late; click performed, click performed";
        assert_eq!(book.story(), story);

        book.refund_by_hand(NOW).unwrap();
        let story = "refunded cancelled; click refunded, click refunded late; click performed, click performed";
        assert_eq!(book.story(), story);
    }

    #[test]
    fn late_money_of_a_paid_order_goes_back_and_the_order_stays_paid() {
        let mut book = Book::of(click_open());
        let (first, second) = two_attempts(&mut book);
        book.complete(&first, NOW);
        book.complete(&second, NOW);
        let late = book.bill.payments[1].id;

        let effects = book.bill.refund_by_hand(late, NOW).unwrap();
        book.carry_out(&effects);

        let story = "paid paid; click success, click refunded late; click performed, click performed";
        assert_eq!(book.story(), story);
    }

    #[test]
    fn a_reversal_refunds_the_payment_once() {
        let mut book = Book::of(click_performed());
        book.give_up(NOW);
        let id = book.reversals[0];

        book.reverse_all(NOW + TimeDelta::minutes(1));

        assert_eq!(book.story(), "refunded cancelled; click refunded; click reversed");
        assert_eq!(book.bill.reversed(id, NOW), Ok(Vec::new()));
        assert!(!book.bill.is_reversal_due(id));
    }

    #[test]
    fn a_reversal_of_money_that_nobody_is_owed_is_for_a_person_to_look_at() {
        let bill = click_performed();

        for id in [bill.transactions[0].id, TransactionId::new(1)] {
            assert_eq!(bill.reversed(id, NOW), Err(PaymentRefusal::NotRefundable));
        }
    }

    #[test]
    fn money_that_went_back_by_hand_is_not_reversed() {
        let mut book = Book::of(click_performed());
        book.give_up(NOW);
        book.refund_by_hand(NOW).unwrap();

        assert!(!book.bill.is_reversal_due(book.bill.transactions[0].id));
    }

    #[test]
    fn money_found_for_a_cancelled_order_is_late_and_to_go_back() {
        let mut book = Book::of(click_open());
        book.give_up(NOW);
        let id = book.bill.transactions[0].id;

        let effects = book.bill.found_late(id, 77, NOW).unwrap();
        book.carry_out(&effects);

        let story = "refund_pending cancelled; click cancelled, click success late; click performed 3";
        assert_eq!((book.story(), &*book.reversals), (story.to_owned(), [id].as_slice()));
        assert_eq!(book.alerts, [Alert::LateMoney]);
        assert_eq!(
            book.bill.transactions[0].paydoc_id,
            Some(77),
            "by which Click gives it back"
        );
        assert_eq!(book.bill.found_late(id, 77, NOW), Err(PaymentRefusal::NotRefundable));
        book.reverse_all(NOW);
        let story = "refunded cancelled; click cancelled, click refunded late; click reversed 3";
        assert_eq!(book.story(), story);
    }

    #[test]
    fn money_is_found_late_of_a_cancelled_attempt_of_click_alone() {
        for bill in [payme_cancelled(), click_open(), click_performed()] {
            let found = bill.found_late(bill.transactions[0].id, 77, NOW);
            assert_eq!(found, Err(PaymentRefusal::NotRefundable));
        }
        let bill = click_cancelled();
        assert!(bill.found_late(bill.transactions[0].id, 77, NOW).is_ok());
    }
}
