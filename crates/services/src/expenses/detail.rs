//! One expense.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::ExpenseId;
use savdo_persistence::expenses::{self, ExpenseView};

use crate::{Context, Result};

/// One expense of the caller's store, in whatever state.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's.
pub fn detail(context: &Context, actor: &Actor, id: ExpenseId) -> Result<ExpenseView> {
    let seat = actor.permit(Permission::ViewExpenses)?;
    let found = context
        .database()
        .read("expense_detail", |reader| expenses::find(reader, seat.store_id(), id))?;
    found.ok_or_else(|| Refusal::NotFound.into())
}
