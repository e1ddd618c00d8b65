//! The session behind a token, with the person behind the session.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::{Worker, Workplace};
use savdo_domain::account::AccountKind;
use savdo_domain::ids::{LocationId, SessionId, StoreId, UserId, WorkerId};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{sessions, spent_tokens, stores, users, workers};
use crate::workers::{full_name, section_changes};

/// A session, the account it belongs to and that person's place of work.
#[derive(Clone)]
pub struct SessionView {
    /// The session.
    pub id: SessionId,
    /// The hash of the one refresh token that lives.
    pub refresh_hash: String,
    /// Whether it was ended.
    pub is_revoked: bool,
    /// The account.
    pub user_id: UserId,
    /// Staff or customer.
    pub kind: AccountKind,
    /// First and last name, or else what the account is known by.
    pub name: String,
    /// Whether this is an admin of the installation.
    pub is_superuser: bool,
    /// Whether the account is not blocked.
    pub is_active: bool,
    /// The version of the account's tokens.
    pub token_version: i64,
    /// The place of work, if there ever was one.
    pub worker: Option<Worker>,
}

#[derive(Queryable)]
struct SessionRow {
    refresh_hash: String,
    revoked_at: Option<NaiveDateTime>,
    user: UserPart,
    worker: Option<WorkerPart>,
    store: Option<StorePart>,
}

#[derive(Queryable)]
struct UserPart {
    id: i64,
    kind: String,
    username: Option<String>,
    phone: String,
    first_name: String,
    last_name: String,
    is_superuser: bool,
    is_active: bool,
    token_version: i64,
}

#[derive(Queryable)]
struct WorkerPart {
    id: i64,
    role: String,
    status: String,
    branch_id: Option<i64>,
    sections_added: String,
    sections_removed: String,
}

#[derive(Queryable)]
struct StorePart {
    id: i64,
    name: String,
    status: String,
    timezone: String,
}

/// The session `id`: one prepared statement, since every request begins with it.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(reader: &mut Reader<'_>, id: SessionId) -> Result<Option<SessionView>, Error> {
    let row: Option<SessionRow> = reader.statement("session_find", |on| {
        sessions::table
            .inner_join(users::table)
            .left_join(workers::table.on(workers::user_id.eq(users::id)))
            .left_join(stores::table.on(workers::store_id.eq(stores::id.nullable())))
            .filter(sessions::id.eq(id.get()))
            .select((
                sessions::refresh_hash,
                sessions::revoked_at,
                (
                    users::id,
                    users::kind,
                    users::username,
                    users::phone,
                    users::first_name,
                    users::last_name,
                    users::is_superuser,
                    users::is_active,
                    users::token_version,
                ),
                (
                    workers::id,
                    workers::role,
                    workers::status,
                    workers::branch_id,
                    workers::sections_added,
                    workers::sections_removed,
                )
                    .nullable(),
                (stores::id, stores::name, stores::status, stores::timezone).nullable(),
            ))
            .first(on)
            .optional()
    })?;
    row.map(|row| view(id, row)).transpose()
}

/// Whether a refresh token of the session, known by its hash, was exchanged at `since` or later.
///
/// # Errors
/// A failed statement.
pub fn was_spent_since(
    reader: &mut Reader<'_>,
    id: SessionId,
    token_hash: &str,
    since: DateTime<Utc>,
) -> Result<bool, Error> {
    let spent: Option<i64> = reader.statement("spent_token_find", |on| {
        spent_tokens::table
            .filter(spent_tokens::session_id.eq(id.get()))
            .filter(spent_tokens::token_hash.eq(token_hash))
            .filter(spent_tokens::spent_at.ge(since.naive_utc()))
            .select(spent_tokens::id)
            .first(on)
            .optional()
    })?;
    Ok(spent.is_some())
}

fn view(id: SessionId, row: SessionRow) -> Result<SessionView, Error> {
    let SessionRow {
        refresh_hash,
        revoked_at,
        user,
        worker,
        store,
    } = row;
    let store = store.map(workplace).transpose()?;
    Ok(SessionView {
        id,
        refresh_hash,
        is_revoked: revoked_at.is_some(),
        user_id: UserId::new(user.id),
        kind: columns::coded("users", user.id, &user.kind)?,
        name: full_name(
            &user.first_name,
            &user.last_name,
            user.username.as_deref().unwrap_or(&user.phone),
        ),
        is_superuser: user.is_superuser,
        is_active: user.is_active,
        token_version: user.token_version,
        worker: worker.map(|row| self::worker(row, store)).transpose()?,
    })
}

fn worker(row: WorkerPart, store: Option<Workplace>) -> Result<Worker, Error> {
    let role = columns::coded("workers", row.id, &row.role)?;
    let changes = section_changes(row.id, role, &row.sections_added, &row.sections_removed)?;
    let status = columns::coded("workers", row.id, &row.status)?;
    let branch = row.branch_id.map(LocationId::new);
    Ok(Worker::new(
        WorkerId::new(row.id),
        role,
        status,
        branch,
        &changes,
        store,
    ))
}

fn workplace(row: StorePart) -> Result<Workplace, Error> {
    Ok(Workplace {
        id: StoreId::new(row.id),
        name: row.name,
        status: columns::coded("stores", row.id, &row.status)?,
        zone: columns::zone(row.id, &row.timezone)?,
    })
}
