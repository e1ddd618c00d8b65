//! Payments as the account that ordered sees them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::ids::{OrderId, UserId};
use savdo_domain::payment::{PaymentState, Provider};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{orders, payments};

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
