//! Sessions and links that are over are forgotten.

use chrono::TimeDelta;
use savdo_persistence::{Error as StorageError, Tx, codes, password_resets, sessions};

use crate::{Context, Result};

/// How long after its end a session or a link is kept, for whoever asks what happened. No token of such a session is believed any
/// more, so that one spent in a family that lives is still told for what it is.
const KEPT: TimeDelta = TimeDelta::days(7);

/// How long a code is kept after it expired, and a phone after it last asked for one: as long as somebody may come back to what he
/// typed, and longer than any limit counts.
const CODES_KEPT: TimeDelta = TimeDelta::days(30);

/// So many rows leave in one transaction, that nobody waits for it.
const AT_A_TIME: usize = 1000;

/// Forgets sessions, with the tokens they spent, and links for a new password that ended long ago, in small transactions; says how
/// many of each there were. A job of the worker.
///
/// # Errors
/// A database that cannot take the work now; what was forgotten until then stays so.
pub fn forget_old(context: &Context) -> Result<(usize, usize)> {
    let now = context.now();
    let before = now.checked_sub_signed(KEPT).unwrap_or(now);
    let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
    let sessions = all(context, "sessions_forget", move |tx| {
        sessions::forget_unscoped(tx, before, most)
    })?;
    let links = all(context, "resets_forget", move |tx| {
        password_resets::forget_unscoped(tx, before, most)
    })?;
    Ok((sessions, links))
}

/// Forgets one-time codes with what was typed for them, and phones that asked for none since, in small transactions; says how many
/// there were of the more frequent of the two. A job of the worker.
///
/// # Errors
/// As [`forget_old`].
pub fn forget_codes(context: &Context) -> Result<usize> {
    let now = context.now();
    let before = now.checked_sub_signed(CODES_KEPT).unwrap_or(now);
    let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
    all(context, "codes_forget", move |tx| {
        codes::forget_unscoped(tx, before, most)
    })
}

fn all(
    context: &Context,
    name: &'static str,
    some: impl Fn(&mut Tx<'_>) -> std::result::Result<usize, StorageError> + Copy + Send + 'static,
) -> Result<usize> {
    let mut forgotten = 0_usize;
    loop {
        let count = context.database().write(name, some)?;
        forgotten = forgotten.saturating_add(count);
        if count < AT_A_TIME {
            return Ok(forgotten);
        }
    }
}
