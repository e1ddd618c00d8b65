//! CreateTransaction: the order is held until Perform, Cancel, twelve hours, or a person cancels it (contract 2.4, 2.6).

use chrono::{DateTime, TimeDelta, Utc};

use crate::ids::OrderId;
use crate::money::Money;
use crate::payment::Provider;
use crate::payment::bill::Bill;
use crate::payment::draft::{Draft, Opening};
use crate::payment::effect::{Decision, Which};
use crate::payment::payme::check_perform::{account, check_amount, payable};
use crate::payment::payme::{AccountFault, Answer, Decided, Fault};
use crate::payment::transaction::{ExternalId, Millis, Transaction, TransactionState};

/// How long a transaction may be open, from the time that Payme sent: 43 200 000 ms.
pub const OPEN_FOR: TimeDelta = TimeDelta::hours(12);

/// CreateTransaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    /// What Payme calls the transaction.
    pub id: ExternalId,
    /// When Payme made it.
    pub time: Millis,
    /// How much; `None` for what is no amount.
    pub amount: Option<Money>,
    /// The order that `account` names.
    pub order: Result<OrderId, AccountFault>,
}

impl Create {
    /// Judges the call by the bill of the order that the transaction belongs to, where its id is known, else of the order that `account`
    /// names. A refused call leaves nothing of its own behind.
    #[must_use]
    pub fn decide(&self, bill: Option<&Bill>, now: DateTime<Utc>) -> Decided {
        let known = bill.and_then(|bill| Some((bill, bill.called(Provider::Payme, &self.id)?)));
        match known {
            Some((bill, transaction)) => self.again(bill, transaction, now),
            None => self.first(bill, now),
        }
    }

    /// A known id: the same answer while the transaction is open.
    fn again(&self, bill: &Bill, transaction: &Transaction, now: DateTime<Utc>) -> Decided {
        let concerns = Some(Which::Known(transaction.payment_id));
        let refused = |fault| Decision {
            effects: Vec::new(),
            answer: Err(fault),
            concerns,
        };
        if let Err(fault) = account(&self.order, Some(bill)) {
            return refused(Fault::Account(fault));
        }
        if self.amount != Some(transaction.amount) {
            return refused(Fault::WrongAmount);
        }
        let draft = Draft::new(bill, now);
        let is_open = draft.bill().holder().is_some_and(|holder| holder.id == transaction.id);
        let answer = if is_open {
            Ok(Answer::created(transaction))
        } else {
            Err(Fault::NotPossible)
        };
        draft.decide(answer, concerns)
    }

    fn first(&self, bill: Option<&Bill>, now: DateTime<Utc>) -> Decided {
        let bill = match account(&self.order, bill) {
            Ok(bill) => bill,
            Err(fault) => return Decision::only(Err(Fault::Account(fault))),
        };
        let mut draft = Draft::new(bill, now);
        if let Err(fault) = self.judge(draft.bill(), now) {
            return draft.decide(Err(fault), None);
        }
        let payment = draft.open(Opening {
            provider: Provider::Payme,
            external_id: self.id.clone(),
            external_time: self.time,
            // A time that is still to come would hold the order for longer than twelve hours.
            open_until: self.open_until().min(Millis::of(now).after(OPEN_FOR)),
            paydoc_id: None,
        });
        let answer = Answer::Created {
            create_time: Millis::of(now),
            transaction: Which::Made,
            state: TransactionState::Open,
        };
        draft.decide(Ok(answer), Some(payment))
    }

    /// The state of the order, then the amount, then who holds it, then the time.
    fn judge(&self, bill: &Bill, now: DateTime<Utc>) -> Result<(), Fault> {
        payable(bill, now).map_err(Fault::Account)?;
        check_amount(self.amount, bill)?;
        if bill.holder().is_some() || self.open_until() < Millis::of(now) {
            return Err(Fault::NotPossible);
        }
        Ok(())
    }

    const fn open_until(&self) -> Millis {
        self.time.after(OPEN_FOR)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::Create;
    use crate::ids::OrderId;
    use crate::money::Money;
    use crate::payment::Provider;
    use crate::payment::bill::Bill;
    use crate::payment::book::{
        Book, NOW, PAYME_ID, TOTAL, awaiting, cancelled, click_open, paid, payme_cancelled, payme_open,
        payme_performed, payme_reversed,
    };
    use crate::payment::effect::Effect;
    use crate::payment::payme::{AccountFault, Answer, Fault};
    use crate::payment::transaction::{ExternalId, Millis};

    fn create(id: &str) -> Create {
        Create {
            id: ExternalId::new(id).unwrap(),
            time: Millis::of(NOW),
            amount: Some(TOTAL),
            order: Ok(OrderId::new(1001)),
        }
    }

    /// What a call that changes nothing is answered.
    fn refused(bill: &Bill, call: &Create) -> i64 {
        let decision = call.decide(Some(bill), NOW);
        assert!(decision.effects.is_empty(), "{:?}", decision.effects);
        decision.answer.unwrap_err().number()
    }

    #[test]
    fn a_new_transaction_holds_the_order() {
        let mut book = Book::of(awaiting());

        let answer = book.payme(&create(PAYME_ID), NOW).unwrap();

        let holder = book.bill.holder().unwrap();
        assert_eq!(answer, Answer::created(holder));
        assert_eq!(holder.create_time, Millis::of(NOW));
        assert_eq!(holder.open_until, Millis::of(NOW + TimeDelta::hours(12)));
        assert_eq!(book.story(), "pending awaiting_payment; payme processing; payme open");
        assert_eq!(book.log(), "created");
    }

    #[test]
    fn a_payment_that_was_expected_is_taken_up() {
        let mut book = Book::of(awaiting());
        book.start(Provider::Payme, NOW);

        book.payme(&create(PAYME_ID), NOW).unwrap();

        assert_eq!(book.story(), "pending awaiting_payment; payme processing; payme open");
    }

    #[test]
    fn a_known_id_that_is_open_gets_the_same_answer() {
        let mut book = Book::of(awaiting());
        let first = book.payme(&create(PAYME_ID), NOW);

        let later = NOW + TimeDelta::hours(12);
        let again = create(PAYME_ID).decide(Some(&book.bill), later);

        assert_eq!((again.answer, again.effects), (first, Vec::new()));
    }

    #[test]
    fn a_known_id_with_another_amount_is_refused() {
        for amount in [None, Some(Money::from_tiyin(1))] {
            let call = Create {
                amount,
                ..create(PAYME_ID)
            };
            assert_eq!(refused(&payme_open(), &call), -31001);
        }
    }

    #[test]
    fn a_known_id_with_another_account_is_refused() {
        let other = Create {
            order: Ok(OrderId::new(1002)),
            ..create(PAYME_ID)
        };
        let malformed = Create {
            order: Err(AccountFault::Malformed),
            ..create(PAYME_ID)
        };

        assert_eq!(refused(&payme_open(), &other), -31050);
        assert_eq!(refused(&payme_open(), &malformed), -31054);
    }

    #[test]
    fn a_known_id_whose_time_is_over_is_cancelled_for_reason_4() {
        let mut book = Book::of(payme_open());
        let late = NOW + TimeDelta::hours(12) + TimeDelta::milliseconds(1);

        let answer = book.payme(&create(PAYME_ID), late);

        assert_eq!(answer, Err(Fault::NotPossible));
        assert_eq!(
            book.story(),
            "unpaid awaiting_payment; payme cancelled; payme cancelled 4"
        );
        assert_eq!(book.bill.transactions[0].cancel_time, Millis::of(late));
        assert_eq!(book.log(), "payme_expired cancelled");
    }

    #[test]
    fn a_known_id_that_is_performed_or_cancelled_is_not_possible() {
        for bill in [payme_performed(), payme_cancelled(), payme_reversed()] {
            assert_eq!(refused(&bill, &create(PAYME_ID)), -31008);
        }
    }

    #[test]
    fn a_new_id_for_an_order_that_is_unknown_or_malformed_is_refused() {
        let decision = create("new").decide(None, NOW);
        assert_eq!(decision.answer.unwrap_err().number(), -31050);
        let malformed = Create {
            order: Err(AccountFault::Malformed),
            ..create("new")
        };
        assert_eq!(refused(&awaiting(), &malformed), -31054);
    }

    #[test]
    fn a_new_id_for_an_order_that_is_paid_cancelled_or_not_payable_is_refused() {
        let mut expired = awaiting();
        expired.expires_at = Some(NOW - TimeDelta::seconds(1));

        let numbers = [paid(), cancelled(), expired].map(|bill| refused(&bill, &create("new")));

        assert_eq!(numbers, [-31051, -31052, -31052]);
    }

    #[test]
    fn a_new_id_with_a_wrong_amount_is_refused_before_it_is_seen_who_holds_the_order() {
        let wrong = Create {
            amount: Some(Money::from_tiyin(1)),
            ..create("new")
        };

        assert_eq!(
            [awaiting(), payme_open()].map(|bill| refused(&bill, &wrong)),
            [-31001; 2]
        );
    }

    #[test]
    fn a_new_id_for_an_order_that_any_provider_holds_is_not_possible() {
        assert_eq!(
            [payme_open(), click_open()].map(|bill| refused(&bill, &create("new"))),
            [-31008; 2]
        );
    }

    #[test]
    fn a_new_id_whose_time_is_older_than_twelve_hours_is_not_possible() {
        let at = |ago: TimeDelta| Create {
            time: Millis::of(NOW - ago),
            ..create("new")
        };

        assert_eq!(
            refused(&awaiting(), &at(TimeDelta::hours(12) + TimeDelta::milliseconds(1))),
            -31008
        );
        assert!(at(TimeDelta::hours(12)).decide(Some(&awaiting()), NOW).answer.is_ok());
    }

    #[test]
    fn a_holder_whose_time_is_over_makes_room_for_a_new_one() {
        let mut book = Book::of(payme_open());
        let late = NOW + TimeDelta::hours(13);
        book.bill.expires_at = Some(late);
        let call = Create {
            time: Millis::of(late),
            ..create("new")
        };

        book.payme(&call, late).unwrap();

        let expected = "pending awaiting_payment; payme cancelled, payme processing; payme cancelled 4, payme open";
        assert_eq!(book.story(), expected);
    }

    #[test]
    fn a_refused_call_still_ends_a_holder_whose_time_is_over() {
        let mut book = Book::of(payme_open());
        let late = NOW + TimeDelta::hours(13);

        let answer = book.payme(&create("new"), late);

        assert_eq!(answer, Err(Fault::Account(AccountFault::NotPayable)));
        assert_eq!(
            book.story(),
            "unpaid awaiting_payment; payme cancelled; payme cancelled 4"
        );
    }

    #[test]
    fn after_a_cancel_the_order_can_be_tried_again() {
        let mut book = Book::of(payme_cancelled());

        book.payme(&create("new"), NOW).unwrap();

        let expected = "pending awaiting_payment; payme cancelled, payme processing; payme cancelled 3, payme open";
        assert_eq!(book.story(), expected);
    }

    #[test]
    fn amounts_at_both_edges_are_kept_to_the_tiyin() {
        for total in [Money::from_tiyin(1), Money::MAX_TOTAL] {
            let mut bill = awaiting();
            bill.order.total_price = total;
            let call = Create {
                amount: Some(total),
                ..create(PAYME_ID)
            };

            let effects = call.decide(Some(&bill), NOW).effects;

            let amounts = effects.iter().filter_map(|effect| match effect {
                Effect::MakePayment(payment) => Some(payment.amount),
                Effect::OpenTransaction(transaction) => Some(transaction.amount),
                _ => None,
            });
            assert_eq!(amounts.collect::<Vec<_>>(), [total; 2]);
        }
    }
}
