//! Workers: a user's one place of work, for good.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::{Role, SectionChanges, WorkerStatus, format_sections, parse_sections};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, StoreId, UserId, WorkerId};

use crate::columns;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{locations, stores, users, workers};

const TABLE: &str = "workers";

/// A worker about to begin.
#[derive(Debug, Clone)]
pub struct NewWorker {
    /// The store; none for an owner who has not made his yet.
    pub store_id: Option<StoreId>,
    /// The account.
    pub user_id: UserId,
    /// The role.
    pub role: Role,
    /// His own changes to the sections of his role.
    pub changes: SectionChanges,
    /// The branch he sells in unless told otherwise.
    pub branch_id: Option<LocationId>,
    /// What he earns, if that is written down.
    pub salary: Option<Money>,
    /// When he begins.
    pub created_at: DateTime<Utc>,
}

/// A worker as he himself sees his place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerView {
    /// The worker.
    pub id: WorkerId,
    /// The role.
    pub role: Role,
    /// Whether he works.
    pub status: WorkerStatus,
    /// His own changes to the sections of his role.
    pub changes: SectionChanges,
    /// The store and its name.
    pub store: Option<(StoreId, String)>,
    /// The branch and its name.
    pub branch: Option<(LocationId, String)>,
}

/// An active worker, by his name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtWorkView {
    /// The worker.
    pub id: WorkerId,
    /// First and last name, or else the user name.
    pub full_name: String,
    /// The role.
    pub role: Role,
}

/// Begins a worker, active.
///
/// # Errors
/// [`Constraint::WorkerExists`](crate::Constraint); a failed statement.
pub fn insert(tx: &mut Tx<'_>, worker: &NewWorker) -> Result<WorkerId, Error> {
    tx.statement("worker_insert", |on| {
        diesel::insert_into(workers::table)
            .values((
                workers::store_id.eq(worker.store_id.map(StoreId::get)),
                workers::user_id.eq(worker.user_id.get()),
                workers::role.eq(worker.role.code()),
                workers::status.eq(WorkerStatus::Active.code()),
                workers::branch_id.eq(worker.branch_id.map(LocationId::get)),
                workers::salary.eq(worker.salary.map(Money::tiyin)),
                workers::sections_added.eq(format_sections(worker.changes.added())),
                workers::sections_removed.eq(format_sections(worker.changes.removed())),
                workers::created_at.eq(worker.created_at.naive_utc()),
                workers::updated_at.eq(worker.created_at.naive_utc()),
            ))
            .returning(workers::id)
            .get_result::<i64>(on)
    })
    .map(WorkerId::new)
}

/// Gives an owner who has none the store that he made. False when he has one by now.
///
/// # Errors
/// A failed statement.
pub fn give_store(tx: &mut Tx<'_>, store_id: StoreId, id: WorkerId, at: DateTime<Utc>) -> Result<bool, Error> {
    let given = tx.statement("worker_give_store", |on| {
        diesel::update(workers::table.find(id.get()))
            .filter(workers::store_id.is_null())
            .set((
                workers::store_id.eq(store_id.get()),
                workers::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(given == 1)
}

type WorkerRow = (
    i64,
    String,
    String,
    String,
    String,
    Option<(i64, String)>,
    Option<(i64, String)>,
);

/// The place of work of an account. Without a scope: this is where the caller's store becomes known.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn of_user_unscoped(reader: &mut Reader<'_>, user_id: UserId) -> Result<Option<WorkerView>, Error> {
    let row: Option<WorkerRow> = reader.statement("worker_of_user", |on| {
        workers::table
            .left_join(stores::table)
            .left_join(locations::table.on(workers::branch_id.eq(locations::id.nullable())))
            .filter(workers::user_id.eq(user_id.get()))
            .select((
                workers::id,
                workers::role,
                workers::status,
                workers::sections_added,
                workers::sections_removed,
                (stores::id, stores::name).nullable(),
                (locations::id, locations::name).nullable(),
            ))
            .first(on)
            .optional()
    })?;
    let Some((id, role, status, added, removed, store, branch)) = row else {
        return Ok(None);
    };
    let role = columns::coded(TABLE, id, &role)?;
    Ok(Some(WorkerView {
        id: WorkerId::new(id),
        role,
        status: columns::coded(TABLE, id, &status)?,
        changes: section_changes(id, role, &added, &removed)?,
        store: store.map(|(id, name)| (StoreId::new(id), name)),
        branch: branch.map(|(id, name)| (LocationId::new(id), name)),
    }))
}

/// The active workers of a branch, in the order in which they began.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn of_branch(reader: &mut Reader<'_>, store_id: StoreId, branch_id: LocationId) -> Result<Vec<AtWorkView>, Error> {
    at_work(reader, "workers_of_branch", store_id, Some(branch_id))
}

/// The active workers of a store, in the order in which they began.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn of_store(reader: &mut Reader<'_>, store_id: StoreId) -> Result<Vec<AtWorkView>, Error> {
    at_work(reader, "workers_of_store", store_id, None)
}

fn at_work(
    reader: &mut Reader<'_>,
    name: &'static str,
    store_id: StoreId,
    branch_id: Option<LocationId>,
) -> Result<Vec<AtWorkView>, Error> {
    let rows: Vec<(i64, String, String, String, Option<String>)> = reader.statement(name, |on| {
        let mut query = workers::table
            .inner_join(users::table)
            .filter(workers::store_id.eq(store_id.get()))
            .filter(workers::status.eq(WorkerStatus::Active.code()))
            .into_boxed();
        if let Some(branch_id) = branch_id {
            query = query.filter(workers::branch_id.eq(branch_id.get()));
        }
        query
            .order(workers::id)
            .select((
                workers::id,
                workers::role,
                users::first_name,
                users::last_name,
                users::username,
            ))
            .load(on)
    })?;
    rows.into_iter()
        .map(|(id, role, first_name, last_name, username)| {
            Ok(AtWorkView {
                id: WorkerId::new(id),
                full_name: full_name(&first_name, &last_name, username.as_deref().unwrap_or_default()),
                role: columns::coded(TABLE, id, &role)?,
            })
        })
        .collect()
}

/// How many active workers each branch of a store has; branches without any are left out.
///
/// # Errors
/// A failed statement.
pub fn count_by_branch(reader: &mut Reader<'_>, store_id: StoreId) -> Result<BTreeMap<LocationId, i64>, Error> {
    let rows: Vec<(Option<i64>, i64)> = reader.statement("workers_count_by_branch", |on| {
        workers::table
            .filter(workers::store_id.eq(store_id.get()))
            .filter(workers::branch_id.is_not_null())
            .filter(workers::status.eq(WorkerStatus::Active.code()))
            .group_by(workers::branch_id)
            .select((workers::branch_id, diesel::dsl::count_star()))
            .load(on)
    })?;
    Ok(rows
        .into_iter()
        .filter_map(|(branch, count)| branch.map(|id| (LocationId::new(id), count)))
        .collect())
}

/// The name of a worker of the store, in whatever state.
///
/// # Errors
/// A failed statement.
pub(crate) fn name_of(reader: &mut Reader<'_>, store_id: StoreId, id: WorkerId) -> Result<Option<String>, Error> {
    let names: Option<(String, String, Option<String>)> = reader.statement("worker_name_find", |on| {
        workers::table
            .inner_join(users::table)
            .filter(workers::store_id.eq(store_id.get()))
            .filter(workers::id.eq(id.get()))
            .select((users::first_name, users::last_name, users::username))
            .first(on)
            .optional()
    })?;
    Ok(names.map(|(first_name, last_name, username)| {
        full_name(&first_name, &last_name, username.as_deref().unwrap_or_default())
    }))
}

/// What a worker row says of sections, as far as it means something for the role.
pub(crate) fn section_changes(id: i64, role: Role, added: &str, removed: &str) -> Result<SectionChanges, Error> {
    let read = |list: &str| {
        parse_sections(list).ok_or_else(|| Error::Corrupt {
            table: "workers",
            id,
            why: format!("unknown section in {list:?}"),
        })
    };
    Ok(SectionChanges::for_role(role, &read(added)?, &read(removed)?))
}

/// First and last name, or else what the account is known by.
pub(crate) fn full_name(first_name: &str, last_name: &str, known_by: &str) -> String {
    match format!("{first_name} {last_name}").trim() {
        "" => known_by.to_owned(),
        full_name => full_name.to_owned(),
    }
}
