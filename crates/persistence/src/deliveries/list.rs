//! A page of deliveries.

use chrono::NaiveDate;
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::{OrderId, StoreId, UserId};

use super::DeliveryView;
use super::read::{Deliveries, with_orders, within};
use super::rows::DeliveryRow;
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{deliveries, workers};

/// What a list of deliveries is narrowed to; nothing set shows all of the scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Where it stands.
    pub status: Option<DeliveryStatus>,
    /// Whether it goes on.
    pub is_active: Option<bool>,
    /// The account of who carries it.
    pub courier_id: Option<UserId>,
    /// Of this order.
    pub order_id: Option<OrderId>,
    /// Made on this day of the store.
    pub day: Option<NaiveDate>,
}

coded_enum! {
    /// What a list of deliveries is sorted by: the newest first.
    pub enum DeliveryColumn {
        /// The id.
        Id = "id",
        /// When it was made.
        CreatedAt = "created_at",
    }
}

impl SortColumn for DeliveryColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "deliveries.id",
            Self::CreatedAt => "deliveries.created_at",
        }
    }
}

/// A page of the deliveries of the scope, narrowed by the filter, the newest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    scope: &Scope,
    filter: &DeliveryFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<DeliveryView>, Error> {
    let wanted = wanted.whole(*filter == DeliveryFilter::default());
    let total = wanted.count(reader, "deliveries_count", (scope, filter), |on, up_to| {
        counted!(on, up_to, filtered(scope, filter))
    })?;
    let walk = Walk::new(&[], SortBy::descending(DeliveryColumn::CreatedAt), wanted);
    let rows: Vec<(DeliveryRow, i64)> = reader.statement("deliveries_list", |on| {
        filtered(scope, filter)
            .filter(walk.beyond())
            .order(walk.order())
            .select((DeliveryRow::as_select(), deliveries::store_id))
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, (row, _)| match column {
        DeliveryColumn::Id => Key::Number(row.id),
        DeliveryColumn::CreatedAt => Key::Time(row.created_at),
    });
    listed.try_map_rows(|rows| {
        let rows = rows.into_iter().map(|(row, store_id)| (row, StoreId::new(store_id)));
        with_orders(reader, rows.collect())
    })
}

fn filtered(scope: &Scope, filter: &DeliveryFilter) -> Deliveries<'static> {
    let mut query = within(scope);
    if let Some(status) = filter.status {
        query = query.filter(deliveries::status.eq(status.code()));
    }
    if let Some(is_active) = filter.is_active {
        let wanted = DeliveryStatus::ALL
            .iter()
            .filter(|status| status.is_active() == is_active);
        let codes: Vec<&str> = wanted.map(|status| status.code()).collect();
        query = query.filter(deliveries::status.eq_any(codes));
    }
    if let Some(courier_id) = filter.courier_id {
        let workers = workers::table
            .filter(workers::user_id.eq(courier_id.get()))
            .select(workers::id);
        query = query.filter(deliveries::courier_id.eq_any(workers));
    }
    if let Some(order_id) = filter.order_id {
        query = query.filter(deliveries::order_id.eq(order_id.get()));
    }
    if let Some(day) = filter.day {
        query = query.filter(deliveries::day.eq(day));
    }
    query
}
