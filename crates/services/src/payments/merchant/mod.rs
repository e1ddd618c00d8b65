//! What is asked of Click, before and after the call: which reversal is still due, what came of it, and whether Click and we agree.
//!
//! Each is a transaction of its own; the call between them belongs to none, and the worker makes it. Money moves by the domain's word
//! alone: what Click says otherwise is told to people and changes nothing, until one of them has it looked into (`found.rs`).

mod compare;
mod found;
mod registration;
mod reverse;

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::ids::{OrderId, StoreId, TransactionId};
use savdo_domain::payment::click::{ClickDesk, ClickStatus};
use savdo_domain::payment::{Bill, LogEvent, Millis, Transaction};
use savdo_domain::zone::Zone;
use savdo_persistence::dispatches::LeasedView;
use savdo_persistence::payments::{self, AttemptView, NewLog};
use savdo_persistence::{Error as StorageError, Tx};
use serde_json::{Value, json};

use crate::gateways::{AskedPayment, ClickGateway, Clicked};
use crate::metrics::ReversalOutcome;
use crate::{Context, events};

pub(crate) use compare::{DayUnderWay, attempts, days_under_way, finish, forget_old, given_up, note, questioned};
pub use found::{FindMoney, Found, FoundRefusal, found};
pub(crate) use registration::{Registration, ToRegister, begin_registration, keep_receipt, submitted};
pub(crate) use reverse::{Due, ToReverse, begin, keep_answer, settle};

/// A transaction, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) store_id: StoreId,
    pub(crate) order_id: OrderId,
    pub(crate) transaction_id: TransactionId,
}

impl Place {
    /// What a message of the outbox is about.
    pub(crate) fn of(message: &LeasedView) -> Option<Self> {
        let payload: Value = serde_json::from_str(&message.payload).ok()?;
        Some(Self {
            store_id: message.store_id?,
            order_id: OrderId::new(payload.get("order_id")?.as_i64()?),
            transaction_id: TransactionId::new(message.subject_id),
        })
    }
}

impl From<&AttemptView> for Place {
    fn from(attempt: &AttemptView) -> Self {
        Self {
            store_id: attempt.store_id,
            order_id: attempt.order_id,
            transaction_id: attempt.transaction.id,
        }
    }
}

/// Asks Click where an attempt stands: by the number that it shows its payer, else by the order and the day. One that was begun before a
/// midnight may have been paid after it, and heard of by us after that: where Click knows none of the day, the other day is asked for too.
pub(crate) fn ask(
    context: &Context,
    click: &dyn ClickGateway,
    desk: &ClickDesk,
    (order_id, transaction): (OrderId, &Transaction),
) -> Clicked<AskedPayment> {
    match transaction.paydoc_id {
        Some(payment_id) => click.status(desk, payment_id, context.now()),
        None => {
            let on = |day| click.status_by_order(desk, (order_id, day), context.now());
            let day = day_of(transaction);
            let told = on(day);
            match other_day_of(transaction, day, context.now()) {
                Some(other) if matches!(told, Clicked::Told(AskedPayment::NotFound { .. })) => on(other),
                _ => told,
            }
        }
    }
}

/// The desk that took the money cannot be used now.
pub(crate) fn no_desk<Told>() -> Clicked<Told> {
    Clicked::NotNow {
        why: "the desk at Click that took the money is off".to_owned(),
        after: None,
    }
}

/// The day of Tashkent on which an attempt was paid, or made where it was not.
fn day_of(transaction: &Transaction) -> NaiveDate {
    if transaction.perform_time == Millis::NONE {
        day_at(transaction.create_time)
    } else {
        day_at(transaction.perform_time)
    }
}

/// The day on which it may have been paid as well: that on which it was made, or else the next one, once that has begun.
fn other_day_of(transaction: &Transaction, day: NaiveDate, now: DateTime<Utc>) -> Option<NaiveDate> {
    let made = day_at(transaction.create_time);
    let other = if made == day { day.succ_opt()? } else { made };
    (other <= Zone::TASHKENT.day(now)).then_some(other)
}

fn day_at(moment: Millis) -> NaiveDate {
    let at = DateTime::<Utc>::from_timestamp_millis(moment.get()).unwrap_or(DateTime::<Utc>::MIN_UTC);
    Zone::TASHKENT.day(at)
}

/// Whether a payment of Click is another attempt's of the same order.
fn is_of_another(bill: &Bill, own: &Transaction, payment_id: i64) -> bool {
    let mut others = bill.transactions.iter().filter(|other| other.id != own.id);
    others.any(|other| other.paydoc_id == Some(payment_id))
}

/// What Click said, as the log of a payment keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    event: LogEvent,
    outcome: String,
    why: String,
}

impl Said {
    /// What came of a reversal.
    pub(crate) fn of_reversal(outcome: ReversalOutcome, why: &str) -> Self {
        Self {
            event: LogEvent::ClickReversal,
            outcome: outcome.to_string(),
            why: why.to_owned(),
        }
    }

    /// Where a payment stands.
    pub(crate) fn of_payment(told: &AskedPayment) -> Self {
        let (outcome, why) = match told {
            AskedPayment::Found { status, .. } => (status_word(*status), String::new()),
            AskedPayment::NotFound { why } => ("not_found", why.clone()),
        };
        Self {
            event: LogEvent::ClickStatus,
            outcome: outcome.to_owned(),
            why,
        }
    }

    /// That a payment whose reversal was in doubt is back.
    pub(crate) fn is_back() -> Self {
        Self {
            event: LogEvent::ClickStatus,
            outcome: status_word(ClickStatus::Failed).to_owned(),
            why: String::new(),
        }
    }

    /// Keeps it in the log of the payment.
    fn keep(
        &self,
        tx: &mut Tx<'_>,
        (store_id, transaction): (StoreId, &Transaction),
        at: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let call = match self.event {
            LogEvent::ClickReversal => "payment/reversal",
            _ => "payment/status",
        };
        let response = if self.why.is_empty() {
            json!({ "outcome": self.outcome })
        } else {
            json!({ "outcome": self.outcome, "why": self.why })
        };
        let log = NewLog {
            payment_id: transaction.payment_id,
            event: self.event,
            request: &json!({ "call": call }).to_string(),
            response: &response.to_string(),
            error: &self.why,
        };
        payments::append(tx, store_id, at, &[log])
    }
}

impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why.as_str() {
            "" => formatter.write_str(&self.outcome),
            why => write!(formatter, "{}: {why}", self.outcome),
        }
    }
}

const fn status_word(status: ClickStatus) -> &'static str {
    match status {
        ClickStatus::Failed => "failed",
        ClickStatus::UnderWay => "under_way",
        ClickStatus::Successful => "successful",
        ClickStatus::Unknown => "unknown",
    }
}

/// Tells people that Click says otherwise.
fn tell_difference(
    tx: &mut Tx<'_>,
    order: crate::orders::traces::TracedOrder,
    id: TransactionId,
    at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let news = crate::orders::traces::of_transaction(order, events::Event::MoneyDiffers, id);
    events::publish(tx, at, &news)
}
