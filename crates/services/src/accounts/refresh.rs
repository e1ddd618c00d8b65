//! Exchanging a refresh token for a new pair.

use chrono::{DateTime, TimeDelta, Utc};
use savdo_domain::account::AccountRefusal;
use savdo_persistence::Tx;
use savdo_persistence::sessions::{self, Rotation, SessionView};

use super::authenticate::live;
use super::tokens::{Claims, NewPair, TokenKind, TokenPair, Tokens};
use crate::{Context, Result};

/// How long a spent token is taken for one that a parallel request has just spent.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// What became of an exchange. A refusal may have ended the session, so that it, too, must be committed.
type Exchange = std::result::Result<SessionView, AccountRefusal>;

/// Exchanges a refresh token for a new pair, once.
///
/// # Errors
/// [`AccountRefusal::TokenNotValid`] for a token that is broken, expired, of the wrong kind, or whose session ended;
/// [`AccountRefusal::UserInactive`]; [`AccountRefusal::TokenRotated`] when a parallel exchange came first, up to 10 seconds
/// ago; [`AccountRefusal::TokenReused`] for an older one, which ends the session.
pub fn refresh(context: &Context, refresh_token: &str) -> Result<TokenPair> {
    let now = context.now();
    let claims = context.tokens().read(refresh_token, TokenKind::Refresh, now)?;
    let pair = NewPair::random()?;
    let new_hash = pair.refresh_hash();
    let session = context
        .database()
        .write("token_refresh", move |tx| exchange(tx, &claims, new_hash.clone(), now))??;
    let whose = (session.user_id, session.id, session.token_version);
    context.tokens().sign(pair, whose, now)
}

/// The compare-and-set on the session's row decides between parallel exchanges.
fn exchange(tx: &mut Tx<'_>, claims: &Claims, new_hash: String, now: DateTime<Utc>) -> Result<Exchange> {
    let session = live(sessions::find(tx, claims.session_id)?, claims)?;
    if session.refresh_hash == claims.hash {
        let rotation = Rotation {
            old_hash: claims.hash.clone(),
            new_hash,
            at: now,
            expires_at: Tokens::session_end(now),
        };
        let is_first = sessions::rotate(tx, session.id, &rotation)?;
        if is_first {
            return Ok(Ok(session));
        }
        // Either another exchange came first or the session was ended: its row tells which.
        live(sessions::find(tx, session.id)?, claims)?;
        return Ok(Err(AccountRefusal::TokenRotated));
    }
    if was_just_spent(&session, &claims.hash, now) {
        return Ok(Err(AccountRefusal::TokenRotated));
    }
    sessions::revoke(tx, session.id, now)?;
    Ok(Err(AccountRefusal::TokenReused))
}

/// Whether a parallel exchange spent the token a moment ago.
///
/// A session remembers the token that was spent last. One spent before it counts as reused, however short ago that was: to
/// tell it apart, the session would have to keep every hash of the last seconds.
fn was_just_spent(session: &SessionView, hash: &str, now: DateTime<Utc>) -> bool {
    session.previous_hash.as_deref() == Some(hash)
        && session.rotated_at.is_some_and(|rotated_at| now - rotated_at <= GRACE)
}
