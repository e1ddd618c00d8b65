//! A category of expenses is made.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::expenses::categories::{self, ExpenseCategoryView};
use savdo_persistence::{Constraint, Error as StorageError};

use crate::audit::{self, Action, Author, Entry, Subject};
use crate::once::Once;
use crate::{Context, Error, Result};

/// A category to be made.
#[derive(Debug, Clone)]
pub struct CreateExpenseCategory {
    /// Its name.
    pub name: String,
}

/// Makes a category in the caller's store.
///
/// # Errors
/// A missing right; at `name` one that another active category has.
pub fn create<O: Once<ExpenseCategoryView>>(
    context: &Context,
    actor: &Actor,
    command: CreateExpenseCategory,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::ChangeExpenses)?;
    let store_id = seat.store_id();
    let author = Author::from(actor);
    let now = context.now();
    let name = command.name;
    once.write(context, actor, "expense_category_create", move |tx| {
        let id = categories::insert(tx, store_id, &name, now).map_err(name_taken)?;
        let entry = Entry {
            store_id: Some(store_id),
            action: Action::Create,
            subject_type: Subject::ExpenseCategory,
            subject_id: id.get(),
            description: format!("Xarajat kategoriyasi yaratildi: {name}"),
            details: None,
        };
        audit::record(tx, &author, now, entry)?;
        categories::find(tx, store_id, id)?.ok_or_else(|| Refusal::NotFound.into())
    })
}

/// Another active category has the name.
pub(super) fn name_taken(error: StorageError) -> Error {
    match error {
        StorageError::Refused(Constraint::ExpenseCategoryNameTaken) => {
            FieldErrors::one("name", FieldProblem::Taken).into()
        }
        other => other.into(),
    }
}
