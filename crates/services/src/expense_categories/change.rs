//! A category of expenses is renamed, put aside, or brought back.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::coded::Coded;
use savdo_domain::ids::ExpenseCategoryId;
use savdo_persistence::expenses::categories::{self, ExpenseCategory, ExpenseCategoryView};
use serde_json::{Value, json};

use super::create::name_taken;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Result};

/// What is to change of a category; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct ChangeExpenseCategory {
    /// Its name.
    pub name: Option<String>,
    /// Whether it is in use.
    pub status: Option<RowStatus>,
}

/// Changes a category of the caller's store.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's; at `name` one that another active category
/// has, also for a category that is brought back.
pub fn change(
    context: &Context,
    actor: &Actor,
    id: ExpenseCategoryId,
    command: ChangeExpenseCategory,
) -> Result<ExpenseCategoryView> {
    applied(context, actor, id, command, Action::Update)
}

/// Puts a category aside; one that is put aside stays so. Its expenses keep it.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's.
pub fn put_aside(context: &Context, actor: &Actor, id: ExpenseCategoryId) -> Result<ExpenseCategoryView> {
    let command = ChangeExpenseCategory {
        status: Some(RowStatus::Inactive),
        ..ChangeExpenseCategory::default()
    };
    applied(context, actor, id, command, Action::Delete)
}

fn applied(
    context: &Context,
    actor: &Actor,
    id: ExpenseCategoryId,
    command: ChangeExpenseCategory,
    action: Action,
) -> Result<ExpenseCategoryView> {
    let seat = actor.permit(Permission::ChangeExpenses)?;
    let store_id = seat.store_id();
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("expense_category_change", move |tx| {
        let before = categories::lock(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let command = command.clone();
        let after = ExpenseCategory {
            name: command.name.unwrap_or_else(|| before.name.clone()),
            status: command.status.unwrap_or(before.status),
        };
        if after != before {
            categories::update(tx, store_id, id, &after).map_err(name_taken)?;
            let entry = Entry {
                store_id: Some(store_id),
                action,
                subject_type: Subject::ExpenseCategory,
                subject_id: id.get(),
                description: format!("Xarajat kategoriyasi o'zgartirildi: {}", after.name),
                details: Some(audit::changes(&told(&before), &told(&after))),
            };
            audit::record(tx, &author, now, entry)?;
        }
        categories::find(tx, store_id, id)?.ok_or_else(|| Refusal::NotFound.into())
    })
}

fn told(category: &ExpenseCategory) -> Value {
    let ExpenseCategory { name, status } = category;
    json!({ "name": name, "status": status.code() })
}
