//! A substance is changed.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Effect};
use savdo_domain::ids::SubstanceId;
use savdo_persistence::products;
use savdo_persistence::substances::{self, Substance, SubstanceView};

use super::create::name_taken;
use super::traces;
use crate::audit::{self, Action, Author};
use crate::{Context, Result};

/// What is to change of a substance; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct ChangeSubstance {
    /// Its name.
    pub name: Option<String>,
    /// What it is.
    pub description: Option<String>,
}

/// Changes a substance; customers find its products by the new name.
///
/// Locks the substance, then its products in the order of their ids.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's; at `name` one that another substance of the store
/// has.
pub fn change(context: &Context, actor: &Actor, id: SubstanceId, command: ChangeSubstance) -> Result<SubstanceView> {
    let scope = actor.catalogue_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("substance_change", move |tx| {
        let store_id = substances::store_of(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        let before = substances::lock(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let after = Substance {
            name: command.name.clone().unwrap_or_else(|| before.name.clone()),
            description: command
                .description
                .clone()
                .unwrap_or_else(|| before.description.clone()),
        };
        if after != before {
            substances::update(tx, store_id, id, &after).map_err(name_taken)?;
            let entry = traces::entry((store_id, id), Action::Update, &after, Some(&before));
            audit::record(tx, &author, now, entry)?;
        }
        if after.name != before.name {
            products::rewrite_texts(tx, store_id, id)?;
        }
        let Substance { name, description } = after;
        Ok(SubstanceView {
            id,
            store_id,
            name,
            description,
        })
    })
}
