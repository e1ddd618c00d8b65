//! Devices that can be told of news. Each belongs to one person; who signs in at it takes it over.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::account::Platform;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{DeviceId, UserId};

use crate::columns;
use crate::connection::on_each;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::devices;

/// A device about to be known.
#[derive(Clone)]
pub struct NewDevice {
    /// Whose it is.
    pub user_id: UserId,
    /// The token by which its maker reaches it.
    pub token: String,
    /// The hash of that.
    pub token_hash: String,
    /// What runs on it.
    pub platform: Platform,
    /// When it was made known.
    pub at: DateTime<Utc>,
}

/// A device of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceView {
    /// The device.
    pub id: DeviceId,
    /// What runs on it.
    pub platform: Platform,
    /// When it was last made known.
    pub updated_at: DateTime<Utc>,
}

/// Makes a device known, or takes over the one of this token, whoever had it.
///
/// # Errors
/// A failed statement.
pub fn take(tx: &mut Tx<'_>, device: &NewDevice) -> Result<DeviceId, Error> {
    let (user_id, platform, at) = (device.user_id.get(), device.platform.code(), device.at.naive_utc());
    tx.statement("device_take", |on| {
        on_each!(on, |c| diesel::insert_into(devices::table)
            .values((
                devices::user_id.eq(user_id),
                devices::token.eq(&device.token),
                devices::token_hash.eq(&device.token_hash),
                devices::platform.eq(platform),
                devices::updated_at.eq(at),
            ))
            .on_conflict(devices::token_hash)
            .do_update()
            .set((
                devices::user_id.eq(user_id),
                devices::platform.eq(platform),
                devices::updated_at.eq(at),
            ))
            .returning(devices::id)
            .get_result::<i64>(c))
    })
    .map(DeviceId::new)
}

/// Forgets a device of this user; `false` when he has none of this number.
///
/// # Errors
/// A failed statement.
pub fn forget(tx: &mut Tx<'_>, user_id: UserId, id: DeviceId) -> Result<bool, Error> {
    let forgotten = tx.statement("device_forget", |on| {
        let own = devices::table.find(id.get()).filter(devices::user_id.eq(user_id.get()));
        diesel::delete(own).execute(on)
    })?;
    Ok(forgotten == 1)
}

/// All devices of a user, in the order in which they came.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn of_user(reader: &mut Reader<'_>, user_id: UserId) -> Result<Vec<DeviceView>, Error> {
    let rows: Vec<(i64, String, chrono::NaiveDateTime)> = reader.statement("device_of_user", |on| {
        devices::table
            .filter(devices::user_id.eq(user_id.get()))
            .order(devices::id)
            .select((devices::id, devices::platform, devices::updated_at))
            .load(on)
    })?;
    let view = |(id, platform, updated_at): (i64, String, chrono::NaiveDateTime)| {
        Ok(DeviceView {
            id: DeviceId::new(id),
            platform: columns::coded("devices", id, &platform)?,
            updated_at: columns::time(updated_at),
        })
    };
    rows.into_iter().map(view).collect()
}
