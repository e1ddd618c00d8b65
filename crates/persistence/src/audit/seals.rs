//! The seals of the audit log: for each store, and for what no store sees, a chain over ranges of entries.
//!
//! A seal covers the entries of its store between the last one and its own `last_id`. Numbers are not the order of commits: entries
//! are sealed up to a [`Horizon`] below which none can appear any more. Which bytes are hashed is decided above.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use savdo_domain::access::AuditScope;
use savdo_domain::ids::StoreId;

use super::read::{AuditEntryRow, AuditEntryView, within};
use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{audit_entries, audit_seals};

/// An entry's number, and what must be over before no lower one can appear.
///
/// Each transaction that writes an entry has its id before the entry has its number (the statement sees to that), so whatever got a
/// lower number than the highest one visible had begun when that was seen. Once all of those are over, the numbers are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// The highest entry that was seen.
    pub last_id: i64,
    /// The first transaction that had not begun then; 0 on SQLite, whose one writer makes numbers final at once.
    before_transaction: i64,
}

/// A seal as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealView {
    /// The seal.
    pub id: i64,
    /// Whose chain it belongs to.
    pub store_id: Option<StoreId>,
    /// The first entry that it covers.
    pub first_id: i64,
    /// The last one.
    pub last_id: i64,
    /// How many there are.
    pub row_count: i64,
    /// The hash of the seal before it; zeros for the first.
    pub previous_hash: String,
    /// Its own.
    pub hash: String,
    /// Entry by entry, a short hash by which a difference is found.
    pub digests: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_seals)]
struct SealRow {
    id: i64,
    store_id: Option<i64>,
    first_id: i64,
    last_id: i64,
    row_count: i64,
    previous_hash: String,
    hash: String,
    digests: String,
    created_at: NaiveDateTime,
}

#[derive(QueryableByName)]
struct HorizonRow {
    #[diesel(sql_type = BigInt)]
    last_id: i64,
    #[diesel(sql_type = BigInt)]
    before_transaction: i64,
}

#[derive(QueryableByName)]
struct SettledRow {
    #[diesel(sql_type = Bool)]
    is_settled: bool,
}

/// How far the log goes now; of all stores, for the worker.
///
/// # Errors
/// A failed statement.
pub fn horizon_unscoped(reader: &mut Reader<'_>) -> Result<Horizon, Error> {
    const LAST: &str = "SELECT coalesce((SELECT max(id) FROM audit_entries), 0) AS last_id";
    let row = reader.statement("audit_horizon", |on| match on {
        AnyConnection::Postgres(postgres) => diesel::sql_query(format!(
            "{LAST}, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS before_transaction"
        ))
        .get_result::<HorizonRow>(postgres),
        AnyConnection::Sqlite(sqlite) => {
            diesel::sql_query(format!("{LAST}, 0 AS before_transaction")).get_result::<HorizonRow>(sqlite)
        }
    })?;
    Ok(Horizon {
        last_id: row.last_id,
        before_transaction: row.before_transaction,
    })
}

/// Whether all that had begun when the horizon was seen is over.
///
/// # Errors
/// A failed statement.
pub fn is_settled(reader: &mut Reader<'_>, horizon: Horizon) -> Result<bool, Error> {
    reader.statement("audit_is_settled", |on| match on {
        AnyConnection::Postgres(postgres) => {
            diesel::sql_query("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= $1 AS is_settled")
                .bind::<BigInt, _>(horizon.before_transaction)
                .get_result::<SettledRow>(postgres)
                .map(|row| row.is_settled)
        }
        AnyConnection::Sqlite(_) => Ok(true),
    })
}

/// Lets one transaction at a time make seals: whoever waited sees what the others sealed.
///
/// # Errors
/// A failed statement.
pub fn lock_seals(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.statement("seal_lock", |on| match on {
        AnyConnection::Postgres(postgres) => {
            postgres.batch_execute("LOCK TABLE audit_seals IN SHARE ROW EXCLUSIVE MODE")
        }
        // SQLite's one writer is the lock.
        AnyConnection::Sqlite(_) => Ok(()),
    })
}

/// The last entry that is sealed; every one before it is.
///
/// # Errors
/// A failed statement.
pub fn last_sealed_unscoped(reader: &mut Reader<'_>) -> Result<i64, Error> {
    let last: Option<i64> = reader.statement("seal_last", |on| {
        audit_seals::table
            .select(audit_seals::last_id)
            .order(audit_seals::last_id.desc())
            .first(on)
            .optional()
    })?;
    Ok(last.unwrap_or_default())
}

/// At most `count` entries of all stores after one, up to another, in the order of their numbers.
///
/// # Errors
/// A failed statement.
pub fn entries_unscoped(
    reader: &mut Reader<'_>,
    (after, up_to): (i64, i64),
    count: i64,
) -> Result<Vec<AuditEntryView>, Error> {
    let rows: Vec<AuditEntryRow> = reader.statement("seal_entries", |on| {
        audit_entries::table
            .filter(audit_entries::id.gt(after))
            .filter(audit_entries::id.le(up_to))
            .order(audit_entries::id)
            .limit(count)
            .select(AuditEntryRow::as_select())
            .load(on)
    })?;
    Ok(rows.into_iter().map(AuditEntryView::from).collect())
}

/// The hash of the last seal of a chain.
///
/// # Errors
/// A failed statement.
pub fn latest_hash(reader: &mut Reader<'_>, store_id: Option<StoreId>) -> Result<Option<String>, Error> {
    reader.statement("seal_latest", |on| {
        seals_of(store_id)
            .order(audit_seals::last_id.desc())
            .select(audit_seals::hash)
            .first(on)
            .optional()
    })
}

/// Appends a seal; its number is the database's.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, seal: &SealView) -> Result<(), Error> {
    tx.statement("seal_insert", |on| {
        diesel::insert_into(audit_seals::table)
            .values((
                audit_seals::store_id.eq(seal.store_id.map(StoreId::get)),
                audit_seals::first_id.eq(seal.first_id),
                audit_seals::last_id.eq(seal.last_id),
                audit_seals::row_count.eq(seal.row_count),
                audit_seals::previous_hash.eq(&seal.previous_hash),
                audit_seals::hash.eq(&seal.hash),
                audit_seals::digests.eq(&seal.digests),
                audit_seals::created_at.eq(seal.created_at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// The chains that exist or ought to: of each store with entries, and of what no store sees.
///
/// # Errors
/// A failed statement.
pub fn chains_unscoped(reader: &mut Reader<'_>) -> Result<Vec<Option<StoreId>>, Error> {
    let of_entries: Vec<Option<i64>> = reader.statement("seal_chains", |on| {
        audit_entries::table.select(audit_entries::store_id).distinct().load(on)
    })?;
    let of_seals: Vec<Option<i64>> = reader.statement("seal_chains", |on| {
        audit_seals::table.select(audit_seals::store_id).distinct().load(on)
    })?;
    let mut chains: Vec<Option<i64>> = of_entries.into_iter().chain(of_seals).collect();
    chains.sort_unstable();
    chains.dedup();
    Ok(chains.into_iter().map(|store| store.map(StoreId::new)).collect())
}

/// The next seals of a chain, at most `count`, in the order of the log.
///
/// # Errors
/// A failed statement.
pub fn chain(
    reader: &mut Reader<'_>,
    store_id: Option<StoreId>,
    after: i64,
    count: i64,
) -> Result<Vec<SealView>, Error> {
    let rows: Vec<SealRow> = reader.statement("seal_chain", |on| {
        seals_of(store_id)
            .filter(audit_seals::id.gt(after))
            .order(audit_seals::id)
            .limit(count)
            .select(SealRow::as_select())
            .load(on)
    })?;
    Ok(rows.into_iter().map(SealView::from).collect())
}

/// The entries of a chain after one, up to another.
///
/// # Errors
/// A failed statement.
pub fn covered(
    reader: &mut Reader<'_>,
    store_id: Option<StoreId>,
    (after, up_to): (i64, i64),
) -> Result<Vec<AuditEntryView>, Error> {
    let rows: Vec<AuditEntryRow> = reader.statement("seal_covered", |on| {
        within(store_id.map_or(AuditScope::Installation, AuditScope::Store))
            .filter(audit_entries::id.gt(after))
            .filter(audit_entries::id.le(up_to))
            .order(audit_entries::id)
            .select(AuditEntryRow::as_select())
            .load(on)
    })?;
    Ok(rows.into_iter().map(AuditEntryView::from).collect())
}

fn seals_of(store_id: Option<StoreId>) -> audit_seals::BoxedQuery<'static, <AnyConnection as Connection>::Backend> {
    let seals = audit_seals::table.into_boxed();
    match store_id {
        Some(store_id) => seals.filter(audit_seals::store_id.eq(store_id.get())),
        None => seals.filter(audit_seals::store_id.is_null()),
    }
}

impl From<SealRow> for SealView {
    fn from(row: SealRow) -> Self {
        let SealRow {
            id,
            store_id,
            first_id,
            last_id,
            row_count,
            previous_hash,
            hash,
            digests,
            created_at,
        } = row;
        Self {
            id,
            store_id: store_id.map(StoreId::new),
            first_id,
            last_id,
            row_count,
            previous_hash,
            hash,
            digests,
            created_at: columns::time(created_at),
        }
    }
}
