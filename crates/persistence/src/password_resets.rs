//! Links by which somebody who forgot his password sets a new one.
//!
//! Only the hash of a link's token is kept. A link is used by compare-and-set, so that of two at once one counts.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::Role;
use savdo_domain::ids::{StoreId, UserId};

use crate::columns;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{password_resets, users, workers};
use crate::workers::full_name;

/// A link about to be made.
#[derive(Clone)]
pub struct NewReset {
    /// Whose password.
    pub user_id: UserId,
    /// The hash of its token.
    pub token_hash: String,
    /// When it is made.
    pub created_at: DateTime<Utc>,
    /// When it works no more.
    pub expires_at: DateTime<Utc>,
}

/// A link and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetView {
    /// When it works no more.
    pub expires_at: DateTime<Utc>,
    /// Whether it was used.
    pub is_used: bool,
    /// Whether the account is not blocked.
    pub is_active: bool,
    /// Whether this is an admin of the installation.
    pub is_superuser: bool,
    /// The user name; empty for a customer.
    pub username: String,
    /// The phone by which the account is known.
    pub phone: String,
    /// The first name, possibly empty.
    pub first_name: String,
    /// The last name, possibly empty.
    pub last_name: String,
    /// First and last name, or else what the account is known by.
    pub name: String,
    /// The role at the place of work.
    pub role: Option<Role>,
    /// The store of the place of work.
    pub store_id: Option<StoreId>,
}

impl ResetView {
    /// Whether the link still works.
    #[must_use]
    pub fn is_usable(&self, now: DateTime<Utc>) -> bool {
        !self.is_used && self.is_active && now < self.expires_at
    }
}

#[derive(Queryable)]
struct ResetRow {
    id: i64,
    expires_at: NaiveDateTime,
    used_at: Option<NaiveDateTime>,
    is_active: bool,
    is_superuser: bool,
    username: Option<String>,
    phone: String,
    first_name: String,
    last_name: String,
    work: Option<(String, Option<i64>)>,
}

/// Makes a link.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, reset: &NewReset) -> Result<(), Error> {
    tx.statement("reset_insert", |on| {
        diesel::insert_into(password_resets::table)
            .values((
                password_resets::user_id.eq(reset.user_id.get()),
                password_resets::token_hash.eq(&reset.token_hash),
                password_resets::created_at.eq(reset.created_at.naive_utc()),
                password_resets::expires_at.eq(reset.expires_at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// The link of this account with this token.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(reader: &mut Reader<'_>, user_id: UserId, token_hash: &str) -> Result<Option<ResetView>, Error> {
    let row: Option<ResetRow> = reader.statement("reset_find", |on| {
        password_resets::table
            .inner_join(users::table)
            .left_join(workers::table.on(workers::user_id.eq(users::id)))
            .filter(password_resets::user_id.eq(user_id.get()))
            .filter(password_resets::token_hash.eq(token_hash))
            .select((
                users::id,
                password_resets::expires_at,
                password_resets::used_at,
                users::is_active,
                users::is_superuser,
                users::username,
                users::phone,
                users::first_name,
                users::last_name,
                (workers::role, workers::store_id).nullable(),
            ))
            .first(on)
            .optional()
    })?;
    row.map(ResetRow::view).transpose()
}

impl ResetRow {
    fn view(self) -> Result<ResetView, Error> {
        let Self {
            id,
            expires_at,
            used_at,
            is_active,
            is_superuser,
            username,
            phone,
            first_name,
            last_name,
            work,
        } = self;
        let username = username.unwrap_or_default();
        let known_by = if username.is_empty() { &phone } else { &username };
        let (role, store_id) = work.unzip();
        Ok(ResetView {
            expires_at: columns::time(expires_at),
            is_used: used_at.is_some(),
            is_active,
            is_superuser,
            name: full_name(&first_name, &last_name, known_by),
            role: role.map(|role| columns::coded("workers", id, &role)).transpose()?,
            store_id: store_id.flatten().map(StoreId::new),
            username,
            phone,
            first_name,
            last_name,
        })
    }
}

/// Uses a link, and with it every other of the account; `false` when it works no more.
///
/// # Errors
/// A failed statement.
pub fn use_up(tx: &mut Tx<'_>, user_id: UserId, token_hash: &str, at: DateTime<Utc>) -> Result<bool, Error> {
    let at = at.naive_utc();
    let used = tx.statement("reset_use_up", |on| {
        let usable = password_resets::table
            .filter(password_resets::user_id.eq(user_id.get()))
            .filter(password_resets::token_hash.eq(token_hash))
            .filter(password_resets::used_at.is_null())
            .filter(password_resets::expires_at.gt(at));
        diesel::update(usable).set(password_resets::used_at.eq(at)).execute(on)
    })?;
    if used != 1 {
        return Ok(false);
    }
    use_up_all(tx, user_id, at.and_utc())?;
    Ok(true)
}

/// Ends every link of an account: what they were made for is no more as it was. The account is locked.
///
/// # Errors
/// A failed statement.
pub fn use_up_all(tx: &mut Tx<'_>, user_id: UserId, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("reset_use_up_all", |on| {
        let unused = password_resets::table
            .filter(password_resets::user_id.eq(user_id.get()))
            .filter(password_resets::used_at.is_null());
        diesel::update(unused)
            .set(password_resets::used_at.eq(at.naive_utc()))
            .execute(on)
    })?;
    Ok(())
}

/// Drops at most `most` links that ended before, used or not; says how many.
///
/// Without scope: those of all accounts.
///
/// # Errors
/// A failed statement.
pub fn forget_unscoped(tx: &mut Tx<'_>, before: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    let ids: Vec<i64> = tx.statement("resets_over", |on| {
        password_resets::table
            .filter(password_resets::expires_at.lt(before.naive_utc()))
            .order(password_resets::expires_at)
            .select(password_resets::id)
            .limit(most)
            .load(on)
    })?;
    if ids.is_empty() {
        return Ok(0);
    }
    tx.statement("resets_forget", |on| {
        diesel::delete(password_resets::table.filter(password_resets::id.eq_any(&ids))).execute(on)
    })
}
