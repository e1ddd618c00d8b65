//! Prepare: an attempt of a payer, which holds the order for half an hour (contract 3.3, 3.4).

use chrono::{DateTime, TimeDelta, Utc};

use crate::ids::{OrderId, TransactionId};
use crate::money::Money;
use crate::payment::Provider;
use crate::payment::bill::{Bill, NotPayable};
use crate::payment::click::{Answer, Code, Decided};
use crate::payment::draft::{Draft, Opening};
use crate::payment::effect::{Decision, Which};
use crate::payment::transaction::{ExternalId, Millis, Transaction, TransactionState};

/// Prepare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prepare {
    /// What Click calls the attempt.
    pub click_trans_id: i64,
    /// The number that the payer sees; nobody signed it.
    pub paydoc_id: Option<i64>,
    /// The order; `None` for what is no order's number.
    pub order: Option<OrderId>,
    /// How much; `None` for what is no amount.
    pub amount: Option<Money>,
    /// Zero, or below it for a failure.
    pub error: i64,
}

/// What a Prepare is judged by beside the bill of its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrepareFacts {
    /// The order of the attempt that Click calls so already, if there is one.
    pub known_for: Option<OrderId>,
    /// How long an attempt holds its order: `prepare_minutes`.
    pub holds_for: TimeDelta,
}

impl Prepare {
    /// Judges the call by the bill of its order, `None` where this desk has no such order: order (-5), an attempt of another order (-8), the
    /// error that was sent (-9), paid (-4), cancelled, not payable, in cash or held by another provider (-9), the amount (-2).
    #[must_use]
    pub fn decide(&self, bill: Option<&Bill>, facts: PrepareFacts, now: DateTime<Utc>) -> Decided {
        let bill = bill.filter(|bill| self.order == Some(bill.order_id));
        let Some(bill) = bill else {
            return Decision::only(Answer::bare(Code::OrderNotFound));
        };
        if facts.known_for.is_some_and(|order| order != bill.order_id) {
            return Decision::only(Answer::bare(Code::BadRequest));
        }
        let external_id = ExternalId::of_number(self.click_trans_id);
        let known = bill.called(Provider::Click, &external_id);
        let concerns = known.map(|known| Which::Known(known.payment_id));
        let mut draft = Draft::new(bill, now);
        let attempt = known.and_then(|known| draft.bill().transaction(known.id));
        if let Err(code) = self.judge(draft.bill(), attempt, now) {
            return draft.decide(Answer::bare(code), concerns);
        }
        if let Some(known) = known {
            return draft.decide(prepared(Which::Known(known.id)), concerns);
        }
        draft.take_over();
        let payment = draft.open(Opening {
            provider: Provider::Click,
            external_id,
            external_time: Millis::of(now),
            open_until: Millis::of(now).after(facts.holds_for),
            paydoc_id: self.paydoc_id,
        });
        draft.decide(prepared(Which::Made), Some(payment))
    }

    fn judge(&self, bill: &Bill, attempt: Option<&Transaction>, now: DateTime<Utc>) -> Result<(), Code> {
        if self.error != 0 {
            return Err(Code::Cancelled);
        }
        bill.check_payable(now).map_err(|not_payable| match not_payable {
            NotPayable::Paid => Code::AlreadyPaid,
            NotPayable::Cancelled | NotPayable::Cash | NotPayable::NotYet | NotPayable::Expired => Code::Cancelled,
        })?;
        match attempt.map(|attempt| attempt.state) {
            None | Some(TransactionState::Open | TransactionState::TakenOver) => {}
            Some(TransactionState::Performed | TransactionState::Reversed) => return Err(Code::AlreadyPaid),
            Some(TransactionState::Cancelled) => return Err(Code::Cancelled),
        }
        if bill.holder().is_some_and(|holder| holder.provider != Provider::Click) {
            return Err(Code::Cancelled);
        }
        if self.amount != Some(bill.order.total_price) {
            return Err(Code::WrongAmount);
        }
        Ok(())
    }
}

const fn prepared(attempt: Which<TransactionId>) -> Answer {
    Answer {
        code: Code::Success,
        number: Some(attempt),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Prepare;
    use crate::ids::OrderId;
    use crate::money::Money;
    use crate::order::{OrderStatus, PaymentMethod};
    use crate::payment::Provider;
    use crate::payment::bill::Bill;
    use crate::payment::book::{
        Book, CLICK_ID, HOLDS, NOW, TOTAL, awaiting, cancelled, click_cancelled, click_open, click_performed, paid,
        payme_open,
    };
    use crate::payment::click::prepare::PrepareFacts;
    use crate::payment::transaction::Millis;

    fn prepare(click_trans_id: i64) -> Prepare {
        Prepare {
            click_trans_id,
            paydoc_id: Some(77),
            order: Some(OrderId::new(1001)),
            amount: Some(TOTAL),
            error: 0,
        }
    }

    fn later(minutes: i64) -> DateTime<Utc> {
        NOW + TimeDelta::minutes(minutes)
    }

    /// What a call that changes nothing is answered.
    fn refused(bill: Option<&Bill>, call: &Prepare) -> i64 {
        let decision = call.decide(bill, HOLDS, NOW);
        assert!(decision.effects.is_empty(), "{:?}", decision.effects);
        assert_eq!(decision.answer.number, None);
        decision.answer.code.number()
    }

    #[test]
    fn an_attempt_holds_the_order_for_half_an_hour() {
        let mut book = Book::of(awaiting());

        let (code, number) = book.prepare(&prepare(CLICK_ID), NOW);

        let holder = book.bill.holder().unwrap();
        assert_eq!((code, number), (0, Some(holder.id)));
        assert_eq!(holder.open_until, Millis::of(later(30)));
        assert_eq!(holder.paydoc_id, Some(77));
        assert_eq!(book.story(), "pending awaiting_payment; click processing; click open");
    }

    #[test]
    fn the_same_attempt_again_gets_the_same_number() {
        let mut book = Book::of(awaiting());
        let first = book.prepare(&prepare(CLICK_ID), NOW);

        let again = prepare(CLICK_ID).decide(Some(&book.bill), HOLDS, later(30));

        assert!(again.effects.is_empty());
        assert_eq!(book.prepare(&prepare(CLICK_ID), later(30)), first);
    }

    #[test]
    fn a_new_attempt_takes_over_the_hold_and_the_older_one_stays_prepared() {
        let mut book = Book::of(awaiting());
        let first = book.prepare(&prepare(CLICK_ID), NOW);

        let second = book.prepare(&prepare(CLICK_ID + 1), later(1));

        assert_ne!(second, first);
        assert_eq!(
            book.story(),
            "pending awaiting_payment; click processing; click taken_over, click open"
        );
        assert_eq!(book.prepare(&prepare(CLICK_ID), later(2)), first);
    }

    #[test]
    fn an_unknown_or_malformed_order_does_not_exist() {
        let malformed = Prepare {
            order: None,
            ..prepare(CLICK_ID)
        };
        let foreign = Prepare {
            order: Some(OrderId::new(1002)),
            ..prepare(CLICK_ID)
        };

        assert_eq!(refused(None, &prepare(CLICK_ID)), -5);
        assert_eq!(refused(Some(&awaiting()), &malformed), -5);
        assert_eq!(refused(Some(&awaiting()), &foreign), -5);
    }

    #[test]
    fn an_attempt_of_another_order_is_a_bad_request() {
        let facts = PrepareFacts {
            known_for: Some(OrderId::new(1002)),
            ..HOLDS
        };

        let decision = prepare(CLICK_ID).decide(Some(&awaiting()), facts, NOW);

        assert_eq!((decision.answer.code.number(), decision.effects), (-8, Vec::new()));
    }

    #[test]
    fn an_error_in_prepare_has_no_effect() {
        let failed = Prepare {
            error: -5017,
            ..prepare(CLICK_ID)
        };

        assert_eq!(
            [awaiting(), click_open(), paid()].map(|bill| refused(Some(&bill), &failed)),
            [-9; 3]
        );
    }

    #[test]
    fn a_paid_order_is_already_paid_before_anything_else_is_looked_at() {
        let wrong = Prepare {
            amount: None,
            ..prepare(CLICK_ID)
        };

        assert_eq!(
            [paid(), click_performed()].map(|bill| refused(Some(&bill), &wrong)),
            [-4; 2]
        );
    }

    #[test]
    fn an_order_that_is_cancelled_not_payable_or_in_cash_is_cancelled() {
        let wrong = Prepare {
            amount: None,
            ..prepare(CLICK_ID)
        };
        let mut cash = awaiting();
        cash.order.payment_method = PaymentMethod::Cash;
        let mut waiting = awaiting();
        waiting.order.status = OrderStatus::AwaitingPrescription;
        let mut expired = awaiting();
        expired.expires_at = Some(NOW - TimeDelta::seconds(1));

        for bill in [cancelled(), cash, waiting, expired] {
            assert_eq!(refused(Some(&bill), &wrong), -9);
        }
    }

    #[test]
    fn an_order_that_payme_holds_is_cancelled_for_click() {
        assert_eq!(refused(Some(&payme_open()), &prepare(CLICK_ID)), -9);
    }

    #[test]
    fn a_cancelled_attempt_stays_cancelled() {
        assert_eq!(refused(Some(&click_cancelled()), &prepare(CLICK_ID)), -9);
    }

    #[test]
    fn an_attempt_whose_time_is_over_is_cancelled() {
        let mut book = Book::of(click_open());

        let answer = book.prepare(&prepare(CLICK_ID), later(31));

        assert_eq!(answer, (-9, None));
        assert_eq!(
            book.story(),
            "unpaid awaiting_payment; click cancelled; click cancelled 4"
        );
    }

    #[test]
    fn a_wrong_amount_is_refused_for_a_new_and_a_known_attempt() {
        for amount in [None, Some(Money::from_tiyin(1)), Some(Money::from_tiyin(-1))] {
            let wrong = Prepare {
                amount,
                ..prepare(CLICK_ID)
            };
            assert_eq!(refused(Some(&awaiting()), &wrong), -2);
            assert_eq!(refused(Some(&click_open()), &wrong), -2);
        }
    }

    #[test]
    fn a_payment_that_was_expected_is_taken_up() {
        let mut book = Book::of(awaiting());
        book.start(Provider::Click, NOW);
        book.start(Provider::Payme, NOW);

        book.prepare(&prepare(CLICK_ID), NOW);

        assert_eq!(
            book.story(),
            "pending awaiting_payment; click processing, payme pending; click open"
        );
    }
}
