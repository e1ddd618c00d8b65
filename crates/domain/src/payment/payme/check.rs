//! CheckTransaction: where a transaction stands (contract 2.4). What waited too long is cancelled by being asked for.

use chrono::{DateTime, Utc};

use crate::payment::bill::Bill;
use crate::payment::draft::Draft;
use crate::payment::effect::{Decision, Which};
use crate::payment::payme::perform::called;
use crate::payment::payme::{Answer, Decided, Fault};
use crate::payment::transaction::ExternalId;

/// CheckTransaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What Payme calls the transaction; `None` for what no transaction is called.
    pub id: Option<ExternalId>,
}

impl Check {
    /// Judges the call by the bill of the order that the transaction belongs to, `None` where this desk has no such transaction.
    #[must_use]
    pub fn decide(&self, bill: Option<&Bill>, now: DateTime<Utc>) -> Decided {
        let Some((bill, transaction)) = called(self.id.as_ref(), bill) else {
            return Decision::only(Err(Fault::TransactionNotFound));
        };
        let draft = Draft::new(bill, now);
        let seen = draft.bill().transaction(transaction.id).map(Answer::checked);
        let answer = seen.ok_or(Fault::TransactionNotFound);
        draft.decide(answer, Some(Which::Known(transaction.payment_id)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Check;
    use crate::payment::bill::Bill;
    use crate::payment::book::{
        Book, NOW, PAYME_ID, awaiting, payme_cancelled, payme_open, payme_performed, payme_reversed,
    };
    use crate::payment::payme::{Answer, Fault};
    use crate::payment::transaction::{ExternalId, Millis};

    fn check(bill: Option<&Bill>, now: DateTime<Utc>) -> Result<Answer, Fault> {
        let id = ExternalId::new(PAYME_ID);
        let decision = Check { id }.decide(bill, now);
        assert!(decision.effects.is_empty());
        decision.answer
    }

    #[test]
    fn every_state_is_told_with_all_six_fields() {
        let told = [payme_open(), payme_performed(), payme_cancelled(), payme_reversed()].map(|bill| {
            let Ok(Answer::Checked {
                create_time,
                perform_time,
                cancel_time,
                state,
                reason,
                ..
            }) = check(Some(&bill), NOW)
            else {
                panic!("a transaction of the bill is found");
            };
            let reached = [create_time, perform_time, cancel_time].map(|time| time != Millis::NONE);
            (state.payme_number(), reached, reason)
        });

        let expected = [
            (1, [true, false, false], None),
            (2, [true, true, false], None),
            (-1, [true, false, true], Some(3)),
            (-2, [true, true, true], Some(5)),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_transaction_whose_time_is_over_is_told_as_cancelled_and_becomes_so() {
        let mut book = Book::of(payme_open());
        let late = NOW + TimeDelta::hours(12) + TimeDelta::milliseconds(1);
        let id = ExternalId::new(PAYME_ID);

        let answer = book.payme(&Check { id }, late);

        assert_eq!(answer, Ok(Answer::checked(&book.bill.transactions[0])));
        assert_eq!(
            book.story(),
            "unpaid awaiting_payment; payme cancelled; payme cancelled 4"
        );
        assert_eq!(answer, check(Some(&book.bill), late + TimeDelta::hours(1)));
    }

    #[test]
    fn a_transaction_is_open_to_the_last_millisecond_of_twelve_hours() {
        let bill = payme_open();
        let transaction = &bill.transactions[0];

        assert_eq!(
            check(Some(&bill), NOW + TimeDelta::hours(12)),
            Ok(Answer::checked(transaction))
        );
    }

    #[test]
    fn an_unknown_transaction_is_not_found() {
        assert_eq!(check(None, NOW), Err(Fault::TransactionNotFound));
        assert_eq!(check(Some(&awaiting()), NOW), Err(Fault::TransactionNotFound));
    }
}
