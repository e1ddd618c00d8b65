//! Complete: Click took the money, or could not (contract 3.3, 3.4).
//!
//! Money that was taken is never turned away for a reason of ours: the answer is 0, -4 (a second attempt, whose money is queued for
//! reversal) or -9 (cancelled before, so that Click gives it back itself).

use chrono::{DateTime, Utc};

use crate::ids::{OrderId, PaymentId, TransactionId};
use crate::money::Money;
use crate::payment::bill::{Bill, NotPayable};
use crate::payment::click::{Answer, Code, Decided};
use crate::payment::draft::Draft;
use crate::payment::effect::{Decision, Which};
use crate::payment::machine::Mover;
use crate::payment::transaction::{ExternalId, Transaction, TransactionState};
use crate::payment::{Provider, reason};

/// Complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Complete {
    /// What Click calls the attempt.
    pub click_trans_id: i64,
    /// The number that the payer sees; nobody signed it.
    pub paydoc_id: Option<i64>,
    /// The order; `None` for what is no order's number.
    pub order: Option<OrderId>,
    /// Ours, from Prepare; `None` for what is no number of ours.
    pub prepare_id: Option<TransactionId>,
    /// How much; `None` for what is no amount.
    pub amount: Option<Money>,
    /// Zero for money that was taken, below it for a failure.
    pub error: i64,
}

impl Complete {
    /// Judges the call by the bill of its order, `None` where this desk has no such order: order (-5), prepare id (-6), the error that was
    /// sent (-9), confirmed (-4), cancelled (-9), the amount (-2).
    #[must_use]
    pub fn decide(&self, bill: Option<&Bill>, now: DateTime<Utc>) -> Decided {
        let bill = bill.filter(|bill| self.order == Some(bill.order_id));
        let Some(bill) = bill else {
            return Decision::only(Answer::bare(Code::OrderNotFound));
        };
        let mut draft = Draft::new(bill, now);
        let Some(attempt) = self.attempt(draft.bill()).cloned() else {
            return Decision::only(Answer::bare(Code::AttemptNotFound));
        };
        let known = Which::Known(attempt.payment_id);
        let (answer, payment) = if self.error < 0 {
            self.fail(&mut draft, &attempt);
            (Answer::bare(Code::Cancelled), known)
        } else {
            let confirmed = self.confirm(&mut draft, &attempt, now);
            confirmed.unwrap_or_else(|answer| (answer, known))
        };
        draft.decide(answer, Some(payment))
    }

    /// The attempt that Prepare answered for, of this order and this number of Click's.
    fn attempt<'a>(&self, bill: &'a Bill) -> Option<&'a Transaction> {
        let external_id = ExternalId::of_number(self.click_trans_id);
        let attempt = bill.called(Provider::Click, &external_id)?;
        (self.prepare_id == Some(attempt.id)).then_some(attempt)
    }

    /// Click could not take the money, or says so of an attempt that it had confirmed: that is kept, once, and looked into.
    fn fail(&self, draft: &mut Draft, attempt: &Transaction) {
        match attempt.state {
            TransactionState::Open | TransactionState::TakenOver => {
                draft.end(attempt.id, self.error, Mover::ProviderFails);
                if attempt.state == TransactionState::Open {
                    draft.grant_grace();
                }
            }
            TransactionState::Performed if attempt.reason.is_none() => draft.question(attempt.id, self.error),
            TransactionState::Performed | TransactionState::Cancelled | TransactionState::Reversed => {}
        }
    }

    /// The answer to money that settled a payment, with that payment.
    ///
    /// # Errors
    /// The answer where no payment was settled by it.
    fn confirm(
        &self,
        draft: &mut Draft,
        attempt: &Transaction,
        now: DateTime<Utc>,
    ) -> Result<(Answer, Which<PaymentId>), Answer> {
        match attempt.state {
            TransactionState::Performed | TransactionState::Reversed => return Err(again(draft.bill(), attempt)),
            TransactionState::Cancelled => return Err(Answer::bare(Code::Cancelled)),
            TransactionState::Open | TransactionState::TakenOver => {}
        }
        match draft.bill().check_payable(now) {
            Ok(()) => {}
            Err(NotPayable::Paid) => {
                let late = draft.come_late(attempt);
                draft.keep_paydoc(attempt, self.paydoc_id);
                return Ok((Answer::bare(Code::AlreadyPaid), late));
            }
            Err(NotPayable::Expired) => {
                draft.end(attempt.id, reason::TIME_OVER, Mover::TimeOver);
                return Err(Answer::bare(Code::Cancelled));
            }
            Err(NotPayable::Cancelled | NotPayable::Cash | NotPayable::NotYet) => {
                draft.end(attempt.id, reason::FAILED, Mover::OrderCancelled);
                return Err(Answer::bare(Code::Cancelled));
            }
        }
        if self.amount != Some(draft.bill().order.total_price) {
            return Err(Answer::bare(Code::WrongAmount));
        }
        let paid = draft.confirm(attempt.id).ok_or(Answer::bare(Code::Cancelled))?;
        draft.keep_paydoc(attempt, self.paydoc_id);
        let answer = Answer {
            code: Code::Success,
            number: Some(Which::Known(attempt.id)),
        };
        Ok((answer, paid))
    }
}

/// A confirmed attempt has its number; one whose money came late has none, as when it was first told so.
fn again(bill: &Bill, attempt: &Transaction) -> Answer {
    let is_late = bill.payment(attempt.payment_id).is_some_and(|payment| payment.is_late);
    Answer {
        code: Code::AlreadyPaid,
        number: (!is_late).then_some(Which::Known(attempt.id)),
    }
}
