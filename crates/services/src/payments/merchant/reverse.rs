//! A reversal before Click is asked for it, and after.

use chrono::{DateTime, Utc};
use savdo_domain::access::Scope;
use savdo_domain::ids::DispatchId;
use savdo_domain::order::HistorySource;
use savdo_domain::payment::click::reversal::is_reversible;
use savdo_domain::payment::{Bill, Transaction, TransactionState};
use savdo_domain::zone::Zone;
use savdo_persistence::dispatches;
use savdo_persistence::payments::desk_of;

use super::{Place, Said, day_of, is_of_another, tell_difference};
use crate::audit::Author;
use crate::orders::step::Cause;
use crate::payments::bill;
use crate::payments::carry_out::{Call, carry_out};
use crate::{Context, Result};

/// What is to be done about a reversal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Due {
    /// Click is to be asked; the try has begun.
    Now(Box<ToReverse>),
    /// The money is back.
    Done,
    /// Nobody is owed it any more, as it went back by hand; `None` without such an attempt.
    NotOwed(Option<Box<ToReverse>>),
    /// Click gives back payments of this month alone, and on its first day those of the last.
    TooLate(Box<ToReverse>),
    /// Somebody else has the message.
    Lost,
}

/// An attempt whose money is to go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ToReverse {
    /// The attempt.
    pub(crate) transaction: Transaction,
    /// The desk that took the money.
    pub(crate) desk: String,
    /// Click's numbers of the other attempts of the order.
    pub(crate) others: Vec<i64>,
}

/// What is due now, judged under the lock of the order; a try begins with it, by the worker that holds the message.
///
/// # Errors
/// Failed statements; [`Refusal::NotFound`](savdo_domain::Refusal::NotFound) without such an order.
pub(crate) fn begin(context: &Context, place: Place, (message, by): (DispatchId, &str)) -> Result<Due> {
    let (now, by) = (context.now(), by.to_owned());
    context.database().write("reversal_begin", move |tx| {
        let bill = bill::locked(tx, &Scope::Store(place.store_id), place.order_id)?.bill;
        let Some(transaction) = bill.transaction(place.transaction_id).cloned() else {
            return Ok(Due::NotOwed(None));
        };
        if transaction.state == TransactionState::Reversed {
            return Ok(Due::Done);
        }
        let desk = desk_of(tx, place.store_id, transaction.id)?.unwrap_or_default();
        let to_reverse = Box::new(ToReverse {
            others: others(&bill, &transaction),
            transaction,
            desk,
        });
        let transaction = &to_reverse.transaction;
        if !bill.is_reversal_due(transaction.id) {
            return Ok(Due::NotOwed(Some(to_reverse)));
        }
        if !is_reversible(day_of(transaction), Zone::TASHKENT.day(now)) {
            return Ok(Due::TooLate(to_reverse));
        }
        if !dispatches::begin(tx, message, &by, now)? {
            return Ok(Due::Lost);
        }
        Ok(Due::Now(to_reverse))
    })
}

/// Keeps in the log of the payment what Click answered, where nothing else follows from it.
///
/// # Errors
/// Failed statements.
pub(crate) fn keep_answer(context: &Context, place: Place, transaction: &Transaction, said: &Said) -> Result<()> {
    let (now, transaction, said) = (context.now(), transaction.clone(), said.clone());
    Ok(context.database().write("reversal_answer", move |tx| {
        said.keep(tx, (place.store_id, &transaction), now)
    })?)
}

/// Click gave the money back, or says that it is: the payment is refunded. `false` where nobody was owed the money any more, so that it
/// may be back twice; people are told of that.
///
/// # Errors
/// Failed statements, those of carrying it out.
pub(crate) fn settle(context: &Context, place: Place, said: &Said) -> Result<bool> {
    let (now, said) = (context.now(), said.clone());
    context.database().write("reversal_settle", move |tx| {
        let billed = bill::locked(tx, &Scope::Store(place.store_id), place.order_id)?;
        let transaction = billed.bill.transaction(place.transaction_id);
        if let Some(transaction) = transaction {
            said.keep(tx, (place.store_id, transaction), now)?;
        }
        let Ok(effects) = billed.bill.reversed(place.transaction_id, now) else {
            tell_difference(tx, (&billed.order).into(), place.transaction_id, now)?;
            return Ok(false);
        };
        carry_out(
            tx,
            billed.judged(),
            &billed.bill,
            &effects,
            &Call::of(&cause(&Author::system(), now)),
        )?;
        Ok(true)
    })
}

/// Click's numbers of the other attempts of the order.
pub(super) fn others(bill: &Bill, own: &Transaction) -> Vec<i64> {
    let numbers = bill.transactions.iter().filter_map(|other| other.paydoc_id);
    numbers.filter(|id| is_of_another(bill, own, *id)).collect()
}

pub(super) const fn cause(author: &Author, at: DateTime<Utc>) -> Cause<'_> {
    Cause {
        author,
        source: HistorySource::Payment,
        comment: "",
        expires_at: None,
        at,
    }
}
