//! Complete, row by row of the contract.

use chrono::{DateTime, TimeDelta, Utc};

use crate::ids::{OrderId, TransactionId};
use crate::money::Money;
use crate::payment::bill::Bill;
use crate::payment::book::{
    self, Book, CLICK_ID, HOLDS, NOW, PAYME_ID, TOTAL, awaiting, click_cancelled, click_open, click_performed,
    completing, payme_open,
};
use crate::payment::click::{Complete, Prepare};
use crate::payment::effect::{Alert, Which};
use crate::payment::payme::{Create, Fault, Perform};
use crate::payment::transaction::{ExternalId, Millis};

fn later(minutes: i64) -> DateTime<Utc> {
    NOW + TimeDelta::minutes(minutes)
}

fn prepare(click_trans_id: i64) -> Prepare {
    Prepare {
        click_trans_id,
        paydoc_id: None,
        order: Some(OrderId::new(1001)),
        amount: Some(TOTAL),
        error: 0,
    }
}

/// An order with two attempts, and the Complete of each.
fn two_attempts() -> (Book, Complete, Complete) {
    let mut book = Book::of(click_open());
    let (first, second) = book::two_attempts(&mut book);
    (book, first, second)
}

/// What a call that changes nothing is answered.
fn refused(bill: Option<&Bill>, call: &Complete) -> i64 {
    let decision = call.decide(bill, later(1));
    assert!(decision.effects.is_empty(), "{:?}", decision.effects);
    decision.answer.code.number()
}

#[test]
fn money_that_was_taken_pays_the_order() {
    let mut book = Book::of(click_open());
    let call = completing(&book.bill, 0);

    let answer = book.complete(&call, later(1));

    assert_eq!(answer, (0, call.prepare_id));
    assert_eq!(book.story(), "paid paid; click success; click performed");
    assert_eq!(book.bill.transactions[0].perform_time, Millis::of(later(1)));
    assert_eq!(book.log(), "completed");
}

#[test]
fn a_confirmed_attempt_again_is_already_paid_with_its_number_and_no_effect() {
    let bill = click_performed();
    let call = completing(&bill, 0);

    assert_eq!(refused(Some(&bill), &call), -4);
    assert_eq!(Book::of(bill).complete(&call, later(600)), (-4, call.prepare_id));
}

#[test]
fn an_unknown_or_malformed_order_does_not_exist() {
    let bill = click_open();
    let malformed = Complete {
        order: None,
        ..completing(&bill, 0)
    };

    assert_eq!(refused(None, &completing(&bill, 0)), -5);
    assert_eq!(refused(Some(&bill), &malformed), -5);
}

#[test]
fn a_prepare_id_that_is_unknown_or_of_another_attempt_does_not_exist() {
    let (book, first, second) = two_attempts();
    let wrong = [None, Some(TransactionId::new(1)), second.prepare_id];

    for prepare_id in wrong {
        assert_eq!(refused(Some(&book.bill), &Complete { prepare_id, ..first }), -6);
    }
    assert_eq!(refused(Some(&awaiting()), &first), -6);
}

#[test]
fn a_failure_releases_the_order_and_is_the_same_again() {
    let mut book = Book::of(click_open());
    let call = completing(&book.bill, -5017);

    assert_eq!(book.complete(&call, later(2)), (-9, None));
    assert_eq!(
        book.story(),
        "unpaid awaiting_payment; click failed; click cancelled -5017"
    );
    assert_eq!(book.log(), "failed");
    assert_eq!(refused(Some(&book.bill), &call), -9);
}

#[test]
fn a_failure_leaves_the_order_a_quarter_of_an_hour() {
    let mut book = Book::of(click_open());
    book.bill.expires_at = Some(later(5));
    let call = completing(&book.bill, -5017);

    book.complete(&call, later(20));

    assert_eq!(book.bill.expires_at, Some(later(35)));
}

#[test]
fn confirming_a_cancelled_attempt_stays_cancelled() {
    let bill = click_cancelled();

    assert_eq!(refused(Some(&bill), &completing(&bill, 0)), -9);
}

#[test]
fn a_failure_of_a_confirmed_attempt_is_looked_into_once_and_the_order_stays_paid() {
    let mut book = Book::of(click_performed());
    let call = completing(&book.bill, -5017);

    assert_eq!(book.complete(&call, later(1)), (-9, None));

    assert_eq!(book.story(), "paid paid; click success; click performed -5017");
    assert_eq!(
        (book.questions.len(), &*book.alerts),
        (1, [Alert::ConfirmedThenFailed].as_slice())
    );
    assert_eq!(refused(Some(&book.bill), &call), -9);
    assert_eq!(refused(Some(&book.bill), &completing(&book.bill, 0)), -4);
}

#[test]
fn a_wrong_amount_is_refused_and_the_attempt_stays_prepared() {
    let bill = click_open();
    for amount in [None, Some(Money::from_tiyin(TOTAL.tiyin() - 1)), Some(Money::ZERO)] {
        let call = Complete {
            amount,
            ..completing(&bill, 0)
        };
        assert_eq!(refused(Some(&bill), &call), -2);
    }
}

#[test]
fn failed_confirmed_and_cancelled_come_before_the_amount() {
    let wrong = |bill: &Bill, error| Complete {
        amount: None,
        ..completing(bill, error)
    };
    let (performed, gone) = (click_performed(), click_cancelled());

    assert_eq!(refused(Some(&performed), &wrong(&performed, 0)), -4);
    assert_eq!(refused(Some(&gone), &wrong(&gone, 0)), -9);
    assert_eq!(Book::of(click_open()).complete(&wrong(&click_open(), -1), NOW).0, -9);
}

#[test]
fn of_two_attempts_the_first_complete_confirms_and_the_money_of_the_second_goes_back() {
    let (mut book, first, second) = two_attempts();

    assert_eq!(book.complete(&second, later(2)), (0, second.prepare_id));
    assert_eq!(book.complete(&first, later(3)), (-4, None));

    let story = "paid paid; click success, click success late; click performed, click performed";
    assert_eq!(book.story(), story);
    assert_eq!(Some(book.reversals[0]), first.prepare_id);
    assert_eq!(
        (book.reversals.len(), &*book.alerts),
        (1, [Alert::LateMoney].as_slice())
    );
    assert_eq!(book.log(), "completed late_money refund_requested");
    assert_eq!(
        (refused(Some(&book.bill), &first), refused(Some(&book.bill), &second)),
        (-4, -4)
    );
    assert_eq!(book.complete(&first, later(4)), (-4, None));
}

#[test]
fn the_older_attempt_may_be_the_one_that_confirms() {
    let (mut book, first, second) = two_attempts();

    assert_eq!(book.complete(&first, later(2)).0, 0);
    assert_eq!(book.complete(&second, later(3)), (-4, None));

    book.reverse_all(later(4));
    let story = "paid paid; click success, click refunded late; click performed, click reversed";
    assert_eq!(book.story(), story);
    assert_eq!(book.complete(&second, later(5)), (-4, None));
}

#[test]
fn a_call_stands_in_the_log_of_the_payment_that_it_settled() {
    let (mut book, first, second) = two_attempts();
    let expected = Which::Known(book.bill.payments[0].id);
    let concerns = |book: &Book, call: &Complete, at| call.decide(Some(&book.bill), at).concerns;

    assert_eq!(
        concerns(&book, &second, later(2)),
        Some(expected),
        "the one that was expected"
    );
    book.complete(&second, later(2));
    assert_eq!(
        concerns(&book, &first, later(3)),
        Some(Which::Made),
        "late money has its own"
    );
    book.complete(&first, later(3));
    let late = Which::Known(book.bill.payments[1].id);
    assert_eq!(concerns(&book, &first, later(4)), Some(late));
    assert_eq!(concerns(&book, &second, later(4)), Some(expected));

    let (mut book, first, second) = two_attempts();
    book.complete(&Complete { error: -1, ..second }, later(2));
    let made = concerns(&book, &first, later(3));
    assert_eq!(made, Some(Which::Made), "the one that was expected has failed");
}

#[test]
fn a_failure_of_the_older_attempt_leaves_the_hold_to_the_newer_one() {
    let (mut book, first, second) = two_attempts();

    book.complete(&Complete { error: -5017, ..first }, later(2));

    let story = "pending awaiting_payment; click processing; click cancelled -5017, click open";
    assert_eq!(book.story(), story);
    assert_eq!(book.complete(&second, later(3)).0, 0);
}

#[test]
fn the_older_attempt_pays_after_the_newer_one_failed() {
    let (mut book, first, second) = two_attempts();

    book.complete(&Complete { error: -5017, ..second }, later(2));
    assert_eq!(book.complete(&first, later(3)).0, 0);

    let story = "paid paid; click failed, click success; click performed, click cancelled -5017";
    assert_eq!(book.story(), story);
}

#[test]
fn an_attempt_whose_time_is_over_is_cancelled() {
    let mut book = Book::of(click_open());
    let call = completing(&book.bill, 0);

    assert_eq!(book.complete(&call, later(31)), (-9, None));

    assert_eq!(
        book.story(),
        "unpaid awaiting_payment; click cancelled; click cancelled 4"
    );
    assert_eq!(refused(Some(&book.bill), &call), -9);
}

#[test]
fn an_order_cancelled_between_prepare_and_complete_is_cancelled() {
    let mut book = Book::of(click_open());
    let call = completing(&book.bill, 0);
    book.give_up(later(1));

    assert_eq!(book.complete(&call, later(2)), (-9, None));

    assert_eq!(book.story(), "unpaid cancelled; click cancelled; click cancelled 3");
}

#[test]
fn money_of_click_wins_over_a_transaction_of_payme_that_only_holds_the_order() {
    let (mut book, first, second) = two_attempts();
    book.complete(&Complete { error: -5017, ..second }, later(2));
    let id = ExternalId::new(PAYME_ID);
    let create = Create {
        id: id.clone().unwrap(),
        time: Millis::of(later(3)),
        amount: Some(TOTAL),
        order: Ok(OrderId::new(1001)),
    };
    book.payme(&create, later(3)).unwrap();

    assert_eq!(book.complete(&first, later(4)).0, 0);

    let story = "paid paid; click failed, payme cancelled, click success; \
                 click performed, click cancelled -5017, payme cancelled 3";
    assert_eq!(book.story(), story);
    assert_eq!(book.payme(&Perform { id }, later(5)), Err(Fault::NotPossible));
}

#[test]
fn the_number_that_the_payer_sees_is_kept_when_it_comes_with_the_money() {
    let mut book = Book::of(click_open());
    let call = Complete {
        paydoc_id: Some(99),
        ..completing(&book.bill, 0)
    };

    book.complete(&call, later(1));

    assert_eq!(book.bill.transactions[0].paydoc_id, Some(99));
}

#[test]
fn the_course_that_click_tries_before_it_accepts_a_shop() {
    let mut book = Book::of(awaiting());
    let (code, number) = book.prepare(&prepare(CLICK_ID), NOW);
    let complete = Complete {
        prepare_id: number,
        ..completing(&click_open(), 0)
    };
    let wrong = Complete {
        amount: Some(Money::from_tiyin(1)),
        ..complete
    };
    let failing = Complete { error: -1, ..complete };

    let told = [wrong, complete, complete, failing].map(|call| book.complete(&call, later(1)).0);

    assert_eq!((code, told), (0, [-2, 0, -4, -9]));
    assert_eq!(
        prepare(CLICK_ID)
            .decide(Some(&book.bill), HOLDS, later(2))
            .answer
            .code
            .number(),
        -4
    );
    assert_eq!(Book::of(payme_open()).prepare(&prepare(CLICK_ID), NOW).0, -9);
}
