//! CancelTransaction: before the money came it releases the order, afterwards it takes the order back (contract 2.4).

use chrono::{DateTime, Utc};

use crate::order::{OrderStatus, PaymentStatus};
use crate::payment::PaymentState;
use crate::payment::bill::Bill;
use crate::payment::draft::Draft;
use crate::payment::effect::{Decision, Which};
use crate::payment::machine::Mover;
use crate::payment::payme::perform::called;
use crate::payment::payme::{Answer, Decided, Fault};
use crate::payment::transaction::{ExternalId, Transaction, TransactionState};

/// CancelTransaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancel {
    /// What Payme calls the transaction; `None` for what no transaction is called.
    pub id: Option<ExternalId>,
    /// Why: 1 to 5 or 10; any other is kept as it is.
    pub reason: i64,
}

impl Cancel {
    /// Judges the call by the bill of the order that the transaction belongs to, `None` where this desk has no such transaction.
    #[must_use]
    pub fn decide(&self, bill: Option<&Bill>, now: DateTime<Utc>) -> Decided {
        let Some((bill, transaction)) = called(self.id.as_ref(), bill) else {
            return Decision::only(Err(Fault::TransactionNotFound));
        };
        let concerns = Some(Which::Known(transaction.payment_id));
        let mut draft = Draft::new(bill, now);
        let state = draft
            .bill()
            .transaction(transaction.id)
            .map(|transaction| transaction.state);
        match state {
            Some(TransactionState::Open | TransactionState::TakenOver) => {
                draft.end(transaction.id, self.reason, Mover::ProviderCancels);
                draft.grant_grace();
            }
            Some(TransactionState::Performed) => {
                if !take_back(&mut draft, transaction, self.reason) {
                    return draft.decide(Err(Fault::CannotCancel), concerns);
                }
            }
            Some(TransactionState::Cancelled | TransactionState::Reversed) | None => {}
        }
        let answer = draft.bill().transaction(transaction.id).map(Answer::cancelled);
        let answer = answer.ok_or(Fault::TransactionNotFound);
        draft.decide(answer, concerns)
    }
}

/// Payme gave the money back: the order is cancelled with it, unless it is already. `false`, and nothing has changed, where the goods are
/// on their way or handed over, and where the money went back another way.
fn take_back(draft: &mut Draft, transaction: &Transaction, reason: i64) -> bool {
    let paid = draft.bill().payment(transaction.payment_id);
    let Some(paid) = paid.copied().filter(|payment| payment.state == PaymentState::Success) else {
        return false;
    };
    if !paid.is_late && !take_order_back(draft) {
        return false;
    }
    draft.reverse(transaction.id, Some(reason));
    true
}

fn take_order_back(draft: &mut Draft) -> bool {
    let order = draft.bill().order;
    match order.status {
        OrderStatus::Paid | OrderStatus::Preparing | OrderStatus::ReadyForDelivery => {
            let step = order.step(OrderStatus::Cancelled);
            step.map(|step| draft.take(step)).is_ok()
        }
        OrderStatus::Cancelled => order.payment_status == PaymentStatus::RefundPending,
        OrderStatus::Draft
        | OrderStatus::AwaitingPrescription
        | OrderStatus::AwaitingPayment
        | OrderStatus::OnTheWay
        | OrderStatus::Delivered => false,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Cancel;
    use crate::order::{OrderStatus, PaymentStatus};
    use crate::payment::bill::Bill;
    use crate::payment::book::{
        Book, NOW, PAYME_ID, awaiting, payme_cancelled, payme_open, payme_performed, payme_reversed,
    };
    use crate::payment::effect::Effect;
    use crate::payment::payme::{Answer, Fault};
    use crate::payment::transaction::{ExternalId, Millis, TransactionState};

    fn cancel(reason: i64) -> Cancel {
        Cancel {
            id: ExternalId::new(PAYME_ID),
            reason,
        }
    }

    fn later(minutes: i64) -> DateTime<Utc> {
        NOW + TimeDelta::minutes(minutes)
    }

    fn at(status: OrderStatus) -> Bill {
        let mut bill = payme_performed();
        bill.order.status = status;
        bill
    }

    #[test]
    fn an_open_transaction_releases_its_order() {
        let mut book = Book::of(payme_open());

        let answer = book.payme(&cancel(2), later(1));

        let expected = Answer::Cancelled {
            transaction: book.bill.transactions[0].id,
            cancel_time: Millis::of(later(1)),
            state: TransactionState::Cancelled,
        };
        assert_eq!(answer, Ok(expected));
        assert_eq!(
            book.story(),
            "unpaid awaiting_payment; payme cancelled; payme cancelled 2"
        );
        assert_eq!(book.log(), "cancelled");
    }

    #[test]
    fn a_released_order_has_a_quarter_of_an_hour_at_least() {
        let mut early = Book::of(payme_open());
        let mut late = Book::of(payme_open());
        let until = early.bill.expires_at;

        early.payme(&cancel(3), later(1)).unwrap();
        late.payme(&cancel(3), later(300)).unwrap();

        assert_eq!(early.bill.expires_at, until);
        assert_eq!(late.bill.expires_at, Some(later(315)));
    }

    #[test]
    fn a_performed_transaction_takes_its_order_back_while_the_goods_are_here() {
        for status in [OrderStatus::Paid, OrderStatus::Preparing, OrderStatus::ReadyForDelivery] {
            let mut book = Book::of(at(status));

            let answer = book.payme(&cancel(5), later(1));

            let expected = Answer::Cancelled {
                transaction: book.bill.transactions[0].id,
                cancel_time: Millis::of(later(1)),
                state: TransactionState::Reversed,
            };
            assert_eq!(answer, Ok(expected), "{status}");
            assert_eq!(book.story(), "refunded cancelled; payme refunded; payme reversed 5");
            assert_eq!((book.times_cancelled, book.log()), (1, "refunded".to_owned()));
        }
    }

    #[test]
    fn a_performed_transaction_of_an_order_cancelled_by_staff_is_refunded_and_its_goods_stay() {
        let mut book = Book::of(payme_performed());
        book.give_up(later(1));
        assert_eq!(book.bill.order.payment_status, PaymentStatus::RefundPending);

        book.payme(&cancel(5), later(2)).unwrap();

        assert_eq!(book.story(), "refunded cancelled; payme refunded; payme reversed 5");
        assert_eq!(book.times_cancelled, 1);
    }

    #[test]
    fn a_performed_transaction_whose_goods_are_on_the_way_or_handed_over_is_not_cancelled() {
        for status in [OrderStatus::OnTheWay, OrderStatus::Delivered] {
            let decision = cancel(5).decide(Some(&at(status)), later(1));

            assert_eq!(decision.answer, Err(Fault::CannotCancel), "{status}");
            assert_eq!(decision.effects, Vec::<Effect>::new(), "{status}");
        }
    }

    #[test]
    fn money_that_went_back_by_hand_is_not_given_back_again() {
        let mut book = Book::of(payme_performed());
        book.give_up(later(1));
        book.refund_by_hand(later(2)).unwrap();

        let answer = book.payme(&cancel(5), later(3));

        assert_eq!(answer, Err(Fault::CannotCancel));
        assert_eq!(book.story(), "refunded cancelled; payme refunded; payme performed");
    }

    #[test]
    fn a_cancelled_transaction_gets_the_same_answer_and_keeps_its_reason() {
        for bill in [payme_cancelled(), payme_reversed()] {
            let before = bill.transactions[0].clone();

            let again = cancel(10).decide(Some(&bill), later(60));

            assert_eq!(again.answer, Ok(Answer::cancelled(&before)));
            assert_eq!(again.effects, Vec::<Effect>::new());
        }
    }

    #[test]
    fn a_transaction_whose_time_is_over_keeps_reason_4() {
        let mut book = Book::of(payme_open());

        let answer = book.payme(&cancel(3), later(721)).unwrap();

        assert_eq!(answer, Answer::cancelled(&book.bill.transactions[0]));
        assert_eq!(
            book.story(),
            "unpaid awaiting_payment; payme cancelled; payme cancelled 4"
        );
    }

    #[test]
    fn an_unknown_transaction_is_not_found() {
        for bill in [None, Some(awaiting())] {
            let answer = cancel(3).decide(bill.as_ref(), NOW).answer;
            assert_eq!(answer, Err(Fault::TransactionNotFound));
        }
    }

    #[test]
    fn an_unlisted_reason_is_kept_as_it_is() {
        let mut book = Book::of(payme_open());

        book.payme(&cancel(-77), later(1)).unwrap();

        assert_eq!(book.bill.transactions[0].reason, Some(-77));
    }

    #[test]
    fn a_transaction_that_we_cancelled_with_its_order_gets_that_answer() {
        let mut book = Book::of(payme_open());
        book.give_up(later(1));

        let answer = book.payme(&cancel(5), later(2)).unwrap();

        let expected = Answer::Cancelled {
            transaction: book.bill.transactions[0].id,
            cancel_time: Millis::of(later(1)),
            state: TransactionState::Cancelled,
        };
        assert_eq!(answer, expected);
        assert_eq!(book.story(), "unpaid cancelled; payme cancelled; payme cancelled 3");
    }
}
