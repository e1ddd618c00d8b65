//! Batches as the office reads them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::not;
use diesel::prelude::*;
use diesel::sql_types::Date;
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{BatchId, LocationId, MovementId, ProductId, StoreId};
use savdo_domain::stock::{Label, LocationKind, Place};
use savdo_domain::{Money, Quantity};

use crate::columns::{coded, money, time};
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{locations, products, stock_batches};

coded_enum! {
    /// A column that a list of batches is sorted by.
    pub enum BatchColumn {
        /// The id.
        Id = "id",
        /// When it came.
        ReceivedAt = "received_at",
        /// Its last day; goods that keep come first.
        ExpiresOn = "expires_on",
        /// How much is left.
        QuantityLeft = "qty_left",
    }
}

/// Before every last day that goods have.
const KEEPS: Option<NaiveDate> = NaiveDate::from_ymd_opt(1, 1, 1);

impl SortColumn for BatchColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "stock_batches.id",
            Self::ReceivedAt => "stock_batches.received_at",
            Self::ExpiresOn => "coalesce(stock_batches.expires_on, '0001-01-01')",
            Self::QuantityLeft => "stock_batches.quantity_left",
        }
    }
}

/// Which batches are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchFilter {
    /// Of this product.
    pub product: Option<ProductId>,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// In this warehouse.
    pub warehouse: Option<LocationId>,
    /// With nothing left, or with something.
    pub is_empty: Option<bool>,
    /// Whose last day is before this one.
    pub expires_before: Option<NaiveDate>,
    /// Whose last day has passed, or has not.
    pub is_expired: Option<bool>,
    /// In quarantine, or not.
    pub is_blocked: Option<bool>,
    /// Of exactly this series.
    pub series: Option<String>,
    /// In this order; by time of receipt when empty.
    pub sort: Vec<SortBy<BatchColumn>>,
}

/// Goods that came together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchView {
    /// The batch.
    pub id: BatchId,
    /// Its store.
    pub store_id: StoreId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's name.
    pub product_name: String,
    /// The unit it is sold in.
    pub unit: Unit,
    /// Where it lies.
    pub place: Place,
    /// The name of the place.
    pub location_name: String,
    /// What one unit cost.
    pub unit_cost: Money,
    /// How much came.
    pub received: Quantity,
    /// How much is left.
    pub left: Quantity,
    /// What is said of it.
    pub label: Label,
    /// The movement that brought it.
    pub movement_id: MovementId,
    /// When it came; of one made of goods that came back elsewhere, when its origin came.
    pub received_at: DateTime<Utc>,
    /// The store's day on which it came to this place.
    pub came_on: NaiveDate,
}

/// A page of the store's batches; what has expired is told by `day`.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    day: NaiveDate,
    filter: &BatchFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<BatchView>, Error> {
    let wanted = wanted.whole(*filter == BatchFilter::default());
    macro_rules! filtered {
        () => {{
            let mut query = with_names()
                .filter(stock_batches::store_id.eq(store_id.get()))
                .into_boxed();
            query = at_places!(query, stock_batches::location_id, filter);
            if let Some(product) = filter.product {
                query = query.filter(stock_batches::product_id.eq(product.get()));
            }
            match filter.is_empty {
                Some(true) => query = query.filter(stock_batches::is_spent),
                Some(false) => query = query.filter(not(stock_batches::is_spent)),
                None => {}
            }
            if let Some(before) = filter.expires_before {
                query = query.filter(stock_batches::expires_on.lt(before));
            }
            match filter.is_expired {
                Some(true) => query = query.filter(stock_batches::expires_on.lt(day)),
                Some(false) => {
                    let keeps = stock_batches::expires_on.is_null();
                    query = query.filter(keeps.or(stock_batches::expires_on.ge(day).assume_not_null()));
                }
                None => {}
            }
            match filter.is_blocked {
                Some(true) => query = query.filter(stock_batches::is_blocked),
                Some(false) => query = query.filter(not(stock_batches::is_blocked)),
                None => {}
            }
            if let Some(series) = &filter.series {
                // Said again, for the index of the batches that have a series.
                query = query.filter(stock_batches::series.eq(series).and(stock_batches::series.ne("")));
            }
            query
        }};
    }
    let narrowed = (store_id, day, filter);
    let total = wanted.count(reader, "batches_count", narrowed, |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::ascending(BatchColumn::ReceivedAt), wanted);
    let rows: Vec<BatchListRow> = reader.statement("batches_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(columns())
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| row.key(column));
    listed.try_map_rows(|rows| rows.into_iter().map(|row| row.into_view(store_id)).collect())
}

/// One batch of the store.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId, id: BatchId) -> Result<Option<BatchView>, Error> {
    let row: Option<BatchListRow> = reader.statement("batch_find", |on| {
        with_names()
            .filter(stock_batches::store_id.eq(store_id.get()))
            .filter(stock_batches::id.eq(id.get()))
            .select(columns())
            .first(on)
            .optional()
    })?;
    row.map(|row| row.into_view(store_id)).transpose()
}

/// The store's batches of a maker's series, oldest first.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn of_series(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    series: &str,
    product: Option<ProductId>,
) -> Result<Vec<BatchView>, Error> {
    let rows: Vec<BatchListRow> = reader.statement("batches_of_series", |on| {
        let mut query = with_names()
            .filter(stock_batches::store_id.eq(store_id.get()))
            .filter(stock_batches::series.eq(series).and(stock_batches::series.ne("")))
            .order(stock_batches::id)
            .select(columns())
            .into_boxed();
        if let Some(product) = product {
            query = query.filter(stock_batches::product_id.eq(product.get()));
        }
        query.load(on)
    })?;
    rows.into_iter().map(|row| row.into_view(store_id)).collect()
}

/// Batches with product and place.
#[diesel::dsl::auto_type(no_type_alias)]
fn with_names() -> _ {
    stock_batches::table
        .inner_join(products::table)
        .inner_join(locations::table)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        stock_batches::id,
        (products::id, products::name, products::unit),
        (locations::id, locations::kind, locations::name),
        (
            stock_batches::unit_cost,
            stock_batches::quantity_received,
            stock_batches::quantity_left,
        ),
        (
            stock_batches::is_blocked,
            stock_batches::block_reason,
            stock_batches::series,
            stock_batches::expires_on,
        ),
        stock_batches::origin_movement_id,
        stock_batches::received_at,
        CameOn,
    )
}

fragments! {
    /// The day of the movement that brought it, which stays whatever zone the store is in.
    CameOn: Date = "(SELECT movement.day FROM stock_movements AS movement \
        WHERE movement.store_id = stock_batches.store_id AND movement.id = stock_batches.origin_movement_id)";
}

#[derive(Queryable)]
struct BatchListRow {
    id: i64,
    product: (i64, String, String),
    location: (i64, String, String),
    amounts: (i64, i64, i64),
    label: (bool, String, String, Option<NaiveDate>),
    movement_id: i64,
    received_at: NaiveDateTime,
    came_on: NaiveDate,
}

impl BatchListRow {
    fn key(&self, column: BatchColumn) -> Key {
        match column {
            BatchColumn::Id => Key::Number(self.id),
            BatchColumn::ReceivedAt => Key::Time(self.received_at),
            BatchColumn::ExpiresOn => Key::Day(self.label.3.or(KEEPS).unwrap_or_default()),
            BatchColumn::QuantityLeft => Key::Number(self.amounts.2),
        }
    }

    fn into_view(self, store_id: StoreId) -> Result<BatchView, Error> {
        let Self {
            id,
            product: (product_id, product_name, unit),
            location: (location_id, kind, location_name),
            amounts: (unit_cost, received, left),
            label: (is_blocked, block_reason, series, expires_on),
            movement_id,
            received_at,
            came_on,
        } = self;
        Ok(BatchView {
            id: BatchId::new(id),
            store_id,
            product_id: ProductId::new(product_id),
            product_name,
            unit: coded("products", product_id, &unit)?,
            place: Place {
                location_id: LocationId::new(location_id),
                kind: coded("locations", location_id, &kind)?,
            },
            location_name,
            unit_cost: money(unit_cost),
            received: Quantity::from_thousandths(received),
            left: Quantity::from_thousandths(left),
            label: Label {
                block: is_blocked.then_some(block_reason),
                series,
                expires_on,
            },
            movement_id: MovementId::new(movement_id),
            received_at: time(received_at),
            came_on,
        })
    }
}
