//! The caller behind an access token.

use savdo_domain::access::{Actor, Origin};
use savdo_domain::account::AccountRefusal;
use savdo_domain::ids::{SessionId, UserId};
use savdo_persistence::sessions::{self, SessionView};

use super::tokens::TokenKind;
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
    Ok(actor(live(session, (claims.user_id, claims.token_version))?, origin))
}

/// The caller behind a session that a ticket names, by the same statement.
///
/// # Errors
/// As [`authenticate`].
pub(crate) fn behind(context: &Context, session_id: SessionId, holder: (UserId, i64), origin: Origin) -> Result<Actor> {
    let session = context
        .database()
        .read("authenticate", |reader| sessions::find(reader, session_id))?;
    Ok(actor(live(session, holder)?, origin))
}

fn actor(session: SessionView, origin: Origin) -> Actor {
    Actor {
        user_id: session.user_id,
        session_id: session.id,
        kind: session.kind,
        name: session.name,
        is_superuser: session.is_superuser,
        token_version: session.token_version,
        worker: session.worker,
        origin,
    }
}

/// The session that a token of this account and version points at, if both still live.
pub(super) fn live(
    session: Option<SessionView>,
    (user_id, token_version): (UserId, i64),
) -> std::result::Result<SessionView, AccountRefusal> {
    let session = session
        .filter(|session| session.user_id == user_id)
        .ok_or(AccountRefusal::TokenNotValid)?;
    if !session.is_active {
        return Err(AccountRefusal::UserInactive);
    }
    if session.is_revoked || session.token_version != token_version {
        return Err(AccountRefusal::TokenNotValid);
    }
    Ok(session)
}

#[cfg(test)]
mod tests {
    use savdo_domain::account::{AccountKind, AccountRefusal};
    use savdo_domain::ids::{SessionId, UserId};
    use savdo_persistence::sessions::SessionView;

    use super::live;

    fn session() -> SessionView {
        SessionView {
            id: SessionId::new(9),
            refresh_hash: "b".to_owned(),
            is_revoked: false,
            user_id: UserId::new(4),
            kind: AccountKind::Staff,
            name: "Ali".to_owned(),
            is_superuser: false,
            is_active: true,
            token_version: 2,
            worker: None,
        }
    }

    fn judged(session: SessionView) -> Option<AccountRefusal> {
        live(Some(session), (UserId::new(4), 2)).err()
    }

    #[test]
    fn a_block_is_told_before_anything_else() {
        let blocked = SessionView {
            is_active: false,
            is_revoked: true,
            token_version: 3,
            ..session()
        };

        assert_eq!(judged(session()), None);
        assert_eq!(judged(blocked), Some(AccountRefusal::UserInactive));
    }

    #[test]
    fn whatever_outdates_a_token_is_told_alike() {
        let outdated = [
            SessionView {
                is_revoked: true,
                ..session()
            },
            SessionView {
                token_version: 3,
                ..session()
            },
            SessionView {
                user_id: UserId::new(5),
                ..session()
            },
        ];

        for session in outdated {
            assert_eq!(judged(session), Some(AccountRefusal::TokenNotValid));
        }
    }
}
