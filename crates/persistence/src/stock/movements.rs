//! Movements as the office reads them: what came to a place, what left it, and why.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{BatchId, LocationId, MovementId, ProductId, StoreId, WorkerId};
use savdo_domain::stock::{DocumentType, LocationKind, MovementReason, MovementType, Place};
use savdo_domain::{Money, Quantity};

use crate::among::Ids;
use crate::columns::{coded, time};
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{locations, products, stock_batches, stock_movement_parts, stock_movements, users, workers};
use crate::workers::full_name;

coded_enum! {
    /// A column that a list of movements is sorted by.
    pub enum MovementColumn {
        /// The id.
        Id = "id",
        /// When the goods moved.
        CreatedOn = "created_on",
    }
}

impl SortColumn for MovementColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "stock_movements.id",
            Self::CreatedOn => "stock_movements.created_at",
        }
    }
}

/// Which movements are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MovementFilter {
    /// Of this product.
    pub product: Option<ProductId>,
    /// At this branch.
    pub branch: Option<LocationId>,
    /// At this warehouse.
    pub warehouse: Option<LocationId>,
    /// This way.
    pub movement_type: Option<MovementType>,
    /// For this reason.
    pub reason: Option<MovementReason>,
    /// From or to this supplier.
    pub supplier: Option<i64>,
    /// By this worker.
    pub worker: Option<WorkerId>,
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
    /// In this order; newest first when empty.
    pub sort: Vec<SortBy<MovementColumn>>,
}

/// Goods of one product that came to a place or left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementView {
    /// The movement.
    pub id: MovementId,
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// The unit it is sold in.
    pub unit: Unit,
    /// Where the goods lie or lay.
    pub place: Place,
    /// The name of the place.
    pub location_name: String,
    /// Which way.
    pub movement_type: MovementType,
    /// Why.
    pub reason: MovementReason,
    /// How much, above zero.
    pub quantity: Quantity,
    /// What one unit is worth: the price that it came at, else the whole by the quantity, half to even.
    pub unit_cost: Money,
    /// What all of it is worth.
    pub total_cost: Money,
    /// From or to whom.
    pub supplier_id: Option<i64>,
    /// The worker who moved them; none for a buyer's order and for a job.
    pub worker_name: Option<String>,
    /// What document moved them.
    pub document_type: DocumentType,
    /// Which one; none where they were moved by hand.
    pub document_id: Option<i64>,
    /// The batch, where they are of one alone.
    pub batch_id: Option<BatchId>,
    /// A remark, possibly empty.
    pub description: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Movements with product, place and, where a worker of the store moved the goods, the worker.
#[diesel::dsl::auto_type(no_type_alias)]
fn with_names() -> _ {
    stock_movements::table
        .inner_join(products::table)
        .inner_join(locations::table)
        .left_join(
            workers::table.on(workers::store_id
                .eq(stock_movements::store_id.nullable())
                .and(workers::user_id.nullable().eq(stock_movements::actor_id))),
        )
        .left_join(users::table.on(users::id.eq(workers::user_id)))
}

diesel::alias!(workers as movers: Movers);

/// A page of the store's movements.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &MovementFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<MovementView>, Error> {
    let wanted = wanted.whole(*filter == MovementFilter::default());
    macro_rules! filtered {
        () => {{
            let mut query = with_names()
                .filter(stock_movements::store_id.eq(store_id.get()))
                .into_boxed();
            query = at_places!(query, stock_movements::location_id, filter);
            if let Some(product) = filter.product {
                query = query.filter(stock_movements::product_id.eq(product.get()));
            }
            match filter.movement_type {
                Some(MovementType::In) => query = query.filter(stock_movements::quantity.gt(0)),
                Some(MovementType::Out) => query = query.filter(stock_movements::quantity.lt(0)),
                None => {}
            }
            if let Some(reason) = filter.reason {
                query = query.filter(stock_movements::reason.eq(reason.code()));
            }
            if let Some(supplier) = filter.supplier {
                query = query.filter(stock_movements::supplier_id.eq(supplier));
            }
            if let Some(worker) = filter.worker {
                // By who he is, which an index knows, and not by the row that is joined on.
                let actor = movers
                    .filter(movers.field(workers::store_id).eq(store_id.get()))
                    .filter(movers.field(workers::id).eq(worker.get()))
                    .select(movers.field(workers::user_id).nullable())
                    .single_value();
                query = query.filter(stock_movements::actor_id.eq(actor));
            }
            if let Some(from) = filter.from {
                query = query.filter(stock_movements::created_at.ge(from.naive_utc()));
            }
            if let Some(before) = filter.before {
                query = query.filter(stock_movements::created_at.lt(before.naive_utc()));
            }
            query
        }};
    }
    let total = wanted.count(reader, "movements_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::descending(MovementColumn::CreatedOn), wanted);
    let rows: Vec<MovementRow> = reader.statement("movements_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(columns())
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| row.key(column));
    listed.try_map_rows(|rows| views(reader, store_id, rows))
}

/// These movements of the store, by id.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn movements(reader: &mut Reader<'_>, store_id: StoreId, ids: &[MovementId]) -> Result<Vec<MovementView>, Error> {
    let ids: Ids = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<MovementRow> = reader.statement("movements_find", |on| {
        on_each!(on, |c| with_names()
            .filter(stock_movements::store_id.eq(store_id.get()))
            .filter(ids.hold(stock_movements::id))
            .order(stock_movements::id)
            .select(columns())
            .load(c))
    })?;
    views(reader, store_id, rows)
}

/// The rows with the batches of their parts.
fn views(reader: &mut Reader<'_>, store_id: StoreId, rows: Vec<MovementRow>) -> Result<Vec<MovementView>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Ids = rows.iter().map(|row| row.id).collect();
    let mut batches: Vec<OfBatch> = reader.statement("movements_batches", |on| {
        on_each!(on, |c| stock_movement_parts::table
            .inner_join(stock_batches::table)
            .filter(stock_movement_parts::store_id.eq(store_id.get()))
            .filter(ids.hold(stock_movement_parts::movement_id))
            .order((stock_movement_parts::movement_id, stock_movement_parts::batch_id))
            .select((
                stock_movement_parts::movement_id,
                stock_movement_parts::batch_id,
                stock_batches::origin_movement_id,
                stock_batches::unit_cost,
            ))
            .load(c))
    })?;
    batches.dedup();
    let only_batch = |id: i64| {
        let from = batches.partition_point(|of_batch| of_batch.movement_id < id);
        let mut of_movement = batches
            .iter()
            .skip(from)
            .take_while(|of_batch| of_batch.movement_id == id);
        let only = of_movement.next()?;
        of_movement.next().is_none().then_some(only)
    };
    rows.into_iter()
        .map(|row| {
            let only = only_batch(row.id);
            row.into_view(only)
        })
        .collect()
}

/// A batch that goods of a movement are of.
#[derive(Queryable, PartialEq, Eq)]
struct OfBatch {
    movement_id: i64,
    batch_id: i64,
    origin_movement_id: i64,
    unit_cost: i64,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        stock_movements::id,
        (products::id, products::name, products::unit),
        (locations::id, locations::kind, locations::name),
        (stock_movements::quantity, stock_movements::value),
        (
            stock_movements::reason,
            stock_movements::document_type,
            stock_movements::document_id,
        ),
        stock_movements::supplier_id,
        (
            users::first_name.nullable(),
            users::last_name.nullable(),
            users::username.nullable(),
        ),
        stock_movements::description,
        stock_movements::created_at,
    )
}

#[derive(Queryable)]
struct MovementRow {
    id: i64,
    product: (i64, String, String),
    location: (i64, String, String),
    amounts: (i64, i64),
    cause: (String, String, Option<i64>),
    supplier_id: Option<i64>,
    worker: (Option<String>, Option<String>, Option<String>),
    description: String,
    created_at: NaiveDateTime,
}

impl MovementRow {
    fn key(&self, column: MovementColumn) -> Key {
        match column {
            MovementColumn::Id => Key::Number(self.id),
            MovementColumn::CreatedOn => Key::Time(self.created_at),
        }
    }

    fn into_view(self, only_batch: Option<&OfBatch>) -> Result<MovementView, Error> {
        const TABLE: &str = "stock_movements";
        let Self {
            id,
            product: (product_id, product_name, unit),
            location: (location_id, kind, location_name),
            amounts: (quantity, value),
            cause: (reason, document_type, document_id),
            supplier_id,
            worker: (first_name, last_name, username),
            description,
            created_at,
        } = self;
        let corrupt = || Error::Corrupt {
            table: TABLE,
            id,
            why: "its quantity is none".to_owned(),
        };
        let movement_type = MovementType::of(Quantity::from_thousandths(quantity)).ok_or_else(corrupt)?;
        let quantity = Quantity::from_thousandths(quantity.checked_abs().ok_or_else(corrupt)?);
        let total_cost = Money::from_tiyin(value.checked_abs().ok_or_else(corrupt)?);
        // A batch keeps the price it came at, which its value rounded to the tiyin does not always give back.
        let of_receipt = only_batch.filter(|of_batch| of_batch.origin_movement_id == id);
        let unit_cost = match of_receipt {
            Some(of_batch) => Money::from_tiyin(of_batch.unit_cost),
            None => total_cost.per(quantity).ok_or_else(corrupt)?,
        };
        let worker_name = first_name
            .zip(last_name)
            .map(|(first_name, last_name)| full_name(&first_name, &last_name, username.as_deref().unwrap_or_default()));
        Ok(MovementView {
            id: MovementId::new(id),
            product_id: ProductId::new(product_id),
            product_name,
            unit: coded("products", product_id, &unit)?,
            place: Place {
                location_id: LocationId::new(location_id),
                kind: coded("locations", location_id, &kind)?,
            },
            location_name,
            movement_type,
            reason: coded(TABLE, id, &reason)?,
            quantity,
            unit_cost,
            total_cost,
            supplier_id,
            worker_name,
            document_type: coded(TABLE, id, &document_type)?,
            document_id,
            batch_id: only_batch.map(|of_batch| BatchId::new(of_batch.batch_id)),
            description,
            created_at: time(created_at),
        })
    }
}
