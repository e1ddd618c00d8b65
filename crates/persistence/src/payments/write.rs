//! Writes of payments.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, PaymentId, StoreId, UserId};
use savdo_domain::payment::{PaymentState, Provider};

use crate::columns;
use crate::database::Tx;
use crate::error::Error;
use crate::prepared::Keep as _;
use crate::schema::payments;

/// What [`Probe::counted`](crate::probe::Probe::counted) knows payments by: provider, and the state that each came to.
pub const PAYMENTS: &str = "payments";
/// Stands for the state of money that came for an order that was paid or over.
const LATE: &str = "late";

/// A payment about to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewPayment<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The order.
    pub order_id: OrderId,
    /// What clients call it: `PAY-` and 16 hexadecimal digits.
    pub public_id: &'a str,
    /// Who takes the money.
    pub provider: Provider,
    /// Where it stands from the start.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// Whether its money came when the order was paid or over.
    pub is_late: bool,
    /// Who took it in cash.
    pub received_by: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A step of a payment.
#[derive(Debug, Clone, Copy)]
pub struct PaymentStep {
    /// The store.
    pub store_id: StoreId,
    /// The payment.
    pub payment_id: PaymentId,
    /// Where it stood.
    pub from: PaymentState,
    /// Where it stands then.
    pub to: PaymentState,
    /// Who took it in cash.
    pub received_by: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a payment.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, payment: &NewPayment<'_>) -> Result<PaymentId, Error> {
    let at = payment.at.naive_utc();
    let completed_at = (payment.state == PaymentState::Success).then_some(at);
    let id = tx.statement("payment_insert", |on| {
        diesel::insert_into(payments::table)
            .values((
                payments::store_id.eq(payment.store_id.get()),
                payments::order_id.eq(payment.order_id.get()),
                payments::public_id.eq(payment.public_id),
                payments::provider.eq(payment.provider.code()),
                payments::status.eq(payment.state.code()),
                payments::amount.eq(payment.amount.tiyin()),
                payments::is_late.eq(payment.is_late),
                payments::received_by.eq(payment.received_by.map(UserId::get)),
                payments::created_at.eq(at),
                payments::completed_at.eq(completed_at),
            ))
            .returning(payments::id)
            .get_result::<i64>(on)
    })?;
    let outcome = if payment.is_late { LATE } else { payment.state.code() };
    tx.count(PAYMENTS, [payment.provider.code(), outcome]);
    Ok(PaymentId::new(id))
}

/// Takes the step if the payment stands where it was judged: what clients call it; `None` if it does not.
///
/// # Errors
/// A failed statement.
pub fn advance(tx: &mut Tx<'_>, step: &PaymentStep) -> Result<Option<String>, Error> {
    let at = step.at.naive_utc();
    let completed_at = (step.to == PaymentState::Success).then(|| payments::completed_at.eq(at));
    let cancelled_at = (step.to == PaymentState::Cancelled).then(|| payments::cancelled_at.eq(at));
    let refunded_at = (step.to == PaymentState::Refunded).then(|| payments::refunded_at.eq(at));
    let received_by = step
        .received_by
        .map(|received_by| payments::received_by.eq(received_by.get()));
    let moved = tx.statement("payment_advance", |on| {
        diesel::update(payments::table)
            .filter(payments::store_id.eq(step.store_id.get()))
            .filter(payments::id.eq(step.payment_id.get()))
            .filter(payments::status.eq(step.from.code()))
            .set((
                payments::status.eq(step.to.code()),
                completed_at,
                cancelled_at,
                refunded_at,
                received_by,
            ))
            .returning((payments::public_id, payments::provider))
            .kept()
            .get_result::<(String, String)>(on)
            .optional()
    })?;
    let Some((public_id, provider)) = moved else {
        return Ok(None);
    };
    let provider: Provider = columns::coded("payments", step.payment_id.get(), &provider)?;
    tx.count(PAYMENTS, [provider.code(), step.to.code()]);
    Ok(Some(public_id))
}

/// Writes why and by what the money of a payment was given back by hand.
///
/// # Errors
/// A failed statement.
pub fn keep_refund(
    tx: &mut Tx<'_>,
    (store_id, payment_id): (StoreId, PaymentId),
    reason: &str,
    reference: Option<&str>,
) -> Result<(), Error> {
    tx.statement("payment_keep_refund", |on| {
        diesel::update(payments::table)
            .filter(payments::store_id.eq(store_id.get()))
            .filter(payments::id.eq(payment_id.get()))
            .set((
                payments::refund_reason.eq(reason),
                payments::refund_reference.eq(reference),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Writes that cash which was expected is here; its id and public id, `None` where none was expected.
///
/// # Errors
/// A failed statement.
pub fn receive_cash(
    tx: &mut Tx<'_>,
    (store_id, order_id): (StoreId, OrderId),
    received_by: Option<UserId>,
    at: DateTime<Utc>,
) -> Result<Option<(PaymentId, String)>, Error> {
    let received = tx.statement("payment_receive_cash", |on| {
        diesel::update(payments::table)
            .filter(payments::store_id.eq(store_id.get()))
            .filter(payments::order_id.eq(order_id.get()))
            .filter(payments::provider.eq(Provider::Cash.code()))
            .filter(payments::status.eq(PaymentState::Pending.code()))
            .set((
                payments::status.eq(PaymentState::Success.code()),
                payments::received_by.eq(received_by.map(UserId::get)),
                payments::completed_at.eq(at.naive_utc()),
            ))
            .returning((payments::id, payments::public_id))
            .kept()
            .get_result::<(i64, String)>(on)
            .optional()
    })?;
    if received.is_some() {
        tx.count(PAYMENTS, [Provider::Cash.code(), PaymentState::Success.code()]);
    }
    Ok(received.map(|(id, public_id)| (PaymentId::new(id), public_id)))
}
