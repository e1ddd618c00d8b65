//! Desks at providers of payments, as the database knows them: whose they are, their ids, and their secrets under seal.
//!
//! They are the scope of whoever calls as a provider, so they are read whole, of all stores. Deliberately absent: opening a seal.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{PaymentDeskId, StoreId};
use savdo_domain::payment::Provider;
use savdo_domain::payment::desk::Environment;

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::payment_desks;

const TABLE: &str = "payment_desks";

/// A desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentDeskView {
    /// The desk.
    pub id: PaymentDeskId,
    /// Whose orders it serves; none for those of every store without a desk of its own.
    pub store_id: Option<StoreId>,
    /// Whose desk it is.
    pub provider: Provider,
    /// With which of the provider's worlds it deals.
    pub environment: Environment,
    /// What the provider calls it.
    pub desk: String,
    /// Its other ids, as JSON.
    pub settings: String,
    /// The live secret under seal.
    pub sealed_secret: String,
    /// The one before it, while it is taken too.
    pub sealed_previous_secret: Option<String>,
    /// Whether it is switched on.
    pub is_active: bool,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A desk about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPaymentDesk {
    /// Whose orders it serves; none for those of every store without a desk of its own.
    pub store_id: Option<StoreId>,
    /// Whose desk it is.
    pub provider: Provider,
    /// With which of the provider's worlds it deals.
    pub environment: Environment,
    /// What the provider calls it.
    pub desk: String,
    /// Its other ids, as JSON.
    pub settings: String,
    /// The secret under seal.
    pub sealed_secret: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = payment_desks)]
struct PaymentDeskRow {
    id: i64,
    store_id: Option<i64>,
    provider: String,
    environment: String,
    desk: String,
    settings: String,
    sealed_secret: String,
    sealed_previous_secret: Option<String>,
    is_active: bool,
    updated_at: NaiveDateTime,
}

/// All desks of the installation, in the order in which they were made: a call proves by its secret of which it is.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn all_unscoped(reader: &mut Reader<'_>) -> Result<Vec<PaymentDeskView>, Error> {
    let rows: Vec<PaymentDeskRow> = reader.statement("payment_desks", |on| {
        payment_desks::table
            .order(payment_desks::id)
            .select(PaymentDeskRow::as_select())
            .load(on)
    })?;
    rows.into_iter().map(view).collect()
}

/// Lets one transaction at a time change desks: what it compares with the others stays so. Calls are judged meanwhile.
///
/// # Errors
/// A failed statement.
pub fn lock_all_unscoped(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.statement("payment_desks_lock", |on| match on {
        AnyConnection::Postgres(postgres) => {
            postgres.batch_execute("LOCK TABLE payment_desks IN SHARE ROW EXCLUSIVE MODE")
        }
        // SQLite's one writer is the lock.
        AnyConnection::Sqlite(_) => Ok(()),
    })
}

/// Makes a desk, switched on.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, new: &NewPaymentDesk, at: DateTime<Utc>) -> Result<PaymentDeskId, Error> {
    tx.statement("payment_desk_insert", |on| {
        diesel::insert_into(payment_desks::table)
            .values((
                payment_desks::store_id.eq(new.store_id.map(StoreId::get)),
                payment_desks::provider.eq(new.provider.code()),
                payment_desks::environment.eq(new.environment.code()),
                payment_desks::desk.eq(&new.desk),
                payment_desks::settings.eq(&new.settings),
                payment_desks::sealed_secret.eq(&new.sealed_secret),
                payment_desks::is_active.eq(true),
                payment_desks::updated_at.eq(at.naive_utc()),
            ))
            .returning(payment_desks::id)
            .get_result::<i64>(on)
    })
    .map(PaymentDeskId::new)
}

/// Writes the secrets of a desk: the live one, and the one before it while that is taken too.
///
/// # Errors
/// A failed statement.
pub fn keep_secrets(
    tx: &mut Tx<'_>,
    id: PaymentDeskId,
    (live, previous): (&str, Option<&str>),
    at: DateTime<Utc>,
) -> Result<(), Error> {
    tx.statement("payment_desk_secrets", |on| {
        diesel::update(payment_desks::table.filter(payment_desks::id.eq(id.get())))
            .set((
                payment_desks::sealed_secret.eq(live),
                payment_desks::sealed_previous_secret.eq(previous),
                payment_desks::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Switches a desk on or off.
///
/// # Errors
/// A failed statement.
pub fn switch(tx: &mut Tx<'_>, id: PaymentDeskId, is_active: bool, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("payment_desk_switch", |on| {
        diesel::update(payment_desks::table.filter(payment_desks::id.eq(id.get())))
            .set((
                payment_desks::is_active.eq(is_active),
                payment_desks::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Takes a desk away with its secrets.
///
/// # Errors
/// A failed statement.
pub fn delete(tx: &mut Tx<'_>, id: PaymentDeskId) -> Result<(), Error> {
    tx.statement("payment_desk_delete", |on| {
        diesel::delete(payment_desks::table.filter(payment_desks::id.eq(id.get()))).execute(on)
    })?;
    Ok(())
}

fn view(row: PaymentDeskRow) -> Result<PaymentDeskView, Error> {
    let PaymentDeskRow {
        id,
        store_id,
        provider,
        environment,
        desk,
        settings,
        sealed_secret,
        sealed_previous_secret,
        is_active,
        updated_at,
    } = row;
    Ok(PaymentDeskView {
        id: PaymentDeskId::new(id),
        store_id: store_id.map(StoreId::new),
        provider: columns::coded(TABLE, id, &provider)?,
        environment: columns::coded(TABLE, id, &environment)?,
        desk,
        settings,
        sealed_secret,
        sealed_previous_secret,
        is_active,
        updated_at: columns::time(updated_at),
    })
}
