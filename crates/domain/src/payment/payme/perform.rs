//! PerformTransaction: the payer was debited, and the order is paid (contract 2.4).

use chrono::{DateTime, Utc};

use crate::payment::bill::Bill;
use crate::payment::draft::Draft;
use crate::payment::effect::{Decision, Which};
use crate::payment::machine::Mover;
use crate::payment::payme::{Answer, Decided, Fault};
use crate::payment::transaction::{ExternalId, Transaction, TransactionState};
use crate::payment::{Provider, reason};

/// PerformTransaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perform {
    /// What Payme calls the transaction; `None` for what no transaction is called.
    pub id: Option<ExternalId>,
}

impl Perform {
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
        let is_right = transaction.amount == bill.order.total_price;
        match state {
            Some(TransactionState::Open) if is_right && draft.confirm(transaction.id).is_some() => {}
            // No order that is held goes elsewhere without its transaction; should one have, its money is not taken.
            Some(TransactionState::Open) => draft.end(transaction.id, reason::FAILED, Mover::OrderCancelled),
            Some(
                TransactionState::TakenOver
                | TransactionState::Performed
                | TransactionState::Cancelled
                | TransactionState::Reversed,
            )
            | None => {}
        }
        let performed = draft
            .bill()
            .transaction(transaction.id)
            .filter(|transaction| transaction.state == TransactionState::Performed);
        let answer = performed.map(Answer::performed).ok_or(Fault::NotPossible);
        draft.decide(answer, concerns)
    }
}

/// The transaction that Payme calls so, with its bill.
pub(super) fn called<'a>(id: Option<&ExternalId>, bill: Option<&'a Bill>) -> Option<(&'a Bill, &'a Transaction)> {
    let bill = bill?;
    let transaction = bill.called(Provider::Payme, id?)?;
    Some((bill, transaction))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Perform;
    use crate::money::Money;
    use crate::order::OrderStatus;
    use crate::payment::Provider;
    use crate::payment::bill::Bill;
    use crate::payment::book::{
        Book, NOW, PAYME_ID, awaiting, create, payme_cancelled, payme_open, payme_performed, payme_reversed,
    };
    use crate::payment::effect::Effect;
    use crate::payment::payme::{Answer, Fault};
    use crate::payment::transaction::{ExternalId, Millis, TransactionState};

    fn perform() -> Perform {
        Perform {
            id: ExternalId::new(PAYME_ID),
        }
    }

    fn later(minutes: i64) -> DateTime<Utc> {
        NOW + TimeDelta::minutes(minutes)
    }

    fn refused(bill: &Bill) -> i64 {
        let decision = perform().decide(Some(bill), later(1));
        assert!(decision.effects.is_empty(), "{:?}", decision.effects);
        decision.answer.unwrap_err().number()
    }

    #[test]
    fn an_open_transaction_pays_the_order() {
        let mut book = Book::of(payme_open());

        let answer = book.payme(&perform(), later(1));

        let transaction = book.bill.transactions[0].id;
        let expected = Answer::Performed {
            transaction,
            perform_time: Millis::of(later(1)),
            state: TransactionState::Performed,
        };
        assert_eq!(answer, Ok(expected));
        assert_eq!(book.story(), "paid paid; payme success; payme performed");
        assert_eq!(book.log(), "completed");
    }

    #[test]
    fn an_open_transaction_pays_an_order_whose_own_time_is_over() {
        let mut book = Book::of(payme_open());

        book.payme(&perform(), NOW + TimeDelta::hours(12)).unwrap();

        assert_eq!(book.story(), "paid paid; payme success; payme performed");
    }

    #[test]
    fn what_was_expected_of_another_provider_is_wanted_no_more() {
        let mut book = Book::of(awaiting());
        book.start(Provider::Click, NOW);
        book.payme(&create(), NOW).unwrap();

        book.payme(&perform(), later(1)).unwrap();

        assert_eq!(
            book.story(),
            "paid paid; click cancelled, payme success; payme performed"
        );
    }

    #[test]
    fn a_performed_transaction_gets_the_same_answer_and_no_second_effect() {
        let mut book = Book::of(payme_open());
        let first = book.payme(&perform(), later(1));

        let again = perform().decide(Some(&book.bill), later(600));

        assert_eq!((again.answer, again.effects), (first, Vec::new()));
    }

    #[test]
    fn a_transaction_whose_time_is_over_is_cancelled_for_reason_4() {
        let mut book = Book::of(payme_open());

        let answer = book.payme(&perform(), NOW + TimeDelta::hours(12) + TimeDelta::milliseconds(1));

        assert_eq!(answer, Err(Fault::NotPossible));
        assert_eq!(
            book.story(),
            "unpaid awaiting_payment; payme cancelled; payme cancelled 4"
        );
    }

    #[test]
    fn a_cancelled_transaction_is_not_possible() {
        assert_eq!(
            [payme_cancelled(), payme_reversed()].map(|bill| refused(&bill)),
            [-31008; 2]
        );
    }

    #[test]
    fn an_unknown_transaction_is_not_found() {
        assert_eq!(refused(&awaiting()), -31003);
        assert_eq!(perform().decide(None, NOW).answer, Err(Fault::TransactionNotFound));
        let nameless = Perform { id: None }.decide(Some(&payme_open()), NOW);
        assert_eq!(nameless.answer, Err(Fault::TransactionNotFound));
    }

    #[test]
    fn a_performed_order_that_went_on_gets_the_same_answer() {
        for status in [OrderStatus::OnTheWay, OrderStatus::Delivered] {
            let mut bill = payme_performed();
            bill.order.status = status;
            let decision = perform().decide(Some(&bill), later(5));
            assert!(decision.answer.is_ok() && decision.effects.is_empty());
        }
    }

    #[test]
    fn a_transaction_that_we_cancelled_with_its_order_takes_no_money() {
        let mut book = Book::of(payme_open());
        book.give_up(later(1));

        let answer = book.payme(&perform(), later(2));

        assert_eq!(answer, Err(Fault::NotPossible));
        assert_eq!(book.story(), "unpaid cancelled; payme cancelled; payme cancelled 3");
    }

    #[test]
    fn an_open_transaction_of_an_order_that_does_not_wait_for_it_takes_no_money() {
        let mut moved = payme_open();
        moved.order.status = OrderStatus::Cancelled;
        let mut dearer = payme_open();
        dearer.order.total_price = Money::from_tiyin(1);

        for bill in [moved, dearer] {
            let decision = perform().decide(Some(&bill), later(1));

            assert_eq!(decision.answer, Err(Fault::NotPossible));
            let steps = decision.effects.iter().filter_map(|effect| match effect {
                Effect::MoveTransaction(step) => Some((step.to, step.reason)),
                _ => None,
            });
            assert_eq!(steps.collect::<Vec<_>>(), [(TransactionState::Cancelled, Some(3))]);
        }
    }
}
