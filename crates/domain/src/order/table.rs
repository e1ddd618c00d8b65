//! The contract's table written out once more, pair by pair and hand by hand, and held against the code.

use std::fmt::Write;

use chrono::{DateTime, TimeDelta};

use crate::Money;
use crate::coded::Coded;
use crate::order::{Hand, OrderFacts, OrderRefusal, OrderStatus, PaymentMethod, PaymentStatus, Row, Transition};

const TOTAL: Money = Money::from_tiyin(2_400_000);

/// One letter per pair of statuses, in the order of their declaration.
fn matrix(cell: impl Fn(OrderStatus, OrderStatus) -> String) -> String {
    let mut text = String::new();
    for from in OrderStatus::ALL {
        let cells: Vec<String> = OrderStatus::ALL.iter().map(|to| cell(*from, *to)).collect();
        writeln!(text, "{}", cells.join(" ")).unwrap();
    }
    text
}

/// An order to which every condition of the table applies and holds.
fn facts(status: OrderStatus) -> OrderFacts {
    let payment_status = PaymentStatus::Paid;
    OrderFacts {
        status,
        payment_method: PaymentMethod::Cash,
        payment_status,
        total_price: TOTAL,
        has_courier: true,
    }
}

fn by_status(hand: Hand) -> String {
    matrix(|from, to| match facts(from).set_status(hand, to, None) {
        Ok(transition) => {
            assert_eq!((transition.from, transition.to), (from, to));
            "+".to_owned()
        }
        Err(OrderRefusal::Forbidden) => "F".to_owned(),
        Err(OrderRefusal::TransitionNotAllowed) => "N".to_owned(),
        Err(OrderRefusal::IllegalTransition {
            from: stood,
            to: wanted,
            allowed,
        }) => {
            assert_eq!((stood, wanted, allowed), (from, to, facts(from).allowed_statuses(hand)));
            "I".to_owned()
        }
        Err(other) => other.code().to_owned(),
    })
}

fn cancels(hand: Hand, facts: impl Fn(OrderStatus) -> OrderFacts) -> String {
    let letter = |status: &OrderStatus| match facts(*status).cancel(hand) {
        Ok(_) => "+",
        Err(OrderRefusal::Forbidden) => "F",
        Err(OrderRefusal::IllegalTransition { .. }) => "I",
        Err(other) => other.code(),
    };
    OrderStatus::ALL.iter().map(letter).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_pair_is_legal_or_not_as_the_table_says() {
    let rows = matrix(|from, to| Row::of(from, to).map_or_else(|| ".".to_owned(), |row| row.number.to_string()));

    let expected = "\
. 1 2 . 3 . . . 4
. . 5 . 6 . . . 7
. . . 8 . . . . 9
. . . . 10 . . . 11
. . . . . 12 . . 13
. . . . . . 14 . 15
. . . . . 17 . 16 18
. . . . . . . . .
. . . . . . . . .
";
    assert_eq!(rows, expected);
}

#[test]
fn a_buyer_sets_no_status() {
    assert_eq!(by_status(Hand::Buyer), "F F F F F F F F F\n".repeat(9));
}

#[test]
fn a_courier_only_carries() {
    let expected = "\
F F F F F F I I F
F F F F F F I I F
F F F F F F I I F
F F F F F F I I F
F F F F F F I I F
F F F F F F + I F
F F F F F F I + F
F F F F F F I I F
F F F F F F I I F
";
    assert_eq!(by_status(Hand::Courier), expected);
}

#[test]
fn pair_first_every_illegal_pair_is_refused_as_such_and_any_other_as_ever() {
    for hand in [Hand::Buyer, Hand::Courier, Hand::Operator, Hand::Admin] {
        for (from, to) in OrderStatus::ALL
            .iter()
            .flat_map(|from| OrderStatus::ALL.iter().map(move |to| (*from, *to)))
        {
            let facts = facts(from);
            let judged = facts.set_status_pair_first(hand, to, None);
            if Row::of(from, to).is_some() {
                assert_eq!(judged, facts.set_status(hand, to, None), "{hand:?} {from} {to}");
            } else {
                let allowed = facts.allowed_statuses(hand);
                assert_eq!(
                    judged,
                    Err(OrderRefusal::IllegalTransition { from, to, allowed }),
                    "{hand:?} {from} {to}"
                );
            }
        }
    }
}

#[test]
fn an_operator_prepares_and_cancels() {
    let expected = "\
F F F F N I F F +
F F F F N I F F +
F F F F I I F F +
F F F F + I F F +
F F F F I + F F +
F F F F I I F F +
F F F F I N F F +
F F F F I I F F I
F F F F I I F F I
";
    assert_eq!(by_status(Hand::Operator), expected);
}

#[test]
fn an_admin_takes_every_row_that_is_taken_by_hand() {
    let expected = "\
I N N I N I I I +
I I N I N I I I +
I I I N I I I I +
I I I I + I I I +
I I I I I + I I +
I I I I I I + I +
I I I I I N I + +
I I I I I I I I I
I I I I I I I I I
";
    assert_eq!(by_status(Hand::Admin), expected);
}

#[test]
fn a_buyer_cancels_until_the_order_is_put_together_and_in_cash_until_it_is_packed() {
    let paying = |payment_method, payment_status| {
        move |status| OrderFacts {
            payment_method,
            payment_status,
            ..facts(status)
        }
    };

    assert_eq!(
        cancels(Hand::Buyer, paying(PaymentMethod::Cash, PaymentStatus::Pending)),
        "+ + + I + I I I I"
    );
    assert_eq!(
        cancels(Hand::Buyer, paying(PaymentMethod::Cash, PaymentStatus::Paid)),
        "+ + + I I I I I I"
    );
    assert_eq!(
        cancels(Hand::Buyer, paying(PaymentMethod::Online, PaymentStatus::Pending)),
        "+ + + I I I I I I"
    );
}

#[test]
fn staff_cancel_until_the_order_is_handed_over() {
    assert_eq!(
        [Hand::Operator, Hand::Admin].map(|hand| cancels(hand, facts)),
        ["+ + + + + + + I I"; 2]
    );
    assert_eq!(cancels(Hand::Courier, facts), "F F F F F F F F F");
}

#[test]
fn what_is_allowed_is_what_is_not_refused() {
    let codes = |hand, facts: OrderFacts| {
        facts
            .allowed_statuses(hand)
            .into_iter()
            .map(Coded::code)
            .collect::<Vec<_>>()
    };
    let ready = facts(OrderStatus::ReadyForDelivery);

    assert_eq!(
        codes(Hand::Operator, facts(OrderStatus::Paid)),
        ["preparing", "cancelled"]
    );
    assert_eq!(codes(Hand::Admin, ready), ["on_the_way", "cancelled"]);
    assert_eq!(
        codes(
            Hand::Admin,
            OrderFacts {
                has_courier: false,
                ..ready
            }
        ),
        ["cancelled"]
    );
    assert!(codes(Hand::Buyer, facts(OrderStatus::AwaitingPayment)).is_empty());
    assert!([Hand::Buyer, Hand::Admin].map(|hand| facts(OrderStatus::AwaitingPayment).can_cancel(hand)) == [true; 2]);
}

#[test]
fn nothing_leaves_without_a_courier_and_nothing_is_handed_over_unpaid() {
    let alone = OrderFacts {
        has_courier: false,
        ..facts(OrderStatus::ReadyForDelivery)
    };
    let unpaid = OrderFacts {
        payment_status: PaymentStatus::Pending,
        ..facts(OrderStatus::OnTheWay)
    };

    assert_eq!(
        alone.set_status(Hand::Admin, OrderStatus::OnTheWay, None),
        Err(OrderRefusal::CourierRequired)
    );
    assert_eq!(
        unpaid.set_status(Hand::Courier, OrderStatus::Delivered, None),
        Err(OrderRefusal::CashRequired)
    );
}

#[test]
fn a_step_carries_the_money_along() {
    let paid = OrderFacts {
        payment_method: PaymentMethod::Online,
        ..facts(OrderStatus::Paid)
    };
    let waiting = OrderFacts {
        payment_status: PaymentStatus::Unpaid,
        ..facts(OrderStatus::AwaitingPrescription)
    };

    let cancelled = paid.cancel(Hand::Operator);
    let approved = waiting.step(OrderStatus::Preparing);

    let (from, to, payment_status) = (OrderStatus::Paid, OrderStatus::Cancelled, PaymentStatus::RefundPending);
    assert_eq!(
        cancelled,
        Ok(Transition {
            from,
            to,
            payment_status
        })
    );
    assert!(paid.needs_reason(Hand::Operator) && !waiting.needs_reason(Hand::Operator));
    let (from, to) = (OrderStatus::AwaitingPrescription, OrderStatus::Preparing);
    assert_eq!(
        approved,
        Ok(Transition {
            from,
            to,
            payment_status: PaymentStatus::Pending
        })
    );
}

#[test]
fn an_order_is_payable_until_it_expires_or_while_a_payment_is_open() {
    let (payment_method, payment_status) = (PaymentMethod::Online, PaymentStatus::Unpaid);
    let waiting = OrderFacts {
        payment_method,
        payment_status,
        ..facts(OrderStatus::AwaitingPayment)
    };
    let open = OrderFacts {
        payment_status: PaymentStatus::Pending,
        ..waiting
    };
    let expires_at = DateTime::UNIX_EPOCH;
    let late = expires_at + TimeDelta::seconds(1);

    assert!(waiting.can_pay(Hand::Buyer, Some(expires_at), expires_at));
    assert!(!waiting.can_pay(Hand::Buyer, Some(expires_at), late));
    assert!(open.can_pay(Hand::Buyer, Some(expires_at), late));
    assert!(!waiting.can_pay(Hand::Operator, Some(expires_at), expires_at));
    assert!(!facts(OrderStatus::AwaitingPayment).can_pay(Hand::Buyer, Some(expires_at), expires_at));
}
