//! Reads of payments as people see them: with their order, its buyer and its store.

use std::collections::BTreeMap;

use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::ids::{OrderId, PaymentId, StoreId, UserId};
use savdo_domain::payment::{Payment, Transaction};

use super::bill::{PaymentColumns, payment};
use super::rows::{PaidOrderRow, PaymentLogRow, PaymentRow};
use super::transactions::TransactionRow;
use super::{PaymentLogView, PaymentView};
use crate::among::Ids;
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{orders, payment_logs, payments, provider_transactions, stores, users};

/// A payment joined with its order, its buyer's phone and its store's time zone.
pub(super) type JoinedRow = (PaymentRow, PaidOrderRow, String, String);

/// The columns of a [`JoinedRow`].
macro_rules! joined_columns {
    () => {
        (
            PaymentRow::as_select(),
            PaidOrderRow::as_select(),
            users::phone,
            stores::timezone,
        )
    };
}

/// The payments of a scope, boxed; a courier sees no more than his own.
macro_rules! within {
    ($scope:expr) => {{
        let all = joined().into_boxed();
        match *$scope {
            Scope::Own(buyer) | Scope::Assigned { buyer, .. } => all.filter(orders::buyer_id.eq(buyer.get())),
            Scope::Store(store) => all.filter(payments::store_id.eq(store.get())),
            Scope::StoreOrOwn { store, buyer } => {
                all.filter(payments::store_id.eq(store.get()).or(orders::buyer_id.eq(buyer.get())))
            }
            Scope::All => all,
        }
    }};
}

pub(super) use {joined_columns, within};

/// Payments with all that is shown of them.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn joined() -> _ {
    let of_order = orders::store_id
        .eq(payments::store_id)
        .and(orders::id.eq(payments::order_id));
    payments::table
        .inner_join(orders::table.on(of_order))
        .inner_join(users::table.on(users::id.eq(orders::buyer_id)))
        .inner_join(stores::table.on(stores::id.eq(payments::store_id)))
}

/// A payment of the scope, by what clients call it; `None` for any other.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find(reader: &mut Reader<'_>, scope: &Scope, public_id: &str) -> Result<Option<PaymentView>, Error> {
    let found: Option<JoinedRow> = reader.statement("payment_find", |on| {
        within!(scope)
            .filter(payments::public_id.eq(public_id))
            .select(joined_columns!())
            .first(on)
            .optional()
    })?;
    found.map(view).transpose()
}

/// A payment of the scope by its number; `None` for any other.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn by_id(reader: &mut Reader<'_>, scope: &Scope, payment_id: PaymentId) -> Result<Option<PaymentView>, Error> {
    let found: Option<JoinedRow> = reader.statement("payment_by_id", |on| {
        within!(scope)
            .filter(payments::id.eq(payment_id.get()))
            .select(joined_columns!())
            .first(on)
            .optional()
    })?;
    found.map(view).transpose()
}

/// All payments for what an account itself ordered, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn owned(reader: &mut Reader<'_>, buyer_id: UserId) -> Result<Vec<PaymentView>, Error> {
    let rows: Vec<JoinedRow> = reader.statement("payments_owned", |on| {
        within!(&Scope::Own(buyer_id))
            .order(payments::id)
            .select(joined_columns!())
            .load(on)
    })?;
    rows.into_iter().map(view).collect()
}

/// What happened to a payment of the store, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn logs(reader: &mut Reader<'_>, store_id: StoreId, payment_id: PaymentId) -> Result<Vec<PaymentLogView>, Error> {
    let rows: Vec<PaymentLogRow> = reader.statement("payment_logs", |on| {
        payment_logs::table
            .filter(payment_logs::store_id.eq(store_id.get()))
            .filter(payment_logs::payment_id.eq(payment_id.get()))
            .order(payment_logs::id)
            .select(PaymentLogRow::as_select())
            .load(on)
    })?;
    rows.into_iter().map(PaymentLogRow::view).collect()
}

/// What was tried for an order: its transactions and its payments, of every provider, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TriedView {
    /// Its transactions.
    pub transactions: Vec<Transaction>,
    /// Its payments.
    pub payments: Vec<Payment>,
}

/// What was tried for the orders of payments that the caller was shown.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn tried(reader: &mut Reader<'_>, shown: &[PaymentView]) -> Result<BTreeMap<OrderId, TriedView>, Error> {
    let mut tried: BTreeMap<OrderId, TriedView> = BTreeMap::new();
    if shown.is_empty() {
        return Ok(tried);
    }
    let orders: Ids = shown.iter().map(|payment| payment.order.id.get()).collect();
    let stores: Ids = shown.iter().map(|payment| payment.store_id.get()).collect();
    let rows: Vec<(i64, TransactionRow)> = reader.statement("transactions_of_orders", |on| {
        on_each!(on, |c| provider_transactions::table
            .filter(stores.hold(provider_transactions::store_id))
            .filter(orders.hold(provider_transactions::order_id))
            .order(provider_transactions::id)
            .select((provider_transactions::order_id, TransactionRow::as_select()))
            .load(c))
    })?;
    for (order_id, row) in rows {
        let of_order = tried.entry(OrderId::new(order_id)).or_default();
        of_order.transactions.push(row.view()?);
    }
    let rows: Vec<(i64, PaymentColumns)> = reader.statement("payments_of_orders", |on| {
        on_each!(on, |c| payments::table
            .filter(stores.hold(payments::store_id))
            .filter(orders.hold(payments::order_id))
            .order(payments::id)
            .select((payments::order_id, PaymentColumns::as_select()))
            .load(c))
    })?;
    for (order_id, row) in rows {
        let of_order = tried.entry(OrderId::new(order_id)).or_default();
        of_order.payments.push(payment(row)?);
    }
    Ok(tried)
}

pub(super) fn view((payment, order, buyer_phone, timezone): JoinedRow) -> Result<PaymentView, Error> {
    payment.view(order, buyer_phone, &timezone)
}
