//! What beginning a session is made of, for registering and for signing in.

use chrono::{DateTime, Utc};
use savdo_domain::access::Origin;
use savdo_domain::ids::{SessionId, UserId};
use savdo_persistence::sessions::{self, NewSession};
use savdo_persistence::users::{self, UserView};
use savdo_persistence::{Error as StorageError, Tx};

use super::tokens::{NewPair, TokenPair, Tokens};
use crate::{Context, Result};

/// Somebody who has just signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The tokens of his new session.
    pub tokens: TokenPair,
    /// The account.
    pub user: UserView,
}

/// A session that stands in the database, before its tokens are signed.
#[derive(Clone)]
pub(crate) struct Begun {
    session_id: SessionId,
    token_version: i64,
    user: UserView,
}

impl Begun {
    /// First and last name, or else what the account is known by.
    pub(super) fn name(&self) -> String {
        self.user.full_name()
    }
}

/// Begins a session of the account, whose row it locks.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    (user_id, token_version): (UserId, i64),
    pair: &NewPair,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<Begun> {
    let session = NewSession {
        user_id,
        token_version,
        refresh_hash: pair.refresh_hash(),
        created_at: now,
        expires_at: Tokens::session_end(now),
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
    };
    // First the account, then what points at it: whoever locked the account to change its phone waits for all that point at it.
    users::note_login(tx, user_id, now)?;
    let session_id = sessions::insert(tx, &session)?;
    let user = users::find_unscoped(tx, user_id)?.ok_or(StorageError::Corrupt {
        table: "users",
        id: user_id.get(),
        why: "it has a session, but no row".to_owned(),
    })?;
    Ok(Begun {
        session_id,
        token_version,
        user,
    })
}

/// Signs the tokens of a session that was committed.
pub(super) fn signed_in(context: &Context, begun: Begun, pair: NewPair, now: DateTime<Utc>) -> Result<SignedIn> {
    let Begun {
        session_id,
        token_version,
        user,
    } = begun;
    let tokens = context.tokens().sign(pair, (user.id, session_id, token_version), now)?;
    Ok(SignedIn { tokens, user })
}

/// The tokens of a session that was committed, for somebody who was signed in before.
pub(crate) fn signed_tokens(context: &Context, begun: Begun, pair: NewPair, now: DateTime<Utc>) -> Result<TokenPair> {
    signed_in(context, begun, pair, now).map(|signed_in| signed_in.tokens)
}
