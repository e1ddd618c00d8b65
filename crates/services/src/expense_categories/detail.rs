//! One category of expenses.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::ExpenseCategoryId;
use savdo_persistence::expenses::categories::{self, ExpenseCategoryView};

use crate::{Context, Result};

/// One category of the caller's store, in whatever state.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's.
pub fn detail(context: &Context, actor: &Actor, id: ExpenseCategoryId) -> Result<ExpenseCategoryView> {
    let seat = actor.permit(Permission::ViewExpenses)?;
    let found = context.database().read("expense_category_detail", |reader| {
        categories::find(reader, seat.store_id(), id)
    })?;
    found.ok_or_else(|| Refusal::NotFound.into())
}
