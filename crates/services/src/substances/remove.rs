//! A substance is taken away.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Effect};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::SubstanceId;
use savdo_persistence::substances;

use super::traces;
use crate::audit::{self, Action, Author};
use crate::{Context, Result};

/// Takes away a substance that no product has, one of the archive neither: it may come back from there.
///
/// Locks the substance, and reads in a later statement who has it.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's; [`CatalogRefusal::InUse`].
pub fn remove(context: &Context, actor: &Actor, id: SubstanceId) -> Result<()> {
    let scope = actor.catalogue_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("substance_remove", move |tx| {
        let store_id = substances::store_of(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        let substance = substances::lock(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        if substances::is_used(tx, store_id, id)? {
            return Err(CatalogRefusal::InUse.into());
        }
        substances::delete(tx, store_id, id)?;
        let entry = traces::entry((store_id, id), Action::Delete, &substance, None);
        Ok(audit::record(tx, &author, now, entry)?)
    })
}
