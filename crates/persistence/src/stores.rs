//! Stores: the tenants.
//!
//! With a store come its settings and the source of its sale numbers: a sequence on PostgreSQL, where a counter row would
//! queue all sellers until commit; a counter row on SQLite, which has one writer anyway.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::StoreStatus;
use savdo_domain::coded::Coded;
use savdo_domain::ids::StoreId;
use savdo_domain::settings::StoreSettings;
use savdo_domain::text;
use savdo_domain::zone::Zone;

use crate::connection::AnyConnection;
use crate::database::Tx;
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
