//! The categories of a store's expenses.

use savdo_domain::access::{Actor, Permission};
use savdo_persistence::expenses::categories::{self, ExpenseCategoryColumn, ExpenseCategoryView};

use crate::{Context, ListRows, Listed, Result};

/// Which categories are wanted.
pub type ListExpenseCategories = ListRows<ExpenseCategoryColumn>;

/// The categories of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: ListExpenseCategories) -> Result<Listed<ExpenseCategoryView>> {
    let Some(seat) = actor.permit_list(Permission::ViewExpenses)? else {
        return Ok(Listed::none());
    };
    let (page, filter) = query.split();
    let listed = context.list(actor, "expense_category_list", &page, |reader, wanted| {
        categories::list(reader, seat.store_id(), &filter, wanted)
    })?;
    Ok(listed)
}
