//! Places where stock lies: branches, which sell, and warehouses, which do not.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::stock::LocationKind;
use savdo_domain::text;

use crate::columns;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::locations;

const TABLE: &str = "locations";

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
            ))
            .returning(locations::id)
            .get_result::<i64>(on)
    })
    .map(LocationId::new)
}

type LocationRow = (i64, String, String, String, String, String, String, NaiveDateTime);

/// All places of one kind in a store, in the order in which they were made. A store has few.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn of_kind(reader: &mut Reader<'_>, store_id: StoreId, kind: LocationKind) -> Result<Vec<LocationView>, Error> {
    let rows: Vec<LocationRow> = reader.statement("locations_of_kind", |on| {
        locations::table
            .filter(locations::store_id.eq(store_id.get()))
            .filter(locations::kind.eq(kind.code()))
            .order(locations::id)
            .select(COLUMNS)
            .load(on)
    })?;
    rows.into_iter().map(view).collect()
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
