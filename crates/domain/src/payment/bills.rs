//! For tests: bills as calls leave them.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Money;
use crate::ids::OrderId;
use crate::order::{OrderFacts, OrderStatus, PaymentMethod, PaymentStatus};
use crate::payment::bill::Bill;
use crate::payment::book::Book;
use crate::payment::click::prepare::PrepareFacts;
use crate::payment::click::{Complete, Prepare};
use crate::payment::payme::{Cancel, Create, Perform};
use crate::payment::transaction::{ExternalId, Millis};

pub(super) const NOW: DateTime<Utc> = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
pub(super) const TOTAL: Money = Money::from_tiyin(500_000);
pub(super) const PAYME_ID: &str = "5305e3bab097f420a62ced0b";
pub(super) const CLICK_ID: i64 = 3_000_000_001;
pub(super) const HOLDS: PrepareFacts = PrepareFacts {
    known_for: None,
    holds_for: TimeDelta::minutes(30),
};

/// An order that awaits its online payment for an hour.
pub(super) fn awaiting() -> Bill {
    Bill {
        order_id: OrderId::new(1001),
        order: OrderFacts {
            status: OrderStatus::AwaitingPayment,
            payment_method: PaymentMethod::Online,
            payment_status: PaymentStatus::Unpaid,
            total_price: TOTAL,
            has_courier: false,
        },
        expires_at: Some(NOW + TimeDelta::hours(1)),
        transactions: Vec::new(),
        payments: Vec::new(),
    }
}

fn after(bill: Bill, act: impl FnOnce(&mut Book)) -> Bill {
    let mut book = Book::of(bill);
    act(&mut book);
    book.bill
}

pub(super) fn cancelled() -> Bill {
    after(awaiting(), |book| book.give_up(NOW))
}

pub(super) fn paid() -> Bill {
    payme_performed()
}

/// The Create of a payer of this order.
pub(super) fn create() -> Create {
    Create {
        id: ExternalId::new(PAYME_ID).unwrap(),
        time: Millis::of(NOW),
        amount: Some(TOTAL),
        order: Ok(OrderId::new(1001)),
    }
}

pub(super) fn payme_open() -> Bill {
    after(awaiting(), |book| assert!(book.payme(&create(), NOW).is_ok()))
}

pub(super) fn payme_performed() -> Bill {
    let id = ExternalId::new(PAYME_ID);
    after(payme_open(), |book| assert!(book.payme(&Perform { id }, NOW).is_ok()))
}

fn payme_cancel(bill: Bill, reason: i64) -> Bill {
    let id = ExternalId::new(PAYME_ID);
    after(bill, |book| assert!(book.payme(&Cancel { id, reason }, NOW).is_ok()))
}

pub(super) fn payme_cancelled() -> Bill {
    payme_cancel(payme_open(), 3)
}

pub(super) fn payme_reversed() -> Bill {
    payme_cancel(payme_performed(), 5)
}

pub(super) fn click_open() -> Bill {
    let prepare = Prepare {
        click_trans_id: CLICK_ID,
        paydoc_id: Some(77),
        order: Some(OrderId::new(1001)),
        amount: Some(TOTAL),
        error: 0,
    };
    after(awaiting(), |book| assert_eq!(book.prepare(&prepare, NOW).0, 0))
}

/// The Complete that follows the Prepare of this bill's first attempt.
pub(super) fn completing(bill: &Bill, error: i64) -> Complete {
    Complete {
        click_trans_id: CLICK_ID,
        paydoc_id: Some(77),
        order: Some(OrderId::new(1001)),
        prepare_id: Some(bill.transactions[0].id),
        amount: Some(TOTAL),
        error,
    }
}

/// A second attempt for the order of this bill: the Complete of each.
pub(super) fn two_attempts(book: &mut Book) -> (Complete, Complete) {
    let first = completing(&book.bill, 0);
    let prepare = Prepare {
        click_trans_id: CLICK_ID + 1,
        paydoc_id: None,
        order: first.order,
        amount: first.amount,
        error: 0,
    };
    let (_, number) = book.prepare(&prepare, NOW);
    let second = Complete {
        click_trans_id: prepare.click_trans_id,
        paydoc_id: Some(78),
        prepare_id: number,
        ..first
    };
    (first, second)
}

pub(super) fn click_performed() -> Bill {
    let complete = completing(&click_open(), 0);
    after(click_open(), |book| assert_eq!(book.complete(&complete, NOW).0, 0))
}

pub(super) fn click_cancelled() -> Bill {
    let complete = completing(&click_open(), -5017);
    after(click_open(), |book| assert_eq!(book.complete(&complete, NOW).0, -9))
}
