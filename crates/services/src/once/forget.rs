//! Old keys are forgotten.

use chrono::Days;
use savdo_domain::zone::Zone;
use savdo_persistence::idempotency;

use crate::{Context, Result};

/// A key counts for 48 hours, which may touch this many days before today.
const DAYS_KEPT: Days = Days::new(2);

/// So many rows leave in one transaction, that nobody waits for it.
const AT_A_TIME: usize = 1000;

/// Forgets the answers whose key counts no more, in small transactions; says how many there were. A job of the worker.
///
/// # Errors
/// A database that cannot take the work now; what was forgotten until then stays so.
pub fn forget_old(context: &Context) -> Result<usize> {
    let today = Zone::default().day(context.now());
    let Some(first_kept) = today.checked_sub_days(DAYS_KEPT) else {
        return Ok(0);
    };
    let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
    let mut forgotten = 0_usize;
    loop {
        let count = context.database().write("idempotency_forget", move |tx| {
            idempotency::delete_before(tx, first_kept, most)
        })?;
        forgotten = forgotten.saturating_add(count);
        if count < AT_A_TIME {
            return Ok(forgotten);
        }
    }
}
