//! The workers of a store as those who run it see them.
//!
//! Whoever changes a worker first locks him and every owner of the store, in the order of their ids, and reads in later
//! statements: so two owners at once cannot each remove the other.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::{Post, Role, WorkerStatus, format_sections};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, StoreId, UserId, WorkerId};

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{locations, users, workers};
use crate::users::ProfileView;
use crate::workers::{full_name, section_changes};

const TABLE: &str = "workers";

/// A worker with the account behind him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffView {
    /// Who he is, what he is and what he may.
    pub post: Post,
    /// His account.
    pub user_id: UserId,
    /// His user name.
    pub username: String,
    /// His first name, possibly empty.
    pub first_name: String,
    /// His last name, possibly empty.
    pub last_name: String,
    /// The phone by which the account is known.
    pub phone: String,
    /// Another phone, or nothing.
    pub phone2: String,
    /// His e-mail address, or nothing.
    pub email: String,
    /// The branch he works in unless told otherwise, and its name.
    pub branch: Option<(LocationId, String)>,
    /// What he earns, if that is written down.
    pub salary: Option<Money>,
    /// When he began.
    pub created_at: DateTime<Utc>,
}

/// What of a worker is written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffChange {
    /// What he is and what he may.
    pub post: Post,
    /// The branch he works in unless told otherwise.
    pub branch_id: Option<LocationId>,
    /// What he earns.
    pub salary: Option<Money>,
}

#[derive(Queryable)]
struct StaffRow {
    id: i64,
    role: String,
    status: String,
    sections_added: String,
    sections_removed: String,
    salary: Option<i64>,
    created_at: NaiveDateTime,
    user: UserPart,
    branch: Option<(i64, String)>,
}

#[derive(Queryable)]
struct UserPart {
    id: i64,
    username: Option<String>,
    first_name: String,
    last_name: String,
    phone: String,
    phone2: String,
    email: String,
}

impl StaffView {
    /// First and last name, or else the user name.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(&self.first_name, &self.last_name, &self.username)
    }

    /// What of him can be written anew, as it stands.
    #[must_use]
    pub fn standing(&self) -> StaffChange {
        StaffChange {
            post: self.post.clone(),
            branch_id: self.branch.as_ref().map(|(id, _)| *id),
            salary: self.salary,
        }
    }

    /// What he says of himself.
    #[must_use]
    pub fn profile(&self) -> ProfileView<'_> {
        ProfileView {
            username: &self.username,
            first_name: &self.first_name,
            last_name: &self.last_name,
            phone: &self.phone,
            phone2: &self.phone2,
            email: &self.email,
            address: None,
            language: None,
        }
    }
}

/// All workers of a store, whatever their status, in the order in which they began.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn of_store(reader: &mut Reader<'_>, store_id: StoreId) -> Result<Vec<StaffView>, Error> {
    load(reader, "staff_of_store", store_id, (1, i64::MAX))
}

/// One worker of a store.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId, id: WorkerId) -> Result<Option<StaffView>, Error> {
    let found = load(reader, "staff_find", store_id, (id.get(), id.get()))?;
    Ok(found.into_iter().next())
}

/// The workers of a store between two ids.
fn load(
    reader: &mut Reader<'_>,
    name: &'static str,
    store_id: StoreId,
    (first, last): (i64, i64),
) -> Result<Vec<StaffView>, Error> {
    let rows: Vec<StaffRow> = reader.statement(name, |on| {
        workers::table
            .inner_join(users::table)
            .left_join(locations::table.on(workers::branch_id.eq(locations::id.nullable())))
            .filter(workers::store_id.eq(store_id.get()))
            .filter(workers::id.between(first, last))
            .order(workers::id)
            .select((
                workers::id,
                workers::role,
                workers::status,
                workers::sections_added,
                workers::sections_removed,
                workers::salary,
                workers::created_at,
                (
                    users::id,
                    users::username,
                    users::first_name,
                    users::last_name,
                    users::phone,
                    users::phone2,
                    users::email,
                ),
                (locations::id, locations::name).nullable(),
            ))
            .load(on)
    })?;
    rows.into_iter().map(view).collect()
}

fn view(row: StaffRow) -> Result<StaffView, Error> {
    let StaffRow {
        id,
        role,
        status,
        sections_added,
        sections_removed,
        salary,
        created_at,
        user,
        branch,
    } = row;
    let role = columns::coded(TABLE, id, &role)?;
    Ok(StaffView {
        post: Post {
            worker_id: WorkerId::new(id),
            role,
            status: columns::coded(TABLE, id, &status)?,
            changes: section_changes(id, role, &sections_added, &sections_removed)?,
        },
        user_id: UserId::new(user.id),
        username: user.username.unwrap_or_default(),
        first_name: user.first_name,
        last_name: user.last_name,
        phone: user.phone,
        phone2: user.phone2,
        email: user.email,
        branch: branch.map(|(id, name)| (LocationId::new(id), name)),
        salary: salary.map(columns::money),
        created_at: columns::time(created_at),
    })
}

/// Locks a worker and every owner of his store until the transaction ends, in the order of their ids. They may sell meanwhile.
///
/// # Errors
/// A failed statement.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: WorkerId) -> Result<(), Error> {
    tx.statement("staff_lock", |on| {
        let rows = workers::table
            .filter(workers::store_id.eq(store_id.get()))
            .filter(workers::id.eq(id.get()).or(workers::role.eq(Role::Owner.code())))
            .order(workers::id)
            .select(workers::id);
        match on {
            AnyConnection::Postgres(postgres) => rows.for_no_key_update().load::<i64>(postgres),
            AnyConnection::Sqlite(sqlite) => rows.load::<i64>(sqlite),
        }
    })?;
    Ok(())
}

/// How many owners beside this worker work in the store.
///
/// # Errors
/// A failed statement.
pub fn count_other_owners(reader: &mut Reader<'_>, store_id: StoreId, id: WorkerId) -> Result<i64, Error> {
    reader.statement("staff_count_other_owners", |on| {
        workers::table
            .filter(workers::store_id.eq(store_id.get()))
            .filter(workers::role.eq(Role::Owner.code()))
            .filter(workers::status.eq(WorkerStatus::Active.code()))
            .filter(workers::id.ne(id.get()))
            .count()
            .get_result(on)
    })
}

/// Writes anew what a worker is, has and earns. He is locked.
///
/// # Errors
/// A failed statement.
pub fn update(tx: &mut Tx<'_>, store_id: StoreId, change: &StaffChange, at: DateTime<Utc>) -> Result<(), Error> {
    let StaffChange {
        post,
        branch_id,
        salary,
    } = change;
    tx.statement("staff_update", |on| {
        let row = workers::table
            .find(post.worker_id.get())
            .filter(workers::store_id.eq(store_id.get()));
        diesel::update(row)
            .set((
                workers::role.eq(post.role.code()),
                workers::status.eq(post.status.code()),
                workers::sections_added.eq(format_sections(post.changes.added())),
                workers::sections_removed.eq(format_sections(post.changes.removed())),
                workers::branch_id.eq(branch_id.map(LocationId::get)),
                workers::salary.eq(salary.map(Money::tiyin)),
                workers::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}
