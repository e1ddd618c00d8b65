//! Reads of deliveries.

use std::collections::BTreeMap;

use diesel::prelude::*;
use savdo_domain::access::{Role, Scope, WorkerStatus};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{DeliveryId, OrderId, StoreId, UserId, WorkerId};

use super::rows::{CarrierRow, CourierRow, CourierView, DeliveryHistoryRow, DeliveryHistoryView, DeliveryRow};
use super::{DeliveryView, OrderDeliveryView};
use crate::connection::{AnyConnection, on_each};
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::orders::{self, OrderView};
use crate::schema::{deliveries, delivery_history, users, workers};

/// A delivery of the scope: of a courier what was ever his, of staff what is their store's; `None` for any other.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find(reader: &mut Reader<'_>, scope: &Scope, delivery_id: DeliveryId) -> Result<Option<DeliveryView>, Error> {
    let found = reader.statement("delivery_find", |on| {
        within(scope)
            .filter(deliveries::id.eq(delivery_id.get()))
            .select((DeliveryRow::as_select(), deliveries::store_id))
            .first::<(DeliveryRow, i64)>(on)
            .optional()
    })?;
    let Some((row, store_id)) = found else { return Ok(None) };
    let mut views = with_orders(reader, vec![(row, StoreId::new(store_id))])?;
    Ok(views.pop())
}

/// The deliveries of orders that the caller was shown: of each that a courier has or had, the last one.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn of_orders(reader: &mut Reader<'_>, shown: &[OrderView]) -> Result<BTreeMap<OrderId, OrderDeliveryView>, Error> {
    let (order_ids, store_ids) = orders::read::ids_of(shown.iter().filter(|order| order.courier_id.is_some()));
    if order_ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = reader.statement("order_deliveries", |on| {
        on_each!(on, |c| deliveries::table
            .inner_join(workers::table.inner_join(users::table))
            .filter(store_ids.hold(deliveries::store_id))
            .filter(order_ids.hold(deliveries::order_id))
            .order(deliveries::id)
            .select((
                DeliveryRow::as_select(),
                CarrierRow::as_select(),
                CourierRow::as_select(),
            ))
            .load::<(DeliveryRow, CarrierRow, CourierRow)>(c))
    })?;
    let views = rows.into_iter().map(|(delivery, carrier, courier)| {
        let view = delivery.of_order(courier.view(&carrier))?;
        Ok((view.order_id, view))
    });
    views.collect()
}

/// The steps that a delivery took, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn history(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    delivery_id: DeliveryId,
) -> Result<Vec<DeliveryHistoryView>, Error> {
    let rows = reader.statement("delivery_history", |on| {
        delivery_history::table
            .left_join(users::table.on(delivery_history::actor_id.eq(users::id.nullable())))
            .left_join(
                workers::table.on(delivery_history::actor_id
                    .eq(workers::user_id.nullable())
                    .and(workers::store_id.eq(delivery_history::store_id.nullable()))),
            )
            .filter(delivery_history::store_id.eq(store_id.get()))
            .filter(delivery_history::delivery_id.eq(delivery_id.get()))
            .order(delivery_history::id)
            .select((
                DeliveryHistoryRow::as_select(),
                Option::<orders::ActorRow>::as_select(),
                workers::role.nullable(),
            ))
            .load::<(DeliveryHistoryRow, Option<orders::ActorRow>, Option<String>)>(on)
    })?;
    let views = rows.into_iter().map(|(step, actor, role)| {
        let actor = actor.map(|actor| actor.view(role)).transpose()?;
        step.view(actor)
    });
    views.collect()
}

/// The active courier of the store behind an account; he stays one until the end of the transaction.
///
/// # Errors
/// A failed statement.
pub fn hold_courier(tx: &mut Tx<'_>, store_id: StoreId, user_id: UserId) -> Result<Option<WorkerId>, Error> {
    let found: Option<i64> = tx.statement("courier_hold", |on| {
        macro_rules! query {
            () => {
                workers::table
                    .filter(workers::store_id.eq(store_id.get()))
                    .filter(workers::user_id.eq(user_id.get()))
                    .filter(workers::role.eq(Role::Courier.code()))
                    .filter(workers::status.eq(WorkerStatus::Active.code()))
                    .select(workers::id)
            };
        }
        match on {
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(on) => query!().first(on).optional(),
            AnyConnection::Postgres(on) => query!().for_share().first(on).optional(),
        }
    })?;
    Ok(found.map(WorkerId::new))
}

pub(super) type Deliveries<'a> = deliveries::BoxedQuery<'a, <AnyConnection as Connection>::Backend>;

/// The deliveries of a scope. Whoever only orders has none.
pub(super) fn within(scope: &Scope) -> Deliveries<'static> {
    let all = deliveries::table.into_boxed();
    match *scope {
        Scope::Assigned { store, courier, .. } => all
            .filter(deliveries::store_id.eq(store.get()))
            .filter(deliveries::courier_id.eq(courier.get())),
        Scope::Store(store) | Scope::StoreOrOwn { store, .. } => all.filter(deliveries::store_id.eq(store.get())),
        Scope::All => all,
        Scope::Own(_) => all.filter(deliveries::id.eq(0)),
    }
}

/// Adds to each delivery that the caller was shown its order and its courier.
pub(super) fn with_orders(
    reader: &mut Reader<'_>,
    shown: Vec<(DeliveryRow, StoreId)>,
) -> Result<Vec<DeliveryView>, Error> {
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let order_ids: Vec<OrderId> = shown.iter().map(|(row, _)| OrderId::new(row.order_id)).collect();
    let store_ids: Vec<StoreId> = shown.iter().map(|(_, store_id)| *store_id).collect();
    let orders = orders::read::of_stores(reader, &store_ids, &order_ids)?;
    let couriers = couriers(
        reader,
        &store_ids,
        shown.iter().map(|(row, _)| row.courier_id).collect(),
    )?;
    let views = shown.into_iter().map(|(row, _)| {
        let lacks = |what: &str| Error::Corrupt {
            table: "deliveries",
            id: row.id,
            why: format!("it has no {what}"),
        };
        let order = orders.get(&OrderId::new(row.order_id)).ok_or_else(|| lacks("order"))?;
        let courier = couriers.get(&row.courier_id).ok_or_else(|| lacks("courier"))?;
        let (order, courier) = (order.clone(), courier.clone());
        row.view(order, courier)
    });
    views.collect()
}

fn couriers(
    reader: &mut Reader<'_>,
    store_ids: &[StoreId],
    worker_ids: Vec<i64>,
) -> Result<BTreeMap<i64, CourierView>, Error> {
    let stores: Vec<i64> = store_ids.iter().map(|store_id| store_id.get()).collect();
    let rows = reader.statement("delivery_couriers", |on| {
        workers::table
            .inner_join(users::table)
            .filter(workers::store_id.eq_any(stores))
            .filter(workers::id.eq_any(worker_ids))
            .select((CarrierRow::as_select(), CourierRow::as_select()))
            .load::<(CarrierRow, CourierRow)>(on)
    })?;
    let views = rows
        .into_iter()
        .map(|(carrier, courier)| (carrier.id, courier.view(&carrier)));
    Ok(views.collect())
}
