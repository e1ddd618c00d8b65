//! A substance is made.

use savdo_domain::access::{Actor, Effect};
use savdo_domain::ids::StoreId;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::substances::{self, Substance, SubstanceView};
use savdo_persistence::{Constraint, Error as StorageError};

use super::traces;
use crate::audit::{self, Action, Author};
use crate::catalogue::store_to_write;
use crate::once::Once;
use crate::{Context, Error, Result};

/// A substance to be made.
#[derive(Debug, Clone)]
pub struct CreateSubstance {
    /// Its name.
    pub name: String,
    /// What it is, possibly nothing.
    pub description: String,
    /// In which store; only an admin of the installation says so.
    pub store: Option<StoreId>,
}

/// Makes a substance.
///
/// # Errors
/// A missing right; at `store` none or an unknown one from an admin; at `name` one that another substance of the store has.
pub fn create<O: Once<SubstanceView>>(
    context: &Context,
    actor: &Actor,
    command: CreateSubstance,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.catalogue_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let now = context.now();
    let CreateSubstance {
        name,
        description,
        store,
    } = command;
    let substance = Substance { name, description };
    once.write(context, actor, "substance_create", move |tx| {
        let store_id = store_to_write(tx, scope, store)?;
        let id = substances::insert(tx, store_id, &substance, now).map_err(name_taken)?;
        audit::record(
            tx,
            &author,
            now,
            traces::entry((store_id, id), Action::Create, &substance, None),
        )?;
        let Substance { name, description } = substance.clone();
        Ok(SubstanceView {
            id,
            store_id,
            name,
            description,
        })
    })
}

/// Another substance of the store has the name.
pub(super) fn name_taken(error: StorageError) -> Error {
    match error {
        StorageError::Refused(Constraint::SubstanceNameTaken) => FieldErrors::one("name", FieldProblem::Taken).into(),
        other => other.into(),
    }
}
