//! A category is made.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::categories::{self, CategoryView, NewCategory};
use savdo_persistence::{Constraint, Error as StorageError};

use crate::audit::{self, Action, Author, Entry, Subject};
use crate::once::Once;
use crate::{Context, Error, Result};

/// A category to be made.
#[derive(Debug, Clone)]
pub struct CreateCategory {
    /// Its name.
    pub name: String,
    /// What belongs into it, possibly nothing.
    pub description: String,
    /// The name of a symbol that clients draw, possibly none.
    pub icon: String,
}

/// Makes a category in the caller's store.
///
/// # Errors
/// A missing right; a name that another active category has.
pub fn create<O: Once<CategoryView>>(
    context: &Context,
    actor: &Actor,
    command: CreateCategory,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::ChangeCatalogue)?;
    let store_id = seat.store_id();
    let author = Author::from(actor);
    let now = context.now();
    let category = NewCategory {
        store_id,
        name: command.name,
        description: command.description,
        icon: command.icon,
        created_at: now,
    };
    once.write(context, actor, "category_create", move |tx| {
        let id = categories::insert(tx, &category).map_err(name_taken)?;
        let entry = Entry {
            store_id: Some(store_id),
            action: Action::Create,
            subject_type: Subject::Category,
            subject_id: id.get(),
            description: format!("Kategoriya yaratildi: {}", category.name),
            details: None,
        };
        audit::record(tx, &author, now, entry)?;
        categories::find(tx, store_id, id)?.ok_or_else(|| Refusal::NotFound.into())
    })
}

/// Another active category has the name.
pub(super) fn name_taken(error: StorageError) -> Error {
    match error {
        StorageError::Refused(Constraint::CategoryNameTaken) => FieldErrors::one("name", FieldProblem::Taken).into(),
        other => other.into(),
    }
}
