//! The rows of deliveries, and what a reader sees of them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::delivery::{Carried, DeliveryStatus};
use savdo_domain::ids::{DeliveryHistoryId, DeliveryId, OrderId, UserId, WorkerId};

use crate::columns;
use crate::error::Error;
use crate::orders::{HistoryActorView, OrderView};
use crate::schema::{deliveries, delivery_history, users, workers};

#[derive(Queryable, Selectable)]
#[diesel(table_name = deliveries)]
pub(super) struct DeliveryRow {
    pub(super) id: i64,
    pub(super) order_id: i64,
    pub(super) courier_id: i64,
    status: String,
    note: String,
    courier_assigned_at: NaiveDateTime,
    delivered_at: Option<NaiveDateTime>,
    canceled_at: Option<NaiveDateTime>,
    pub(super) created_at: NaiveDateTime,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = workers)]
pub(super) struct CarrierRow {
    pub(super) id: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct CourierRow {
    id: i64,
    first_name: String,
    last_name: String,
    phone: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = delivery_history)]
pub(super) struct DeliveryHistoryRow {
    id: i64,
    from_status: Option<String>,
    to_status: String,
    comment: String,
    created_at: NaiveDateTime,
}

/// Who carries an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourierView {
    /// The worker.
    pub worker_id: WorkerId,
    /// His account.
    pub user_id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Phone, E.164.
    pub phone: String,
}

/// The delivery of an order, as far as the order shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDeliveryView {
    /// The delivery.
    pub id: DeliveryId,
    /// The order.
    pub order_id: OrderId,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Who carries it.
    pub courier: CourierView,
}

impl OrderDeliveryView {
    /// What an assignment asks of it; `None` when it has ended.
    #[must_use]
    pub const fn carried(&self) -> Option<Carried> {
        if !self.status.is_active() {
            return None;
        }
        Some(Carried {
            status: self.status,
            courier_id: self.courier.worker_id,
        })
    }
}

/// A delivery with its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryView {
    /// The delivery.
    pub id: DeliveryId,
    /// The order.
    pub order: OrderView,
    /// Who carries it.
    pub courier: CourierView,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Why it was given up, possibly nothing.
    pub note: String,
    /// When this courier got it.
    pub courier_assigned_at: DateTime<Utc>,
    /// When the goods were handed over.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub canceled_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A step that a delivery took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryHistoryView {
    /// The row.
    pub id: DeliveryHistoryId,
    /// Where it stood; `None` where it began.
    pub from: Option<DeliveryStatus>,
    /// Where it went.
    pub to: DeliveryStatus,
    /// What was said to it, possibly nothing.
    pub comment: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who moved it; none for a job.
    pub actor: Option<HistoryActorView>,
}

impl CourierRow {
    pub(super) fn view(self, carrier: &CarrierRow) -> CourierView {
        let Self {
            id,
            first_name,
            last_name,
            phone,
        } = self;
        CourierView {
            worker_id: WorkerId::new(carrier.id),
            user_id: UserId::new(id),
            first_name,
            last_name,
            phone,
        }
    }
}

impl DeliveryRow {
    pub(super) fn of_order(self, courier: CourierView) -> Result<OrderDeliveryView, Error> {
        Ok(OrderDeliveryView {
            id: DeliveryId::new(self.id),
            order_id: OrderId::new(self.order_id),
            status: columns::coded("deliveries", self.id, &self.status)?,
            courier,
        })
    }

    pub(super) fn view(self, order: OrderView, courier: CourierView) -> Result<DeliveryView, Error> {
        let Self {
            id,
            order_id: _,
            courier_id: _,
            status,
            note,
            courier_assigned_at,
            delivered_at,
            canceled_at,
            created_at,
        } = self;
        Ok(DeliveryView {
            id: DeliveryId::new(id),
            order,
            courier,
            status: columns::coded("deliveries", id, &status)?,
            note,
            courier_assigned_at: columns::time(courier_assigned_at),
            delivered_at: delivered_at.map(columns::time),
            canceled_at: canceled_at.map(columns::time),
            created_at: columns::time(created_at),
        })
    }
}

impl DeliveryHistoryRow {
    pub(super) fn view(self, actor: Option<HistoryActorView>) -> Result<DeliveryHistoryView, Error> {
        let Self {
            id,
            from_status,
            to_status,
            comment,
            created_at,
        } = self;
        let status = |code: &str| columns::coded("delivery_history", id, code);
        Ok(DeliveryHistoryView {
            id: DeliveryHistoryId::new(id),
            from: from_status.as_deref().map(status).transpose()?,
            to: status(&to_status)?,
            comment,
            created_at: columns::time(created_at),
            actor,
        })
    }
}
