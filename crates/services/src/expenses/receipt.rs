//! The receipt of an expense.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::ExpenseId;

use super::detail;
use crate::files::{Drawer, OpenFile};
use crate::{Context, Result};

/// The receipt of an expense of the caller's store.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown expense, another store's, or one without a receipt; a disk that
/// cannot be read.
pub fn receipt(context: &Context, actor: &Actor, id: ExpenseId) -> Result<OpenFile> {
    let view = detail(context, actor, id)?;
    let found = context
        .files()
        .open(Drawer::Receipts, &view.stored.expense.receipt_file)?;
    found.ok_or_else(|| Refusal::NotFound.into())
}
