//! Ending a session.

use savdo_domain::access::Actor;
use savdo_domain::account::AccountRefusal;
use savdo_persistence::sessions;

use super::tokens::TokenKind;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Error, Result};

/// Ends the session of a refresh token: it and its access token die at once.
///
/// # Errors
/// [`AccountRefusal::RefreshNotLive`] for a token that is broken, spent, ended before, or somebody else's.
pub fn logout(context: &Context, actor: &Actor, refresh_token: &str) -> Result<()> {
    let now = context.now();
    let claims = context
        .tokens()
        .read(refresh_token, TokenKind::Refresh, now)
        .map_err(|_| AccountRefusal::RefreshNotLive)?;
    let author = Author::from(actor);
    let user_id = actor.user_id;
    let entry = Entry {
        store_id: actor.store_id(),
        action: Action::Logout,
        subject_type: Subject::User,
        subject_id: user_id.get(),
        description: format!("Tizimdan chiqdi: {}", actor.name),
        details: None,
    };
    context.database().write("logout", move |tx| {
        if !sessions::revoke_with(tx, claims.session_id, user_id, &claims.hash, now)? {
            return Err(Error::from(AccountRefusal::RefreshNotLive));
        }
        audit::record(tx, &author, now, entry.clone())?;
        Ok(())
    })
}
