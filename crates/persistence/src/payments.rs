//! Money for online orders: what is expected, and what came in.
//!
//! Whoever writes here holds the order first. Deliberately absent: who may take money, and what a provider says.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, PaymentId, StoreId, UserId};
use savdo_domain::payment::{PaymentState, Provider};

use crate::columns;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{orders, payments};

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

/// Money for an order, as its buyer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentView {
    /// What clients call it.
    pub public_id: String,
    /// The order.
    pub order_id: OrderId,
    /// Who takes the money.
    pub provider: Provider,
    /// Where it stands.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When the money was here.
    pub completed_at: Option<DateTime<Utc>>,
}

/// All payments for what an account itself ordered, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn owned(reader: &mut Reader<'_>, buyer_id: UserId) -> Result<Vec<PaymentView>, Error> {
    type Row = (
        i64,
        String,
        i64,
        String,
        String,
        i64,
        NaiveDateTime,
        Option<NaiveDateTime>,
    );
    let rows = reader.statement("payments_owned", |on| {
        payments::table
            .inner_join(
                orders::table.on(orders::store_id
                    .eq(payments::store_id)
                    .and(orders::id.eq(payments::order_id))),
            )
            .filter(orders::buyer_id.eq(buyer_id.get()))
            .order(payments::id)
            .select((
                payments::id,
                payments::public_id,
                payments::order_id,
                payments::provider,
                payments::status,
                payments::amount,
                payments::created_at,
                payments::completed_at,
            ))
            .load::<Row>(on)
    })?;
    let views = rows.into_iter().map(
        |(id, public_id, order_id, provider, status, amount, created_at, completed_at)| {
            Ok(PaymentView {
                public_id,
                order_id: OrderId::new(order_id),
                provider: columns::coded("payments", id, &provider)?,
                state: columns::coded("payments", id, &status)?,
                amount: columns::money(amount),
                created_at: columns::time(created_at),
                completed_at: completed_at.map(columns::time),
            })
        },
    );
    views.collect()
}
