//! Pictures of prescriptions whose time is over: first the key goes, then the file; the row stays.

use savdo_domain::ids::{PrescriptionId, StoreId};
use savdo_persistence::prescriptions::files;

use super::traces;
use crate::files::Drawer;
use crate::{Context, Result};

/// So many are looked up at a time.
const AT_A_TIME: i64 = 500;

/// Erases the pictures whose time is over, each prescription in a transaction of its own; says how many prescriptions. A job of the
/// worker. A file that stays behind, without its key, the sweep takes.
///
/// # Errors
/// A failed statement; what was erased until then stays so.
pub fn erase_outdated(context: &Context) -> Result<usize> {
    let outdated = context.keeping().outdated(context.now());
    let (mut erased, mut after) = (0_usize, PrescriptionId::new(0));
    loop {
        let kept = context.database().read("prescriptions_kept", |reader| {
            files::next_kept_unscoped(reader, outdated, after, AT_A_TIME)
        })?;
        let Some((_, last, _)) = kept.last() else {
            return Ok(erased);
        };
        after = *last;
        for (store_id, id, is_over) in kept {
            if is_over {
                erase(context, (store_id, id))?;
                erased = erased.saturating_add(1);
            }
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
        // Nobody can read it any more, and the sweep comes for it: no reason to keep the others.
        if let Err(error) = context.files().remove(Drawer::Prescriptions, name) {
            tracing::error!(prescription.id = %id, %error, "A file of prescription {id} stays behind its key: {error}");
        }
    }
    Ok(())
}
