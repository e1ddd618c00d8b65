//! Places where stock lies: branches, which sell, and warehouses, which do not.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::order::OrderStatus;
use savdo_domain::stock::LocationKind;
use savdo_domain::text;

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, RowFilter, SortBy, SortColumn, Walk, Wanted, counted, in_statuses};
use crate::schema::{locations, orders, stock_levels};

const TABLE: &str = "locations";

coded_enum! {
    /// What places may be sorted by.
    pub enum LocationColumn {
        /// The id.
        Id = "id",
        /// The name, ignoring case.
        Name = "name",
        /// When it was made.
        CreatedOn = "created_on",
    }
}

impl SortColumn for LocationColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "locations.id",
            Self::Name => "locations.name_key",
            Self::CreatedOn => "locations.created_at",
        }
    }
}

/// A place about to be made.
#[derive(Debug, Clone)]
pub struct NewLocation {
    /// The store.
    pub store_id: StoreId,
    /// Branch or warehouse.
    pub kind: LocationKind,
    /// Its name, unique among the active places of its kind.
    pub name: String,
    /// Its address, possibly empty.
    pub address: String,
    /// Its phone as it is shown, possibly empty.
    pub phone: String,
    /// When it is made.
    pub created_at: DateTime<Utc>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationView {
    /// The place.
    pub id: LocationId,
    /// Branch or warehouse.
    pub kind: LocationKind,
    /// Its name.
    pub name: String,
    /// The key by which its name is compared and ordered.
    pub name_key: String,
    /// Its address, possibly empty.
    pub address: String,
    /// Its phone as it is shown, possibly empty.
    pub phone: String,
    /// Whether it is in use.
    pub status: RowStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Makes a place.
///
/// # Errors
/// [`Constraint::LocationNameTaken`](crate::Constraint); a failed statement.
pub fn insert(tx: &mut Tx<'_>, location: &NewLocation) -> Result<LocationId, Error> {
    let created_at = location.created_at.naive_utc();
    tx.statement("location_insert", |on| {
        diesel::insert_into(locations::table)
            .values((
                locations::store_id.eq(location.store_id.get()),
                locations::kind.eq(location.kind.code()),
                locations::name.eq(&location.name),
                locations::name_key.eq(text::name_key(&location.name)),
                locations::address.eq(&location.address),
                locations::phone.eq(&location.phone),
                locations::status.eq(RowStatus::Active.code()),
                locations::created_at.eq(created_at),
                locations::updated_at.eq(created_at),
                locations::search.eq(searched(location.kind, &location.name, &location.address)),
            ))
            .returning(locations::id)
            .get_result::<i64>(on)
    })
    .map(LocationId::new)
}

/// What a place is found by: a warehouse by its name alone.
fn searched(kind: LocationKind, name: &str, address: &str) -> String {
    match kind {
        LocationKind::Branch => text::search_text(&[name, address]),
        LocationKind::Warehouse => text::search_text(&[name]),
    }
}

type LocationRow = (i64, String, String, String, String, String, String, NaiveDateTime);

/// A page of the store's places of one kind.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    (store_id, kind): (StoreId, LocationKind),
    filter: &RowFilter<LocationColumn>,
    wanted: Wanted<'_>,
) -> Result<Listed<LocationView>, Error> {
    macro_rules! filtered {
        () => {{
            let mut query = locations::table
                .filter(locations::store_id.eq(store_id.get()))
                .filter(locations::kind.eq(kind.code()))
                .into_boxed();
            query = in_statuses!(query, locations::status, filter.statuses);
            for pattern in filter.search.patterns() {
                query = query.filter(locations::search.like(pattern).escape('\\'));
            }
            query
        }};
    }
    let total = wanted.count(reader, "locations_count", (store_id, kind, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::ascending(LocationColumn::Name), wanted);
    let rows: Vec<LocationRow> = reader.statement("locations_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(COLUMNS)
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| match column {
        LocationColumn::Id => Key::Number(row.0),
        LocationColumn::Name => Key::Text(row.3.clone()),
        LocationColumn::CreatedOn => Key::Time(row.7),
    });
    listed.try_map_rows(|rows| rows.into_iter().map(view).collect())
}

/// The store's places of one kind that are in use, by name. A store has few.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn active(reader: &mut Reader<'_>, store_id: StoreId, kind: LocationKind) -> Result<Vec<LocationView>, Error> {
    let rows: Vec<LocationRow> = reader.statement("locations_active", |on| {
        locations::table
            .filter(locations::store_id.eq(store_id.get()))
            .filter(locations::kind.eq(kind.code()))
            .filter(locations::status.eq(RowStatus::Active.code()))
            .order((locations::name_key, locations::id))
            .select(COLUMNS)
            .load(on)
    })?;
    rows.into_iter().map(view).collect()
}

/// How many places of one kind a store has in use.
///
/// # Errors
/// A failed statement.
pub fn count_active(reader: &mut Reader<'_>, store_id: StoreId, kind: LocationKind) -> Result<i64, Error> {
    reader.statement("locations_count_active", |on| {
        locations::table
            .filter(locations::store_id.eq(store_id.get()))
            .filter(locations::kind.eq(kind.code()))
            .filter(locations::status.eq(RowStatus::Active.code()))
            .count()
            .get_result(on)
    })
}

/// One place of a store, whatever its kind and status.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId, id: LocationId) -> Result<Option<LocationView>, Error> {
    let row: Option<LocationRow> = reader.statement("location_find", |on| {
        locations::table
            .filter(locations::store_id.eq(store_id.get()))
            .filter(locations::id.eq(id.get()))
            .select(COLUMNS)
            .first(on)
            .optional()
    })?;
    row.map(view).transpose()
}

/// Reads a place that is about to be changed and locks its row: whoever holds it, or sells and receives there, is waited for.
/// What lies and waits there is read in later statements.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: LocationId) -> Result<Option<LocationView>, Error> {
    let row: Option<LocationRow> = tx.statement("location_lock", |on| {
        macro_rules! query {
            () => {
                locations::table
                    .filter(locations::store_id.eq(store_id.get()))
                    .filter(locations::id.eq(id.get()))
                    .select(COLUMNS)
            };
        }
        match on {
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(on) => query!().first(on).optional(),
            AnyConnection::Postgres(on) => query!().for_no_key_update().first(on).optional(),
        }
    })?;
    row.map(view).transpose()
}

/// Writes all that is said of a place locked before.
///
/// # Errors
/// As [`insert`].
pub fn update(tx: &mut Tx<'_>, store_id: StoreId, location: &LocationView, at: DateTime<Utc>) -> Result<(), Error> {
    let LocationView {
        id,
        kind,
        name,
        name_key: _,
        address,
        phone,
        status,
        created_at: _,
    } = location;
    tx.statement("location_update", |on| {
        diesel::update(locations::table)
            .filter(locations::store_id.eq(store_id.get()))
            .filter(locations::id.eq(id.get()))
            .set((
                locations::name.eq(name),
                locations::name_key.eq(text::name_key(name)),
                locations::address.eq(address),
                locations::phone.eq(phone),
                locations::status.eq(status.code()),
                locations::search.eq(searched(*kind, name, address)),
                locations::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Whether anything lies at a place.
///
/// # Errors
/// A failed statement.
pub fn has_stock(reader: &mut Reader<'_>, store_id: StoreId, id: LocationId) -> Result<bool, Error> {
    reader.statement("location_has_stock", |on| {
        diesel::select(diesel::dsl::exists(
            stock_levels::table
                .filter(stock_levels::store_id.eq(store_id.get()))
                .filter(stock_levels::location_id.eq(id.get()))
                .filter(stock_levels::on_hand.gt(0)),
        ))
        .get_result(on)
    })
}

/// Whether an unfinished online order is served from a place.
///
/// # Errors
/// A failed statement.
pub fn has_open_order(reader: &mut Reader<'_>, store_id: StoreId, id: LocationId) -> Result<bool, Error> {
    let open = OrderStatus::ALL.iter().filter(|status| !status.is_end());
    let open: Vec<_> = open.map(|status| status.code()).collect();
    reader.statement("location_has_open_order", |on| {
        diesel::select(diesel::dsl::exists(
            orders::table
                .filter(orders::store_id.eq(store_id.get()))
                .filter(orders::status.eq_any(open))
                .filter(orders::location_id.eq(id.get())),
        ))
        .get_result(on)
    })
}

const COLUMNS: (
    locations::id,
    locations::kind,
    locations::name,
    locations::name_key,
    locations::address,
    locations::phone,
    locations::status,
    locations::created_at,
) = (
    locations::id,
    locations::kind,
    locations::name,
    locations::name_key,
    locations::address,
    locations::phone,
    locations::status,
    locations::created_at,
);

fn view((id, kind, name, name_key, address, phone, status, created_at): LocationRow) -> Result<LocationView, Error> {
    Ok(LocationView {
        id: LocationId::new(id),
        kind: columns::coded(TABLE, id, &kind)?,
        name,
        name_key,
        address,
        phone,
        status: columns::coded(TABLE, id, &status)?,
        created_at: columns::time(created_at),
    })
}
