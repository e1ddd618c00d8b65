//! Transactions as they are looked at once they were made: which desk made one, and which a desk made in a period.

use std::ops::Range;

use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, StoreId, TransactionId};
use savdo_domain::order::{OrderStatus, PaymentStatus};
use savdo_domain::payment::{Millis, PaymentState, Provider, Transaction, TransactionState};

use super::transactions::{DeskScope, TransactionRow};
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{orders, payments, provider_transactions};

/// A transaction, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptView {
    /// Its store.
    pub store_id: StoreId,
    /// Its order.
    pub order_id: OrderId,
    /// The transaction.
    pub transaction: Transaction,
}

/// A transaction of any store, for a person who looks into one that the log names.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find_unscoped(reader: &mut Reader<'_>, id: TransactionId) -> Result<Option<AttemptView>, Error> {
    let row = reader.statement("transaction_find", |on| {
        provider_transactions::table
            .filter(provider_transactions::id.eq(id.get()))
            .select((
                provider_transactions::store_id,
                provider_transactions::order_id,
                TransactionRow::as_select(),
            ))
            .first::<(i64, i64, TransactionRow)>(on)
            .optional()
    })?;
    row.map(view).transpose()
}

/// The desk that made a transaction of the store, by its id at the provider.
///
/// # Errors
/// A failed statement.
pub fn desk_of(reader: &mut Reader<'_>, store_id: StoreId, id: TransactionId) -> Result<Option<String>, Error> {
    reader.statement("transaction_desk", |on| {
        provider_transactions::table
            .filter(provider_transactions::store_id.eq(store_id.get()))
            .filter(provider_transactions::id.eq(id.get()))
            .select(provider_transactions::desk)
            .first(on)
            .optional()
    })
}

/// The transactions of a desk in a period, by the time that its provider sent, from after the one `after`, in the order of their ids.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn of_period_unscoped(
    reader: &mut Reader<'_>,
    scope: DeskScope<'_>,
    period: &Range<Millis>,
    after: TransactionId,
    count: i64,
) -> Result<Vec<AttemptView>, Error> {
    let rows = reader.statement("transactions_of_period", |on| {
        let mut query = provider_transactions::table
            .filter(provider_transactions::provider.eq(scope.provider.code()))
            .filter(provider_transactions::desk.eq(scope.desk))
            .filter(provider_transactions::external_time.ge(period.start.get()))
            .filter(provider_transactions::external_time.lt(period.end.get()))
            .filter(provider_transactions::id.gt(after.get()))
            .order(provider_transactions::id)
            .select((
                provider_transactions::store_id,
                provider_transactions::order_id,
                TransactionRow::as_select(),
            ))
            .limit(count)
            .into_boxed();
        if let Some(own) = scope.store_id {
            query = query.filter(provider_transactions::store_id.eq(own.get()));
        }
        query.load::<(i64, i64, TransactionRow)>(on)
    })?;
    rows.into_iter().map(view).collect()
}

fn view((store_id, order_id, row): (i64, i64, TransactionRow)) -> Result<AttemptView, Error> {
    Ok(AttemptView {
        store_id: StoreId::new(store_id),
        order_id: OrderId::new(order_id),
        transaction: row.view()?,
    })
}

/// How many transactions of a desk may still be performed, or brought money that is to go back, or may have to: its order is not over. Of all stores, as a desk may serve many.
///
/// # Errors
/// A failed statement.
pub fn unsettled_unscoped(reader: &mut Reader<'_>, (provider, desk): (Provider, &str)) -> Result<i64, Error> {
    let prepared = [TransactionState::Open, TransactionState::TakenOver].map(TransactionState::code);
    let over = [OrderStatus::Delivered, OrderStatus::Cancelled].map(OrderStatus::code);
    reader.statement("transactions_unsettled", |on| {
        provider_transactions::table
            .inner_join(
                payments::table.on(payments::store_id
                    .eq(provider_transactions::store_id)
                    .and(payments::id.eq(provider_transactions::payment_id))),
            )
            .inner_join(
                orders::table.on(orders::store_id
                    .eq(provider_transactions::store_id)
                    .and(orders::id.eq(provider_transactions::order_id))),
            )
            .filter(provider_transactions::provider.eq(provider.code()))
            .filter(provider_transactions::desk.eq(desk))
            .filter(
                provider_transactions::state
                    .eq_any(prepared)
                    .or(provider_transactions::state
                        .eq(TransactionState::Performed.code())
                        .and(payments::status.eq(PaymentState::Success.code()))
                        .and(
                            payments::is_late
                                .or(orders::payment_status.eq(PaymentStatus::RefundPending.code()))
                                .or(orders::status.ne_all(over)),
                        )),
            )
            .count()
            .get_result(on)
    })
}
