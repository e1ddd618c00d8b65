//! Writes of orders that were placed: a step of one, and its history.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, StoreId, UserId, WorkerId};
use savdo_domain::order::{HistorySource, OrderStatus, PaymentStatus, Transition};

use super::OrderView;
use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::fragments::fragments;
use crate::prepared::Keep as _;
use crate::schema::{order_history, order_lines, orders, products};
use crate::trail::Step;

/// A step of an order about to be taken.
#[derive(Debug, Clone, Copy)]
pub struct OrderStep<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The order.
    pub order_id: OrderId,
    /// From where to where.
    pub transition: Transition,
    /// Where the money stood when it was judged.
    pub judged: PaymentStatus,
    /// Who carried it when it was judged.
    pub courier_id: Option<WorkerId>,
    /// Whether nobody carries it any more.
    pub loses_courier: bool,
    /// Until when it waits for its buyer from here on.
    pub expires_at: Option<DateTime<Utc>>,
    /// Why, for a cancel.
    pub cancel_reason: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// A row of an order's history about to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewHistory<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The order.
    pub order_id: OrderId,
    /// Where it stood.
    pub from: OrderStatus,
    /// Where it went.
    pub to: OrderStatus,
    /// Who moved it; none for a job.
    pub actor_id: Option<UserId>,
    /// Which part of the system moved it.
    pub source: HistorySource,
    /// What was said to it.
    pub comment: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Locks an order until the end of the transaction. What of it may have changed meanwhile is read in a later statement.
///
/// # Errors
/// A failed statement.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, order_id: OrderId) -> Result<(), Error> {
    tx.statement("order_lock", |on| match on {
        // SQLite's one writer is the lock.
        AnyConnection::Sqlite(_) => Ok(None),
        AnyConnection::Postgres(on) => orders::table
            .filter(orders::store_id.eq(store_id.get()))
            .filter(orders::id.eq(order_id.get()))
            .select(orders::id)
            .for_no_key_update()
            .first::<i64>(on)
            .optional(),
    })?;
    Ok(())
}

fragments! {
    /// Who carries it; 0 for nobody, so that one comparison serves both.
    CourierOrNobody: BigInt = "coalesce(orders.courier_id, 0)";
}

/// The order, if it stands where it was judged.
macro_rules! judged {
    ($store_id:expr, $order_id:expr, $status:expr, $money:expr, $courier_id:expr) => {
        orders::table
            .filter(orders::store_id.eq($store_id.get()))
            .filter(orders::id.eq($order_id.get()))
            .filter(orders::status.eq($status.code()))
            .filter(orders::payment_status.eq($money.code()))
            .filter(CourierOrNobody.eq($courier_id.map_or(0, WorkerId::get)))
    };
    ($order:expr) => {
        judged!(
            $order.store.id,
            $order.id,
            $order.status,
            $order.payment_status,
            $order.courier_id
        )
    };
}

/// Takes the step if the order, its money and its courier still are where it was judged; says whether they were.
///
/// A transaction that took the same order meanwhile is waited for, and then wins.
///
/// # Errors
/// A failed statement.
pub fn advance(tx: &mut Tx<'_>, step: &OrderStep<'_>) -> Result<bool, Error> {
    let Transition {
        from,
        to,
        payment_status,
    } = step.transition;
    let at = step.at.naive_utc();
    let is_paid_now = payment_status == PaymentStatus::Paid && step.judged != PaymentStatus::Paid;
    let paid_at = is_paid_now.then(|| orders::paid_at.eq(at));
    let delivered_at = (to == OrderStatus::Delivered).then(|| orders::delivered_at.eq(at));
    let cancelled_at = (to == OrderStatus::Cancelled).then(|| orders::cancelled_at.eq(at));
    let courier_id = step.loses_courier.then(|| orders::courier_id.eq(None::<i64>));
    let changed = tx.statement("order_advance", |on| {
        diesel::update(judged!(
            step.store_id,
            step.order_id,
            from,
            step.judged,
            step.courier_id
        ))
        .set((
            orders::status.eq(to.code()),
            orders::payment_status.eq(payment_status.code()),
            orders::cancel_reason.eq(step.cancel_reason),
            orders::expires_at.eq(step.expires_at.map(|at| at.naive_utc())),
            courier_id,
            paid_at,
            delivered_at,
            cancelled_at,
            orders::updated_at.eq(at),
        ))
        .returning(orders::id)
        .kept()
        .get_result::<i64>(on)
        .optional()
    })?;
    Ok(changed.is_some())
}

/// Gives an order that stands where it was judged to a courier; says whether it did.
///
/// # Errors
/// A failed statement.
pub fn assign(tx: &mut Tx<'_>, order: &OrderView, courier_id: WorkerId, at: DateTime<Utc>) -> Result<bool, Error> {
    set_courier(tx, order, Some(courier_id), at)
}

/// Takes an order that stands where it was judged from its courier; says whether it did.
///
/// # Errors
/// A failed statement.
pub fn release(tx: &mut Tx<'_>, order: &OrderView, at: DateTime<Utc>) -> Result<bool, Error> {
    set_courier(tx, order, None, at)
}

fn set_courier(
    tx: &mut Tx<'_>,
    order: &OrderView,
    courier_id: Option<WorkerId>,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let changed = tx.statement("order_set_courier", |on| {
        diesel::update(judged!(order))
            .set((
                orders::courier_id.eq(courier_id.map(WorkerId::get)),
                orders::updated_at.eq(at.naive_utc()),
            ))
            .returning(orders::id)
            .kept()
            .get_result::<i64>(on)
            .optional()
    })?;
    Ok(changed.is_some())
}

/// Writes that the money of an order stands elsewhere, if it and its order stand where they were judged; says whether they did.
///
/// # Errors
/// A failed statement.
pub fn move_money(tx: &mut Tx<'_>, order: &OrderView, to: PaymentStatus, at: DateTime<Utc>) -> Result<bool, Error> {
    let at = at.naive_utc();
    let paid_at = (to == PaymentStatus::Paid).then(|| orders::paid_at.eq(at));
    let changed = tx.statement("order_move_money", |on| {
        diesel::update(judged!(order))
            .set((orders::payment_status.eq(to.code()), paid_at, orders::updated_at.eq(at)))
            .returning(orders::id)
            .kept()
            .get_result::<i64>(on)
            .optional()
    })?;
    Ok(changed.is_some())
}

/// Sets until when an order that stands where it was judged waits for its buyer; says whether it did. Its own time of change
/// stays: it did not move.
///
/// # Errors
/// A failed statement.
pub fn wait_until(tx: &mut Tx<'_>, order: &OrderView, expires_at: Option<DateTime<Utc>>) -> Result<bool, Error> {
    let changed = tx.statement("order_wait", |on| {
        diesel::update(judged!(order))
            .set(orders::expires_at.eq(expires_at.map(|at| at.naive_utc())))
            .returning(orders::id)
            .kept()
            .get_result::<i64>(on)
            .optional()
    })?;
    Ok(changed.is_some())
}

/// Counts an order that was handed over at each of its products, which are locked by id.
///
/// # Errors
/// A failed statement.
pub fn count_at_products(tx: &mut Tx<'_>, store_id: StoreId, order_id: OrderId) -> Result<(), Error> {
    let ids: Vec<i64> = tx.statement("order_products_lock", |on| {
        macro_rules! query {
            () => {
                products::table
                    .filter(products::store_id.eq(store_id.get()))
                    .filter(
                        products::id.eq_any(
                            order_lines::table
                                .filter(order_lines::store_id.eq(store_id.get()))
                                .filter(order_lines::order_id.eq(order_id.get()))
                                .select(order_lines::product_id),
                        ),
                    )
                    .order(products::id)
                    .select(products::id)
            };
        }
        match on {
            AnyConnection::Sqlite(on) => query!().load(on),
            AnyConnection::Postgres(on) => query!().for_no_key_update().load(on),
        }
    })?;
    tx.statement("order_products_count", |on| {
        diesel::update(products::table)
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.eq_any(ids))
            .set(products::order_count.eq(products::order_count + 1))
            .execute(on)
    })?;
    Ok(())
}

/// Leaves a row in an order's history.
///
/// # Errors
/// A failed statement.
pub fn insert_history(tx: &mut Tx<'_>, step: &NewHistory<'_>) -> Result<(), Error> {
    if let Some(trail) = tx.trail() {
        trail.steps.push(Step {
            store_id: step.store_id.get(),
            order_id: step.order_id.get(),
            from_status: step.from.code(),
            to_status: step.to.code(),
            actor_id: step.actor_id.map(UserId::get),
            source: step.source.code(),
            comment: step.comment.to_owned(),
            created_at: step.at.naive_utc(),
        });
        return Ok(());
    }
    tx.statement("order_history_insert", |on| {
        diesel::insert_into(order_history::table)
            .values((
                order_history::store_id.eq(step.store_id.get()),
                order_history::order_id.eq(step.order_id.get()),
                order_history::from_status.eq(step.from.code()),
                order_history::to_status.eq(step.to.code()),
                order_history::actor_id.eq(step.actor_id.map(UserId::get)),
                order_history::source.eq(step.source.code()),
                order_history::comment.eq(step.comment),
                order_history::created_at.eq(step.at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}
