//! Words for calls of Click that the tests of this package share.

use std::sync::Arc;

use savdo_domain::Money;
use savdo_domain::ids::{OrderId, StoreId, TransactionId};
use savdo_domain::payment::click::{self, ClickDesk, Complete, Prepare};
use savdo_services::payments::click::{Answered, Asked, Tries};
use savdo_services::testing::{CLICK_SECRET, PAYME_KEY, desks};
use savdo_services::{Context, Result, payments};

use crate::support::{TOTAL, Town};

impl Town {
    /// Prepare of the order of the town: the code and our number.
    pub(crate) fn prepare(&self, click_trans_id: i64) -> (i64, Option<TransactionId>) {
        self.click(preparing(self.id(), click_trans_id))
    }

    /// Our number of an attempt for the order of the town.
    pub(crate) fn prepared(&self, click_trans_id: i64) -> TransactionId {
        match self.prepare(click_trans_id) {
            (0, Some(number)) => number,
            other => panic!("{other:?}"),
        }
    }

    /// Complete of that attempt; an error of zero is money that was taken.
    pub(crate) fn complete(
        &self,
        click_trans_id: i64,
        number: TransactionId,
        error: i64,
    ) -> (i64, Option<TransactionId>) {
        self.click(completing(self.id(), click_trans_id, number, error))
    }

    pub(crate) fn click(&self, call: click::Call) -> (i64, Option<TransactionId>) {
        told(call_click(&self.world.context, &click_desk(), call).unwrap())
    }
}

/// The desk of every store without its own.
pub(crate) fn click_desk() -> ClickDesk {
    desks(PAYME_KEY, CLICK_SECRET).click.remove(0)
}

pub(crate) fn preparing(order: OrderId, click_trans_id: i64) -> click::Call {
    click::Call::Prepare(Prepare {
        click_trans_id,
        paydoc_id: Some(click_trans_id + 1_000),
        order: Some(order),
        amount: Some(TOTAL),
        error: 0,
    })
}

pub(crate) fn completing(order: OrderId, click_trans_id: i64, number: TransactionId, error: i64) -> click::Call {
    click::Call::Complete(Complete {
        click_trans_id,
        paydoc_id: Some(click_trans_id + 1_000),
        order: Some(order),
        prepare_id: Some(number),
        amount: Some(TOTAL),
        error,
    })
}

/// The same call with another amount.
pub(crate) fn with_amount(call: click::Call, amount: Money) -> click::Call {
    let amount = Some(amount);
    match call {
        click::Call::Prepare(prepare) => click::Call::Prepare(Prepare { amount, ..prepare }),
        click::Call::Complete(complete) => click::Call::Complete(Complete { amount, ..complete }),
    }
}

/// Calls without a store that has a desk of its own.
pub(crate) fn call_click(context: &Context, desk: &ClickDesk, call: click::Call) -> Result<Answered> {
    call_beside(context, (desk, &[]), call, Tries::default())
}

/// Calls while these stores have desks of their own, after earlier tries.
pub(crate) fn call_beside(
    context: &Context,
    (desk, stores_with_own): (&ClickDesk, &[StoreId]),
    call: click::Call,
    tries: Tries,
) -> Result<Answered> {
    let asked = Asked {
        desk,
        stores_with_own,
        holds_for: context.desks()?.click_holds_for,
        request: format!("{:?}", call.log_event()),
        call,
        tries,
    };
    payments::click::call(context, asked, Arc::new(|answered| format!("{answered:?}")))
}

pub(crate) fn told(answered: Answered) -> (i64, Option<TransactionId>) {
    (answered.code.number(), answered.number)
}
