//! Makes, changes and takes away substances.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{StoreId, SubstanceId};
use savdo_domain::text;

use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::substances;

/// What can be said and changed of a substance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substance {
    /// Its name, unique in the store.
    pub name: String,
    /// What it is, possibly nothing.
    pub description: String,
}

/// Every column that follows from a [`Substance`].
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = substances)]
struct SubstanceColumns<'a> {
    name: &'a str,
    name_key: String,
    search: String,
    description: &'a str,
}

impl<'a> From<&'a Substance> for SubstanceColumns<'a> {
    fn from(substance: &'a Substance) -> Self {
        let Substance { name, description } = substance;
        Self {
            name,
            name_key: text::name_key(name),
            search: text::search_text(&[name]),
            description,
        }
    }
}

/// Makes a substance.
///
/// # Errors
/// [`Constraint::SubstanceNameTaken`](crate::Constraint::SubstanceNameTaken), a failed statement.
pub fn insert(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    substance: &Substance,
    created_at: DateTime<Utc>,
) -> Result<SubstanceId, Error> {
    tx.statement("substance_insert", |on| {
        diesel::insert_into(substances::table)
            .values((
                substances::store_id.eq(store_id.get()),
                substances::created_at.eq(created_at.naive_utc()),
                SubstanceColumns::from(substance),
            ))
            .returning(substances::id)
            .get_result::<i64>(on)
    })
    .map(SubstanceId::new)
}

/// Reads a substance that is about to be changed or taken away, and locks its row: whoever gives it to a product waits.
///
/// # Errors
/// A failed statement.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: SubstanceId) -> Result<Option<Substance>, Error> {
    let row: Option<(String, String)> = tx.statement("substance_lock", |on| {
        macro_rules! query {
            () => {
                substances::table
                    .filter(substances::store_id.eq(store_id.get()))
                    .filter(substances::id.eq(id.get()))
                    .select((substances::name, substances::description))
            };
        }
        match on {
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(on) => query!().first(on).optional(),
            AnyConnection::Postgres(on) => query!().for_update().first(on).optional(),
        }
    })?;
    Ok(row.map(|(name, description)| Substance { name, description }))
}

/// Writes a substance locked before.
///
/// # Errors
/// As [`insert`].
pub fn update(tx: &mut Tx<'_>, store_id: StoreId, id: SubstanceId, substance: &Substance) -> Result<(), Error> {
    tx.statement("substance_update", |on| {
        diesel::update(substances::table)
            .filter(substances::store_id.eq(store_id.get()))
            .filter(substances::id.eq(id.get()))
            .set(SubstanceColumns::from(substance))
            .execute(on)
    })?;
    Ok(())
}

/// Takes away a substance locked before, which no product has.
///
/// # Errors
/// A failed statement.
pub fn delete(tx: &mut Tx<'_>, store_id: StoreId, id: SubstanceId) -> Result<(), Error> {
    tx.statement("substance_delete", |on| {
        diesel::delete(
            substances::table
                .filter(substances::store_id.eq(store_id.get()))
                .filter(substances::id.eq(id.get())),
        )
        .execute(on)
    })?;
    Ok(())
}
