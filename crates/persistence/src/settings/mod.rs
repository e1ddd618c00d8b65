//! The settings of a store: one row, all keys.

mod rows;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::StoreId;
use savdo_domain::settings::StoreSettings;

use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::store_settings;
use rows::SettingsRow;

/// The settings of a store; every store has them.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId) -> Result<StoreSettings, Error> {
    let row: SettingsRow = reader.statement("settings_find", |on| {
        store_settings::table.find(store_id.get()).first(on)
    })?;
    StoreSettings::try_from(row)
}

/// The settings of a store, locked until the transaction ends, so that two changes of different keys both count.
///
/// # Errors
/// As [`find`].
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId) -> Result<StoreSettings, Error> {
    let row: SettingsRow = tx.statement("settings_lock", |on| {
        let query = store_settings::table.find(store_id.get());
        match on {
            AnyConnection::Postgres(postgres) => query.for_update().first(postgres),
            AnyConnection::Sqlite(sqlite) => query.first(sqlite),
        }
    })?;
    StoreSettings::try_from(row)
}

/// The settings of a store, kept as they are until the end of the transaction: whoever changes them waits, and so does whoever
/// puts a branch aside. So the branch that serves online orders stays what it is.
///
/// # Errors
/// As [`find`].
pub fn hold(tx: &mut Tx<'_>, store_id: StoreId) -> Result<StoreSettings, Error> {
    let row: SettingsRow = tx.statement("settings_hold", |on| {
        let query = store_settings::table.find(store_id.get());
        match on {
            AnyConnection::Postgres(postgres) => query.for_share().first(postgres),
            AnyConnection::Sqlite(sqlite) => query.first(sqlite),
        }
    })?;
    StoreSettings::try_from(row)
}

/// Gives a new store its settings.
///
/// # Errors
/// A failed statement.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    settings: &StoreSettings,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    tx.statement("settings_insert", |on| {
        diesel::insert_into(store_settings::table)
            .values(SettingsRow::new(store_id, settings, at))
            .execute(on)
    })?;
    Ok(())
}

/// Replaces the settings of a store.
///
/// # Errors
/// A failed statement.
pub fn update(tx: &mut Tx<'_>, store_id: StoreId, settings: &StoreSettings, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("settings_update", |on| {
        diesel::update(store_settings::table.find(store_id.get()))
            .set(SettingsRow::new(store_id, settings, at))
            .execute(on)
    })?;
    Ok(())
}
