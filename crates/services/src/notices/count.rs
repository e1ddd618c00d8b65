//! How many messages there are of a kind.

use savdo_domain::access::Actor;
use savdo_persistence::notices;

use crate::{Context, Result};

/// How many of the caller's list he has not read.
///
/// # Errors
/// A failed statement.
pub fn unread(context: &Context, actor: &Actor) -> Result<i64> {
    let user_id = actor.user_id;
    let counted = context
        .database()
        .read("notices_unread", |reader| notices::count_unread(reader, user_id))?;
    Ok(counted)
}

/// How many messages to the caller did not go out.
///
/// # Errors
/// A failed statement.
pub fn failed(context: &Context, actor: &Actor) -> Result<i64> {
    let user_id = actor.user_id;
    let counted = context
        .database()
        .read("notices_failed", |reader| notices::count_failed(reader, user_id))?;
    Ok(counted)
}
