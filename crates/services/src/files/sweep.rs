//! Files that no row names are taken away: what a process left that died between file and row, or between row and file.

use chrono::{DateTime, TimeDelta, Utc};
use savdo_persistence::{expenses, prescriptions, products};

use super::store::Drawer;
use crate::{Context, Result};

/// A file this old has its row, if it will ever have one: no transaction runs so long.
const SETTLED_AFTER: TimeDelta = TimeDelta::hours(1);
/// So many names are looked up at once.
const AT_A_TIME: usize = 500;

/// Takes away the settled files that no row names; says how many there were. A job of the worker.
///
/// A drawer of which the database knows no file at all is left alone: it may be another database's.
///
/// # Errors
/// A disk that cannot be read or written, a failed statement; what was taken away until then stays so.
pub(crate) fn sweep(context: &Context) -> Result<usize> {
    let settled = settled(context.now());
    let mut swept = 0_usize;
    for drawer in Drawer::ALL {
        swept = swept.saturating_add(sweep_drawer(context, drawer, settled)?);
    }
    Ok(swept)
}

/// Before then a file without a row may still get one.
pub(super) fn settled(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_sub_signed(SETTLED_AFTER).unwrap_or(now)
}

/// Before then a file without a row has been swept, if the worker runs.
pub(super) fn swept(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_sub_signed(SETTLED_AFTER * 3).unwrap_or(now)
}

fn sweep_drawer(context: &Context, drawer: Drawer, settled: DateTime<Utc>) -> Result<usize> {
    let files = context.files();
    let names = files.older_than(drawer, settled)?;
    if drawer == Drawer::Prescriptions {
        take_erased(context, &names)?;
    }
    let mut unnamed = Vec::new();
    for names in names.chunks(AT_A_TIME) {
        let known = context.database().read("files_known", |reader| match drawer {
            Drawer::Products => products::named_pictures_unscoped(reader, names),
            Drawer::Receipts => expenses::named_receipts_unscoped(reader, names),
            Drawer::Prescriptions => prescriptions::files::named_unscoped(reader, names),
        })?;
        unnamed.extend(names.iter().filter(|name| !known.contains(name)));
    }
    if unnamed.len() == names.len() {
        if let Some(first) = unnamed.first() {
            tracing::warn!(first, "No row names any of the stored files: they are left alone");
        }
        return Ok(0);
    }
    for name in &unnamed {
        files.remove(drawer, name)?;
    }
    Ok(unnamed.len())
}

/// What is erased has no key any more, and its file goes even where no other is left.
fn take_erased(context: &Context, names: &[String]) -> Result<()> {
    for names in names.chunks(AT_A_TIME) {
        let erased = context.database().read("files_erased", |reader| {
            prescriptions::files::erased_unscoped(reader, names)
        })?;
        for name in &erased {
            context.files().remove(Drawer::Prescriptions, name)?;
        }
    }
    Ok(())
}
