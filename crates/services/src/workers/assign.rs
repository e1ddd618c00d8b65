//! Giving sections to a worker and taking them away.

use std::collections::BTreeSet;

use savdo_domain::access::{Actor, Permission, PostChange, Section, SectionsChange};
use savdo_domain::ids::WorkerId;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};

use super::{StaffView, post};
use crate::audit::Action;
use crate::{Context, Result};

/// Sections to be given and taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssignSections {
    /// These too.
    pub add: Option<BTreeSet<Section>>,
    /// These no longer.
    pub remove: Option<BTreeSet<Section>>,
}

/// Gives sections to a worker and takes others away; an owner keeps all.
///
/// # Errors
/// A missing right; [`Refusal::EmptyPatch`]; a section both given and taken;
/// [`Refusal::NotFound`] for another store's worker; a right that does not reach him.
pub fn assign(context: &Context, actor: &Actor, id: WorkerId, command: AssignSections) -> Result<StaffView> {
    actor.permit(Permission::ChangeWorkers)?;
    if command == AssignSections::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    let (add, remove) = (command.add.unwrap_or_default(), command.remove.unwrap_or_default());
    if !add.is_disjoint(&remove) {
        return Err(FieldErrors::across(FieldProblem::Contradiction).into());
    }
    let change = PostChange {
        sections: Some(SectionsChange::By { add, remove }),
        ..PostChange::default()
    };
    post::give(
        context,
        actor,
        id,
        (Action::Assign, "Xodim bo'limlari o'zgartirildi"),
        move |post| Ok(post.after(&change)),
    )
}
