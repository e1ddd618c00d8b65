//! The rows of payments as people see them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::ids::{OrderId, PaymentId, PaymentLogId, StoreId};
use savdo_domain::order::{OrderStatus, PaymentMethod, PaymentStatus};
use savdo_domain::payment::{LogEvent, PaymentState, Provider};
use savdo_domain::zone::Zone;

use crate::columns;
use crate::error::Error;
use crate::schema::{orders, payment_logs, payments};

#[derive(Queryable, Selectable)]
#[diesel(table_name = payments)]
pub(super) struct PaymentRow {
    pub(super) id: i64,
    store_id: i64,
    public_id: String,
    provider: String,
    status: String,
    amount: i64,
    is_late: bool,
    error_message: Option<String>,
    created_at: NaiveDateTime,
    completed_at: Option<NaiveDateTime>,
    cancelled_at: Option<NaiveDateTime>,
    refunded_at: Option<NaiveDateTime>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = orders)]
pub(super) struct PaidOrderRow {
    id: i64,
    status: String,
    payment_method: String,
    payment_status: String,
    total_price: i64,
    expires_at: Option<NaiveDateTime>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = payment_logs)]
pub(super) struct PaymentLogRow {
    id: i64,
    payment_id: i64,
    event: String,
    request: String,
    response: String,
    error_message: String,
    created_at: NaiveDateTime,
}

/// Money for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentView {
    /// The payment.
    pub id: PaymentId,
    /// What clients call it.
    pub public_id: String,
    /// The store.
    pub store_id: StoreId,
    /// Where the store lies.
    pub zone: Zone,
    /// What it is for.
    pub order: PaidOrderView,
    /// The phone of who ordered.
    pub buyer_phone: String,
    /// Who takes the money.
    pub provider: Provider,
    /// Where it stands.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// Whether its money came when the order was paid or over.
    pub is_late: bool,
    /// What its provider said when it failed, possibly nothing.
    pub error_message: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When the money was here.
    pub completed_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// When the money went back.
    pub refunded_at: Option<DateTime<Utc>>,
}

/// An order, as far as its payments tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidOrderView {
    /// The order.
    pub id: OrderId,
    /// Where it stands.
    pub status: OrderStatus,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// Where its money stands.
    pub payment_status: PaymentStatus,
    /// What it costs.
    pub total_price: Money,
    /// Until when it waits for its payment.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A row of a payment's log; its texts have their secrets masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentLogView {
    /// The row.
    pub id: PaymentLogId,
    /// The payment.
    pub payment_id: PaymentId,
    /// What happened.
    pub event: LogEvent,
    /// What was sent; empty where nobody called.
    pub request: String,
    /// What was answered.
    pub response: String,
    /// What went wrong, possibly nothing.
    pub error_message: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl PaymentRow {
    pub(super) fn view(self, order: PaidOrderRow, buyer_phone: String, timezone: &str) -> Result<PaymentView, Error> {
        let Self {
            id,
            store_id,
            public_id,
            provider,
            status,
            amount,
            is_late,
            error_message,
            created_at,
            completed_at,
            cancelled_at,
            refunded_at,
        } = self;
        Ok(PaymentView {
            id: PaymentId::new(id),
            public_id,
            store_id: StoreId::new(store_id),
            zone: columns::zone(store_id, timezone)?,
            order: order.view()?,
            buyer_phone,
            provider: columns::coded("payments", id, &provider)?,
            state: columns::coded("payments", id, &status)?,
            amount: columns::money(amount),
            is_late,
            error_message: error_message.unwrap_or_default(),
            created_at: columns::time(created_at),
            completed_at: completed_at.map(columns::time),
            cancelled_at: cancelled_at.map(columns::time),
            refunded_at: refunded_at.map(columns::time),
        })
    }
}

impl PaidOrderRow {
    fn view(self) -> Result<PaidOrderView, Error> {
        let Self {
            id,
            status,
            payment_method,
            payment_status,
            total_price,
            expires_at,
        } = self;
        Ok(PaidOrderView {
            id: OrderId::new(id),
            status: columns::coded("orders", id, &status)?,
            payment_method: columns::coded("orders", id, &payment_method)?,
            payment_status: columns::coded("orders", id, &payment_status)?,
            total_price: columns::money(total_price),
            expires_at: expires_at.map(columns::time),
        })
    }
}

impl PaymentLogRow {
    pub(super) fn view(self) -> Result<PaymentLogView, Error> {
        let Self {
            id,
            payment_id,
            event,
            request,
            response,
            error_message,
            created_at,
        } = self;
        Ok(PaymentLogView {
            id: PaymentLogId::new(id),
            payment_id: PaymentId::new(payment_id),
            event: columns::coded("payment_logs", id, &event)?,
            request,
            response,
            error_message,
            created_at: columns::time(created_at),
        })
    }
}
