//! Making and changing accounts.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::UserId;

use super::rows::{NewUser, NewUserRow, ProfileChange, ProfileChangeRow};
use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::users;

/// Makes an account.
///
/// # Errors
/// [`Constraint::UsernameTaken`](crate::Constraint), `PhoneTaken` or `EmailTaken`; a failed statement.
pub fn insert(tx: &mut Tx<'_>, user: &NewUser) -> Result<UserId, Error> {
    tx.statement("user_insert", |on| {
        diesel::insert_into(users::table)
            .values(NewUserRow::from(user))
            .returning(users::id)
            .get_result::<i64>(on)
    })
    .map(UserId::new)
}

/// Locks an account until the transaction ends, so that two changes of it come one after the other. Rows that point at it, such as
/// audit entries, may be added meanwhile: who logs out holds his session and must not wait here.
///
/// # Errors
/// A failed statement.
pub fn lock(tx: &mut Tx<'_>, id: UserId) -> Result<(), Error> {
    tx.statement("user_lock", |on| {
        let query = users::table.find(id.get()).select(users::id);
        match on {
            AnyConnection::Postgres(postgres) => query.for_no_key_update().first::<i64>(postgres).optional(),
            AnyConnection::Sqlite(sqlite) => query.first::<i64>(sqlite).optional(),
        }
    })?;
    Ok(())
}

/// Changes what a person says of himself.
///
/// # Errors
/// As [`insert`].
pub fn change_profile(tx: &mut Tx<'_>, id: UserId, change: &ProfileChange, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("user_change_profile", |on| {
        diesel::update(users::table.find(id.get()))
            .set(ProfileChangeRow::new(change, at))
            .execute(on)
    })?;
    Ok(())
}

/// Sets another password; every token of the account is outdated by it.
///
/// # Errors
/// A failed statement.
pub fn set_password(tx: &mut Tx<'_>, id: UserId, password_hash: &str, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("user_set_password", |on| {
        diesel::update(users::table.find(id.get()))
            .set((
                users::password_hash.eq(password_hash),
                users::token_version.eq(users::token_version + 1),
                users::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Keeps another hash of the password that an account has, unless that was changed meanwhile. Its tokens live on.
///
/// # Errors
/// A failed statement.
pub fn renew_hash(tx: &mut Tx<'_>, id: UserId, before: &str, after: &str) -> Result<(), Error> {
    tx.statement("user_renew_hash", |on| {
        diesel::update(users::table.find(id.get()).filter(users::password_hash.eq(before)))
            .set(users::password_hash.eq(after))
            .execute(on)
    })?;
    Ok(())
}

/// Outdates every token of an account.
///
/// # Errors
/// A failed statement.
pub fn outdate_tokens(tx: &mut Tx<'_>, id: UserId, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("user_outdate_tokens", |on| {
        diesel::update(users::table.find(id.get()))
            .set((
                users::token_version.eq(users::token_version + 1),
                users::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Notes that somebody signed in.
///
/// # Errors
/// A failed statement.
pub fn note_login(tx: &mut Tx<'_>, id: UserId, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("user_note_login", |on| {
        diesel::update(users::table.find(id.get()))
            .set(users::last_login_at.eq(at.naive_utc()))
            .execute(on)
    })?;
    Ok(())
}
