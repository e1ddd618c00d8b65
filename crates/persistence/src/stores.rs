//! Stores: the tenants.
//!
//! With a store come its settings and the source of its sale numbers: a sequence on PostgreSQL, where a counter row would
//! queue all sellers until commit; a counter row on SQLite, which has one writer anyway.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::StoreStatus;
use savdo_domain::coded::Coded;
use savdo_domain::ids::StoreId;
use savdo_domain::settings::StoreSettings;
use savdo_domain::text;
use savdo_domain::zone::Zone;

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{store_counters, stores};
use crate::settings;

/// The name of the counter row that holds the next sale number on SQLite.
pub const SALE_NUMBER: &str = "sale_number";

/// A store about to be made.
#[derive(Debug, Clone)]
pub struct NewStore {
    /// Its name; names need not be unique.
    pub name: String,
    /// Its address, possibly empty.
    pub address: String,
    /// Its phone as it is shown, possibly empty.
    pub phone: String,
    /// Its time zone.
    pub zone: Zone,
    /// When it is made.
    pub created_at: DateTime<Utc>,
}

/// A store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreView {
    /// The store.
    pub id: StoreId,
    /// Its name.
    pub name: String,
    /// Its address, possibly empty.
    pub address: String,
    /// Its phone as it is shown, possibly empty.
    pub phone: String,
    /// Whether it is open for work.
    pub status: StoreStatus,
    /// Its time zone.
    pub zone: Zone,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Makes a store with default settings, and its sale numbers, which begin at 1.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, store: &NewStore) -> Result<StoreId, Error> {
    let created_at = store.created_at.naive_utc();
    let id: i64 = tx.statement("store_insert", |on| {
        diesel::insert_into(stores::table)
            .values((
                stores::name.eq(&store.name),
                stores::name_key.eq(text::name_key(&store.name)),
                stores::address.eq(&store.address),
                stores::phone.eq(&store.phone),
                stores::status.eq(StoreStatus::Active.code()),
                stores::timezone.eq(store.zone.name()),
                stores::created_at.eq(created_at),
                stores::updated_at.eq(created_at),
            ))
            .returning(stores::id)
            .get_result(on)
    })?;
    let id = StoreId::new(id);
    settings::insert(tx, id, &StoreSettings::default(), store.created_at)?;
    begin_sale_numbers(tx, id)?;
    Ok(id)
}

type StoreRow = (i64, String, String, String, String, String, NaiveDateTime);

const COLUMNS: (
    stores::id,
    stores::name,
    stores::address,
    stores::phone,
    stores::status,
    stores::timezone,
    stores::created_at,
) = (
    stores::id,
    stores::name,
    stores::address,
    stores::phone,
    stores::status,
    stores::timezone,
    stores::created_at,
);

/// One store.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(reader: &mut Reader<'_>, id: StoreId) -> Result<StoreView, Error> {
    let row: StoreRow = reader.statement("store_find", |on| {
        stores::table.find(id.get()).select(COLUMNS).first(on)
    })?;
    view(row)
}

/// Whether there is such a store.
///
/// # Errors
/// A failed statement.
pub fn exists(reader: &mut Reader<'_>, id: StoreId) -> Result<bool, Error> {
    reader.statement("store_exists", |on| {
        diesel::select(diesel::dsl::exists(stores::table.find(id.get()))).get_result(on)
    })
}

/// Reads a store that is about to be changed and locks its row; its workers go on meanwhile.
///
/// # Errors
/// As [`find`].
pub fn lock(tx: &mut Tx<'_>, id: StoreId) -> Result<StoreView, Error> {
    let row: StoreRow = tx.statement("store_lock", |on| {
        let query = stores::table.find(id.get()).select(COLUMNS);
        match on {
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(sqlite) => query.first(sqlite),
            AnyConnection::Postgres(postgres) => query.for_no_key_update().first(postgres),
        }
    })?;
    view(row)
}

/// Writes all that is said of a store locked before.
///
/// # Errors
/// A failed statement.
pub fn update(tx: &mut Tx<'_>, store: &StoreView, at: DateTime<Utc>) -> Result<(), Error> {
    let StoreView {
        id,
        name,
        address,
        phone,
        status,
        zone,
        created_at: _,
    } = store;
    tx.statement("store_update", |on| {
        diesel::update(stores::table.find(id.get()))
            .set((
                stores::name.eq(name),
                stores::name_key.eq(text::name_key(name)),
                stores::address.eq(address),
                stores::phone.eq(phone),
                stores::status.eq(status.code()),
                stores::timezone.eq(zone.name()),
                stores::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

fn view((id, name, address, phone, status, timezone, created_at): StoreRow) -> Result<StoreView, Error> {
    Ok(StoreView {
        id: StoreId::new(id),
        name,
        address,
        phone,
        status: columns::coded("stores", id, &status)?,
        zone: columns::zone(id, &timezone)?,
        created_at: columns::time(created_at),
    })
}

/// The sequence that gives a store its sale numbers on PostgreSQL.
pub(crate) fn sale_number_sequence(id: StoreId) -> String {
    format!("{SALE_NUMBER}_{id}")
}

fn begin_sale_numbers(tx: &mut Tx<'_>, id: StoreId) -> Result<(), Error> {
    tx.statement("store_begin_sale_numbers", |on| match on {
        AnyConnection::Postgres(postgres) => {
            diesel::sql_query(format!("CREATE SEQUENCE {}", sale_number_sequence(id))).execute(postgres)
        }
        AnyConnection::Sqlite(sqlite) => diesel::insert_into(store_counters::table)
            .values((
                store_counters::store_id.eq(id.get()),
                store_counters::name.eq(SALE_NUMBER),
                store_counters::next.eq(1),
            ))
            .execute(sqlite),
    })?;
    Ok(())
}
