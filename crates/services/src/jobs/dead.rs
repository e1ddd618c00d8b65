//! Messages that somebody should look after.

use savdo_persistence::dead_letters;
pub use savdo_persistence::dead_letters::DeadLettersView;

use crate::{Context, Result};

/// How many messages of each sink were given up, or may have arrived and must not come twice; none for a sink without any.
///
/// # Errors
/// A failed statement.
pub fn dead_letters(context: &Context) -> Result<Vec<DeadLettersView>> {
    Ok(context
        .database()
        .read("dead_letters", dead_letters::count_dead_unscoped)?)
}
