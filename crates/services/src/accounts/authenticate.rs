//! The caller behind an access token.

use savdo_domain::access::{Actor, Origin};
use savdo_domain::account::AccountRefusal;
use savdo_persistence::sessions::{self, SessionView};

use super::tokens::{Claims, TokenKind};
use crate::{Context, Result};

/// The caller behind an access token, by one prepared statement: whatever changed since the token was signed, counts.
///
/// # Errors
/// [`AccountRefusal::TokenNotValid`] for a token that is broken, expired, of the wrong kind, or whose session ended;
/// [`AccountRefusal::UserInactive`] for a blocked account.
pub fn authenticate(context: &Context, access_token: &str, origin: Origin) -> Result<Actor> {
    let claims = context.tokens().read(access_token, TokenKind::Access, context.now())?;
    let session = context
        .database()
        .read("authenticate", |reader| sessions::find(reader, claims.session_id))?;
    let session = live(session, &claims)?;
    Ok(Actor {
        user_id: session.user_id,
        session_id: session.id,
        kind: session.kind,
        name: session.name,
        is_superuser: session.is_superuser,
        token_version: session.token_version,
        worker: session.worker,
        origin,
    })
}

/// The session that the token points at, if both still live.
pub(super) fn live(session: Option<SessionView>, claims: &Claims) -> std::result::Result<SessionView, AccountRefusal> {
    let session = session
        .filter(|session| session.user_id == claims.user_id)
        .ok_or(AccountRefusal::TokenNotValid)?;
    if !session.is_active {
        return Err(AccountRefusal::UserInactive);
    }
    if session.is_revoked || session.token_version != claims.token_version {
        return Err(AccountRefusal::TokenNotValid);
    }
    Ok(session)
}
