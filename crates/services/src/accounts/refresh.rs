//! Exchanging a refresh token for a new pair.

use chrono::{DateTime, TimeDelta, Utc};
use savdo_domain::account::AccountRefusal;
use savdo_persistence::Tx;
use savdo_persistence::sessions::{self, Rotation, SessionView};

use super::authenticate::live;
use super::tokens::{Claims, NewPair, TokenKind, TokenPair, Tokens};
use crate::{Context, Result};

/// How long a spent token is taken for one that a parallel request has just spent, whatever was exchanged since.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// How long a spent token is remembered: beyond the grace, for a request that waited long for its turn.
const REMEMBERED: TimeDelta = TimeDelta::minutes(1);

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
    let session = live(
        sessions::find(tx, claims.session_id)?,
        (claims.user_id, claims.token_version),
    )?;
    if session.refresh_hash == claims.hash {
        let rotation = Rotation {
            old_hash: claims.hash.clone(),
            new_hash,
            at: now,
            forget_before: now - REMEMBERED,
            expires_at: Tokens::session_end(now),
        };
        let is_first = sessions::rotate(tx, session.id, &rotation)?;
        if is_first {
            return Ok(Ok(session));
        }
        // Either another exchange came first or the session was ended: its row tells which.
        live(sessions::find(tx, session.id)?, (claims.user_id, claims.token_version))?;
        return Ok(Err(AccountRefusal::TokenRotated));
    }
    if sessions::was_spent_since(tx, session.id, &claims.hash, now - GRACE)? {
        return Ok(Err(AccountRefusal::TokenRotated));
    }
    sessions::revoke(tx, session.id, now)?;
    Ok(Err(AccountRefusal::TokenReused))
}
