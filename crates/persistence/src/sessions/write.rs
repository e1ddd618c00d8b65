//! Beginning, rotating and ending sessions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{SessionId, UserId};

use crate::database::Tx;
use crate::error::Error;
use crate::schema::{sessions, spent_tokens};

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
    /// Tokens spent before this are forgotten.
    pub forget_before: DateTime<Utc>,
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

/// Exchanges the refresh token, unless another exchange came first or the session was ended: then `false`. The one given
/// is remembered as spent, and those spent long ago are forgotten.
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
                sessions::expires_at.eq(rotation.expires_at.naive_utc()),
            ))
            .execute(on)
    })?;
    if changed == 0 {
        return Ok(false);
    }
    forget_spent(tx, id, rotation.forget_before)?;
    insert_spent(tx, id, rotation)?;
    Ok(true)
}

/// The session's own rows, which the lock on the session keeps from other exchanges.
fn forget_spent(tx: &mut Tx<'_>, id: SessionId, before: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("spent_tokens_forget", |on| {
        let old = spent_tokens::table
            .filter(spent_tokens::session_id.eq(id.get()))
            .filter(spent_tokens::spent_at.lt(before.naive_utc()));
        diesel::delete(old).execute(on)
    })?;
    Ok(())
}

fn insert_spent(tx: &mut Tx<'_>, id: SessionId, rotation: &Rotation) -> Result<(), Error> {
    tx.statement("spent_token_insert", |on| {
        diesel::insert_into(spent_tokens::table)
            .values((
                spent_tokens::session_id.eq(id.get()),
                spent_tokens::token_hash.eq(&rotation.old_hash),
                spent_tokens::spent_at.eq(rotation.at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
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

/// Ends all sessions of an account.
///
/// # Errors
/// A failed statement.
pub fn revoke_all(tx: &mut Tx<'_>, user_id: UserId, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("sessions_revoke_all", |on| {
        let live = sessions::table
            .filter(sessions::user_id.eq(user_id.get()))
            .filter(sessions::revoked_at.is_null());
        diesel::update(live)
            .set(sessions::revoked_at.eq(at.naive_utc()))
            .execute(on)
    })?;
    Ok(())
}

/// Drops at most `most` sessions that ended before, with what they spent; says how many.
///
/// Without scope: those of all accounts.
///
/// # Errors
/// A failed statement.
pub fn forget_unscoped(tx: &mut Tx<'_>, before: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    let ids: Vec<i64> = tx.statement("sessions_over", |on| {
        sessions::table
            .filter(sessions::expires_at.lt(before.naive_utc()))
            .order(sessions::expires_at)
            .select(sessions::id)
            .limit(most)
            .load(on)
    })?;
    if ids.is_empty() {
        return Ok(0);
    }
    tx.statement("spent_tokens_over", |on| {
        diesel::delete(spent_tokens::table.filter(spent_tokens::session_id.eq_any(&ids))).execute(on)
    })?;
    tx.statement("sessions_forget", |on| {
        diesel::delete(sessions::table.filter(sessions::id.eq_any(&ids))).execute(on)
    })
}
