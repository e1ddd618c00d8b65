//! Writes of deliveries: a new one, a step of one, and the history of both.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::{DeliveryId, OrderId, StoreId, UserId, WorkerId};

use crate::database::Tx;
use crate::error::Error;
use crate::prepared::Keep as _;
use crate::schema::{deliveries, delivery_history};

/// A delivery about to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewDelivery {
    /// The store.
    pub store_id: StoreId,
    /// The order.
    pub order_id: OrderId,
    /// Who carries it.
    pub courier_id: WorkerId,
    /// The store's day.
    pub day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
}

/// A step of a delivery about to be taken.
#[derive(Debug, Clone, Copy)]
pub struct DeliveryStep<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// Where it stood when it was judged.
    pub from: DeliveryStatus,
    /// Where it goes.
    pub to: DeliveryStatus,
    /// Why, for one that is given up.
    pub note: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// A row of a delivery's history about to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewDeliveryHistory<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// Where it stood; `None` where it begins.
    pub from: Option<DeliveryStatus>,
    /// Where it went.
    pub to: DeliveryStatus,
    /// Who moved it; none for a job.
    pub actor_id: Option<UserId>,
    /// What was said to it.
    pub comment: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a delivery that is ready to go.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, delivery: &NewDelivery) -> Result<DeliveryId, Error> {
    let at = delivery.at.naive_utc();
    tx.statement("delivery_insert", |on| {
        diesel::insert_into(deliveries::table)
            .values((
                deliveries::store_id.eq(delivery.store_id.get()),
                deliveries::order_id.eq(delivery.order_id.get()),
                deliveries::courier_id.eq(delivery.courier_id.get()),
                deliveries::status.eq(DeliveryStatus::Ready.code()),
                deliveries::note.eq(""),
                deliveries::day.eq(delivery.day),
                deliveries::courier_assigned_at.eq(at),
                deliveries::created_at.eq(at),
            ))
            .returning(deliveries::id)
            .get_result::<i64>(on)
    })
    .map(DeliveryId::new)
}

/// Gives a delivery that is ready to another courier; says whether it still was. Its order is locked.
///
/// # Errors
/// A failed statement.
pub fn reassign(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    delivery_id: DeliveryId,
    courier_id: WorkerId,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let changed = tx.statement("delivery_reassign", |on| {
        diesel::update(deliveries::table)
            .filter(deliveries::store_id.eq(store_id.get()))
            .filter(deliveries::id.eq(delivery_id.get()))
            .filter(deliveries::status.eq(DeliveryStatus::Ready.code()))
            .set((
                deliveries::courier_id.eq(courier_id.get()),
                deliveries::courier_assigned_at.eq(at.naive_utc()),
            ))
            .returning(deliveries::id)
            .kept()
            .get_result::<i64>(on)
            .optional()
    })?;
    Ok(changed.is_some())
}

/// Takes the step if the delivery still stands where it was judged; says whether it did. Its order is locked.
///
/// # Errors
/// A failed statement.
pub fn advance(tx: &mut Tx<'_>, step: &DeliveryStep<'_>) -> Result<bool, Error> {
    let at = step.at.naive_utc();
    let delivered_at = (step.to == DeliveryStatus::Delivered).then_some(at);
    let canceled_at = (step.to == DeliveryStatus::Canceled).then_some(at);
    let changed = tx.statement("delivery_advance", |on| {
        diesel::update(deliveries::table)
            .filter(deliveries::store_id.eq(step.store_id.get()))
            .filter(deliveries::id.eq(step.delivery_id.get()))
            .filter(deliveries::status.eq(step.from.code()))
            .set((
                deliveries::status.eq(step.to.code()),
                deliveries::note.eq(step.note),
                deliveries::delivered_at.eq(delivered_at),
                deliveries::canceled_at.eq(canceled_at),
            ))
            .returning(deliveries::id)
            .kept()
            .get_result::<i64>(on)
            .optional()
    })?;
    Ok(changed.is_some())
}

/// Appends a row to a delivery's history.
///
/// # Errors
/// A failed statement.
pub fn insert_history(tx: &mut Tx<'_>, step: &NewDeliveryHistory<'_>) -> Result<(), Error> {
    tx.statement("delivery_history_insert", |on| {
        diesel::insert_into(delivery_history::table)
            .values((
                delivery_history::store_id.eq(step.store_id.get()),
                delivery_history::delivery_id.eq(step.delivery_id.get()),
                delivery_history::from_status.eq(step.from.map(Coded::code)),
                delivery_history::to_status.eq(step.to.code()),
                delivery_history::actor_id.eq(step.actor_id.map(UserId::get)),
                delivery_history::comment.eq(step.comment),
                delivery_history::created_at.eq(step.at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}
