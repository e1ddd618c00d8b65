//! Money that Click holds of an attempt which is cancelled at ours: a person has it looked into, and it goes back as late money does.
//!
//! The comparison finds such money and tells people; they alone begin this, by a command of whoever runs the installation, so that there is
//! no caller to judge. What Click says is asked first, outside any transaction; what stands here is judged under the lock of the order.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::Money;
use savdo_domain::access::Scope;
use savdo_domain::ids::{OrderId, TransactionId};
use savdo_domain::order::OrderStatus;
use savdo_domain::payment::click::{ClickDesk, ClickStatus};
use savdo_domain::payment::{Bill, Provider, Transaction, TransactionState};
use savdo_persistence::payments::{desk_of, find_unscoped};
use savdo_persistence::{Error as StorageError, Tx};

use super::reverse::cause;
use super::{Place, Said, ask, is_of_another};
use crate::audit::{self, Author};
use crate::gateways::{AskedPayment, ClickGateway, Clicked};
use crate::orders::traces;
use crate::payments::bill;
use crate::payments::carry_out::{Call, carry_out};
use crate::{Context, Result};

/// Money that a person looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindMoney {
    /// The attempt that it came by.
    pub transaction_id: TransactionId,
    /// How much it is by Click's cabinet, where somebody looked: Click itself does not always say.
    pub amount: Option<Money>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is written down as late money, and Click is asked to give it back.
    Late(Money),
    /// It was known already; nothing has changed.
    Known,
}

/// Why no money is written down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoundRefusal {
    /// No attempt has this number.
    #[error("there is no transaction {0}")]
    NoTransaction(TransactionId),
    /// Payme takes no money of a cancelled transaction.
    #[error("transaction {0} is none of Click's")]
    NotOfClick(TransactionId),
    /// It is not over: Click may still confirm it, as it does.
    #[error("transaction {0} is not cancelled: Click may still confirm it")]
    UnderWay(TransactionId),
    /// Nobody could ask Click.
    #[error("Click was not asked: the desk that made transaction {0} is off")]
    DeskIsOff(TransactionId),
    /// Click did not answer.
    #[error("Click does not say where the payment stands: {0}")]
    Silent(String),
    /// Click has no money of it.
    #[error("Click has no money of transaction {0}: it says {1}")]
    NotTaken(TransactionId, String),
    /// Click names what came by another attempt.
    #[error("the payment that Click names came by another transaction of the order than {0}, or may have")]
    OfAnother(TransactionId),
    /// Its order may still be paid, by that money too.
    #[error("order {0} still waits for its payment: cancel it first, or let it be paid")]
    OrderWaits(OrderId),
    /// Neither Click nor a person says how much it is.
    #[error("Click does not say how much it took: see in its cabinet, and add --amount")]
    NoAmount,
    /// It is another amount than the attempt's.
    #[error("it is {told} so'm, and transaction {id} is of {expected} so'm: give it back in Click's cabinet")]
    OtherAmount {
        /// The attempt.
        id: TransactionId,
        /// What was told.
        told: Money,
        /// What was asked for.
        expected: Money,
    },
}

/// Has Click asked for the money of an attempt that is cancelled here, and where it has it writes that down as late money: a payment of its
/// own, which Click is asked to give back, with its notice. Locks the order.
///
/// # Errors
/// A database that is busy, failed statements.
pub fn found(
    context: &Context,
    click: &dyn ClickGateway,
    command: FindMoney,
) -> Result<std::result::Result<Found, FoundRefusal>> {
    let id = command.transaction_id;
    let asked = context.database().read("found_attempt", |reader| {
        let Some(attempt) = find_unscoped(reader, id)? else {
            return Ok(None);
        };
        let desk = desk_of(reader, attempt.store_id, id)?.unwrap_or_default();
        Ok::<_, StorageError>(Some((attempt, desk)))
    })?;
    let Some((attempt, desk)) = asked else {
        return Ok(Err(FoundRefusal::NoTransaction(id)));
    };
    if let Some(ended) = without_asking(&attempt.transaction) {
        return Ok(ended);
    }
    let desks = context.desks()?;
    let Some(desk) = desks.click_named(&desk) else {
        return Ok(Err(FoundRefusal::DeskIsOff(id)));
    };
    let place = Place::from(&attempt);
    let (told, payment_id) = match taken(context, (click, desk), place, &attempt.transaction, command.amount) {
        Ok(told) => told,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let now = context.now();
    let written = context
        .database()
        .write("found_write", move |tx| write_down(tx, place, (&told, payment_id), now))?;
    if let Ok(Found::Late(amount)) = written {
        tracing::warn!(transaction.id = %id, "Click has {amount} so'm of transaction {id}, which is late money now");
    }
    Ok(written)
}

/// What is clear from the attempt alone.
fn without_asking(transaction: &Transaction) -> Option<std::result::Result<Found, FoundRefusal>> {
    if transaction.provider != Provider::Click {
        return Some(Err(FoundRefusal::NotOfClick(transaction.id)));
    }
    match transaction.state {
        TransactionState::Cancelled => None,
        TransactionState::Performed | TransactionState::Reversed => Some(Ok(Found::Known)),
        TransactionState::Open | TransactionState::TakenOver => Some(Err(FoundRefusal::UnderWay(transaction.id))),
    }
}

/// Click's word that it has the money, all of it, and its number of the payment.
fn taken(
    context: &Context,
    (click, desk): (&dyn ClickGateway, &ClickDesk),
    place: Place,
    transaction: &Transaction,
    by_hand: Option<Money>,
) -> std::result::Result<(AskedPayment, i64), FoundRefusal> {
    let id = transaction.id;
    let told = match ask(context, click, desk, (place.order_id, transaction)) {
        Clicked::Told(told) => told,
        Clicked::LogInRefused { why } | Clicked::NotNow { why, .. } | Clicked::Unknown { why } => {
            return Err(FoundRefusal::Silent(why));
        }
    };
    let AskedPayment::Found {
        payment_id,
        status: ClickStatus::Successful,
        amount,
    } = told
    else {
        return Err(FoundRefusal::NotTaken(id, Said::of_payment(&told).to_string()));
    };
    let expected = transaction.amount;
    let amounts = [amount, by_hand];
    if let Some(told) = amounts.into_iter().flatten().find(|told| *told != expected) {
        return Err(FoundRefusal::OtherAmount { id, told, expected });
    }
    if amounts == [None, None] {
        return Err(FoundRefusal::NoAmount);
    }
    Ok((told, payment_id))
}

/// Whether a payment that Click was asked for by the order alone may be that of an attempt whose number at Click we were not told either.
fn may_be_of_another(bill: &Bill, own: &Transaction) -> bool {
    let is_paid = |state| matches!(state, TransactionState::Performed | TransactionState::Reversed);
    let mut others = bill
        .transactions
        .iter()
        .filter(|other| other.id != own.id && other.provider == own.provider);
    own.paydoc_id.is_none() && others.any(|other| other.paydoc_id.is_none() && is_paid(other.state))
}

fn write_down(
    tx: &mut Tx<'_>,
    place: Place,
    (told, payment_id): (&AskedPayment, i64),
    now: DateTime<Utc>,
) -> Result<std::result::Result<Found, FoundRefusal>> {
    let billed = bill::locked(tx, &Scope::Store(place.store_id), place.order_id)?;
    let id = place.transaction_id;
    let transaction = billed.bill.transaction(id);
    let transaction = transaction.with_context(|| format!("transaction {id} is none of order {}", place.order_id))?;
    if let Some(ended) = without_asking(transaction) {
        return Ok(ended);
    }
    if billed.bill.order.status == OrderStatus::AwaitingPayment {
        return Ok(Err(FoundRefusal::OrderWaits(billed.order.id)));
    }
    if is_of_another(&billed.bill, transaction, payment_id) || may_be_of_another(&billed.bill, transaction) {
        return Ok(Err(FoundRefusal::OfAnother(id)));
    }
    let effects = billed.bill.found_late(id, payment_id, now)?;
    Said::of_payment(told).keep(tx, (place.store_id, transaction), now)?;
    let author = Author::system();
    let call = cause(&author, now);
    let made = carry_out(tx, billed.judged(), &billed.bill, &effects, &Call::of(&call))?;
    let payment = made
        .payment
        .with_context(|| format!("no payment was made for transaction {id}"))?;
    let entry = traces::of_found_money((&billed.order).into(), payment, (id, transaction.amount));
    audit::record(tx, &author, now, entry)?;
    Ok(Ok(Found::Late(transaction.amount)))
}
