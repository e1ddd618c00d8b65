//! An order that we give up, and transactions that were open too long: what becomes of money under way (contract 2.4 end, 3.1).
//!
//! Who may cancel and when an order expires, the order says; here it is told what goes along with it. A later Perform or Complete finds
//! the transaction cancelled, and a later Cancel gets that same answer.

use chrono::{DateTime, Utc};

use crate::order::Transition;
use crate::payment::bill::Bill;
use crate::payment::draft::Draft;
use crate::payment::effect::Effect;
use crate::payment::reason;

impl Bill {
    /// The order takes `step` to cancelled, judged elsewhere, by a person: what was prepared is cancelled for reason 3 (4 where its time was
    /// over), what was expected is cancelled, what is paid is to go back, by Click's reversal where Click has it.
    #[must_use]
    pub fn give_up(&self, step: Transition, now: DateTime<Utc>) -> Vec<Effect> {
        let mut draft = Draft::new(self, now);
        draft.give_up(step, reason::FAILED);
        draft.effects()
    }

    /// What the worker does each minute with an order whose own time, or a transaction's, is over: the transaction is cancelled for reason 4,
    /// then the order where nothing holds it any more. Nothing where all is in time.
    #[must_use]
    pub fn expire(&self, now: DateTime<Utc>) -> Vec<Effect> {
        let mut draft = Draft::new(self, now);
        if let Some(step) = draft.bill().order.expire(self.expires_at, now) {
            draft.give_up(step, reason::TIME_OVER);
        }
        draft.effects()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use crate::order::OrderStatus;
    use crate::payment::Provider;
    use crate::payment::book::{
        Book, NOW, awaiting, click_open, click_performed, create, payme_open, payme_performed, two_attempts,
    };
    use crate::payment::click::Complete;
    use crate::payment::transaction::Millis;

    #[test]
    fn an_order_takes_its_open_transaction_and_what_was_expected_with_it() {
        let mut book = Book::of(awaiting());
        book.start(Provider::Click, NOW);
        book.payme(&create(), NOW).unwrap();

        book.give_up(NOW + TimeDelta::minutes(1));

        assert_eq!(
            book.story(),
            "unpaid cancelled; click cancelled, payme cancelled; payme cancelled 3"
        );
        let cancel_time = book.bill.transactions[0].cancel_time;
        assert_eq!(cancel_time, Millis::of(NOW + TimeDelta::minutes(1)));
    }

    #[test]
    fn money_that_is_here_is_to_go_back_by_click_itself_where_click_has_it() {
        let given_up = [payme_performed(), click_performed()].map(|bill| {
            let mut book = Book::of(bill);
            book.give_up(NOW);
            book
        });

        let stories = given_up
            .each_ref()
            .map(|book| (book.story(), book.log(), book.reversals.len()));
        let expected = [
            ("refund_pending cancelled; payme success; payme performed", 0),
            ("refund_pending cancelled; click success; click performed", 1),
        ];
        let expected = expected.map(|(story, count)| (story.to_owned(), "refund_requested".to_owned(), count));
        assert_eq!(stories, expected);
    }

    #[test]
    fn of_several_attempts_the_one_that_paid_is_reversed() {
        let mut book = Book::of(click_open());
        let (_, second) = two_attempts(&mut book);
        book.complete(&second, NOW);

        book.give_up(NOW);

        let story = "refund_pending cancelled; click success; click cancelled 3, click performed";
        assert_eq!(
            (book.story(), book.reversals.first().copied()),
            (story.to_owned(), second.prepare_id)
        );
    }

    #[test]
    fn an_order_that_is_held_outlives_its_own_time() {
        let mut book = Book::of(payme_open());

        book.expire(NOW + TimeDelta::hours(12));

        assert_eq!(book.bill, payme_open());
    }

    #[test]
    fn when_the_time_of_a_transaction_is_over_it_goes_first_and_then_its_order() {
        for (bill, minutes, provider) in [(payme_open(), 721, "payme"), (click_open(), 61, "click")] {
            let mut book = Book::of(bill);

            book.expire(NOW + TimeDelta::minutes(minutes));

            let story = format!("unpaid cancelled; {provider} cancelled; {provider} cancelled 4");
            assert_eq!((book.story(), book.times_cancelled), (story, 1));
        }
    }

    #[test]
    fn an_order_with_time_left_only_loses_its_transaction() {
        let mut book = Book::of(click_open());

        book.expire(NOW + TimeDelta::minutes(31));

        assert_eq!(
            book.story(),
            "unpaid awaiting_payment; click cancelled; click cancelled 4"
        );
    }

    #[test]
    fn an_attempt_that_held_the_order_once_expires_with_it() {
        let mut book = Book::of(click_open());
        let (_, second) = two_attempts(&mut book);
        book.complete(&Complete { error: -1, ..second }, NOW);
        book.bill.expires_at = Some(NOW);

        book.expire(NOW + TimeDelta::minutes(1));

        assert_eq!(
            book.story(),
            "unpaid cancelled; click failed; click cancelled 4, click cancelled -1"
        );
    }

    #[test]
    fn an_order_without_transactions_expires_by_its_own_time() {
        let mut book = Book::of(awaiting());

        book.expire(NOW + TimeDelta::hours(1));
        assert_eq!(book.bill.order.status, OrderStatus::AwaitingPayment);
        book.expire(NOW + TimeDelta::hours(1) + TimeDelta::milliseconds(1));
        assert_eq!(book.bill.order.status, OrderStatus::Cancelled);
    }
}
