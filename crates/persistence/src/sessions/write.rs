//! Beginning, rotating and ending sessions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{SessionId, UserId};

use crate::database::Tx;
use crate::error::Error;
use crate::schema::sessions;

/// A session about to begin.
#[derive(Clone)]
pub struct NewSession {
    /// The account.
    pub user_id: UserId,
    /// The version of the account's tokens at that time.
    pub token_version: i64,
    /// The hash of its first refresh token.
    pub refresh_hash: String,
    /// When it begins.
    pub created_at: DateTime<Utc>,
    /// When it ends unless it is refreshed.
    pub expires_at: DateTime<Utc>,
    /// The address of the client.
    pub ip: String,
    /// What the client calls itself.
    pub user_agent: String,
}

/// The exchange of a refresh token.
#[derive(Clone)]
pub struct Rotation {
    /// The hash of the one given.
    pub old_hash: String,
    /// The hash of the one received.
    pub new_hash: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When the session ends unless it is refreshed again.
    pub expires_at: DateTime<Utc>,
}

/// Begins a session.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, session: &NewSession) -> Result<SessionId, Error> {
    tx.statement("session_insert", |on| {
        diesel::insert_into(sessions::table)
            .values((
                sessions::user_id.eq(session.user_id.get()),
                sessions::token_version.eq(session.token_version),
                sessions::refresh_hash.eq(&session.refresh_hash),
                sessions::created_at.eq(session.created_at.naive_utc()),
                sessions::expires_at.eq(session.expires_at.naive_utc()),
                sessions::ip.eq(&session.ip),
                sessions::user_agent.eq(&session.user_agent),
            ))
            .returning(sessions::id)
            .get_result::<i64>(on)
    })
    .map(SessionId::new)
}

/// Exchanges the refresh token, unless another exchange came first or the session was ended: then `false`.
///
/// # Errors
/// A failed statement.
pub fn rotate(tx: &mut Tx<'_>, id: SessionId, rotation: &Rotation) -> Result<bool, Error> {
    let changed = tx.statement("session_rotate", |on| {
        let live = sessions::table
            .find(id.get())
            .filter(sessions::refresh_hash.eq(&rotation.old_hash))
            .filter(sessions::revoked_at.is_null());
        diesel::update(live)
            .set((
                sessions::refresh_hash.eq(&rotation.new_hash),
                sessions::previous_hash.eq(&rotation.old_hash),
                sessions::rotated_at.eq(rotation.at.naive_utc()),
                sessions::expires_at.eq(rotation.expires_at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(changed == 1)
}

/// Ends a session; one that was ended before stays as it was.
///
/// # Errors
/// A failed statement.
pub fn revoke(tx: &mut Tx<'_>, id: SessionId, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("session_revoke", |on| {
        diesel::update(sessions::table.find(id.get()).filter(sessions::revoked_at.is_null()))
            .set(sessions::revoked_at.eq(at.naive_utc()))
            .execute(on)
    })?;
    Ok(())
}

/// Ends the session of an account whose living refresh token has this hash; `false` when it has no such session.
///
/// # Errors
/// A failed statement.
pub fn revoke_with(
    tx: &mut Tx<'_>,
    id: SessionId,
    user_id: UserId,
    refresh_hash: &str,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let changed = tx.statement("session_revoke_with", |on| {
        let live = sessions::table
            .find(id.get())
            .filter(sessions::user_id.eq(user_id.get()))
            .filter(sessions::refresh_hash.eq(refresh_hash))
            .filter(sessions::revoked_at.is_null());
        diesel::update(live)
            .set(sessions::revoked_at.eq(at.naive_utc()))
            .execute(on)
    })?;
    Ok(changed == 1)
}
