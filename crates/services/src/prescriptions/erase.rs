//! Pictures of prescriptions whose time is over: first the key goes, then the file; the row stays.

use savdo_domain::ids::{PrescriptionId, StoreId};
use savdo_persistence::prescriptions::files;

use super::traces;
use crate::files::Drawer;
use crate::{Context, Result};

/// So many are looked up at a time.
const AT_A_TIME: i64 = 100;

/// Erases the pictures whose time is over, each prescription in a transaction of its own; says how many prescriptions. A job of the
/// worker. A file that stays behind, without its key, the sweep takes.
///
/// # Errors
/// A failed statement, a disk that cannot be written; what was erased until then stays so.
pub fn erase_outdated(context: &Context) -> Result<usize> {
    let outdated = context.keeping().outdated(context.now());
    let (mut erased, mut after) = (0_usize, PrescriptionId::new(0));
    loop {
        let found = context.database().read("prescriptions_outdated", |reader| {
            files::outdated_unscoped(reader, outdated, after, AT_A_TIME)
        })?;
        let Some((_, last)) = found.last() else {
            return Ok(erased);
        };
        after = *last;
        for prescription in found {
            erase(context, prescription)?;
            erased = erased.saturating_add(1);
        }
    }
}

fn erase(context: &Context, (store_id, id): (StoreId, PrescriptionId)) -> Result<()> {
    let now = context.now();
    let names = context.database().write("prescription_erase", move |tx| {
        let names = files::erase(tx, store_id, id)?;
        if !names.is_empty() {
            traces::of_erasure(tx, store_id, (id, names.len()), now)?;
        }
        Ok::<_, crate::Error>(names)
    })?;
    for name in &names {
        context.files().remove(Drawer::Prescriptions, name)?;
    }
    Ok(())
}
