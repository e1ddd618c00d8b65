//! Money for online orders: what is expected, and what came in.
//!
//! Whoever writes here holds the order first. Deliberately absent: who may take money, and what a provider says.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, PaymentId, StoreId, UserId};
use savdo_domain::payment::{PaymentState, Provider};

use crate::database::Tx;
use crate::error::Error;
use crate::schema::payments;

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
    /// How much.
    pub amount: Money,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes that money is expected.
///
/// # Errors
/// A failed statement.
pub fn expect(tx: &mut Tx<'_>, payment: &NewPayment<'_>) -> Result<PaymentId, Error> {
    tx.statement("payment_insert", |on| {
        diesel::insert_into(payments::table)
            .values((
                payments::store_id.eq(payment.store_id.get()),
                payments::order_id.eq(payment.order_id.get()),
                payments::public_id.eq(payment.public_id),
                payments::provider.eq(payment.provider.code()),
                payments::status.eq(PaymentState::Pending.code()),
                payments::amount.eq(payment.amount.tiyin()),
                payments::is_late.eq(false),
                payments::created_at.eq(payment.at.naive_utc()),
            ))
            .returning(payments::id)
            .get_result::<i64>(on)
    })
    .map(PaymentId::new)
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
            .get_result::<(i64, String)>(on)
            .optional()
    })?;
    Ok(received.map(|(id, public_id)| (PaymentId::new(id), public_id)))
}

/// Money that was expected for an order is wanted no more, whoever was to take it.
///
/// # Errors
/// A failed statement.
pub fn cancel_open(tx: &mut Tx<'_>, store_id: StoreId, order_id: OrderId, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("payments_cancel", |on| {
        diesel::update(payments::table)
            .filter(payments::store_id.eq(store_id.get()))
            .filter(payments::order_id.eq(order_id.get()))
            .filter(payments::status.eq_any([PaymentState::Pending.code(), PaymentState::Processing.code()]))
            .set((
                payments::status.eq(PaymentState::Cancelled.code()),
                payments::cancelled_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}
