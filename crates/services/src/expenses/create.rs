//! An expense is written down.

use chrono::NaiveDate;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::expense::{self, Tender};
use savdo_domain::ids::{ExpenseCategoryId, LocationId, StoreId};
use savdo_domain::{FieldErrors, FieldProblem, Money, Refusal};
use savdo_persistence::Tx;
use savdo_persistence::expenses::{self, Expense, ExpenseView, NewExpense, StoredExpense, categories};

use super::traces;
use crate::audit::{self, Author};
use crate::files::{Attached, RECEIPT, Upload};
use crate::once::Once;
use crate::{Context, Result, counter, shifts};

/// An expense to be written down.
#[derive(Debug, Clone)]
pub struct CreateExpense {
    /// What it was for.
    pub category: ExpenseCategoryId,
    /// How much.
    pub amount: Money,
    /// On which day of the store.
    pub day: NaiveDate,
    /// Where; the worker's own branch when none is named.
    pub branch: Option<LocationId>,
    /// How it was paid.
    pub payment_type: Tender,
    /// A remark, possibly empty.
    pub description: String,
    /// Its receipt, as it was sent.
    pub receipt: Option<Upload>,
}

/// Writes an expense of the caller's store down. Branch and category are held in use, then the open shift of the branch, then the
/// expense is written.
///
/// # Errors
/// A missing right; at their fields: a category or branch that is none of the store's or put aside, no branch at all, an
/// amount of nothing, a day too late, a receipt that is none.
pub fn create<O: Once<ExpenseView>>(
    context: &Context,
    actor: &Actor,
    mut command: CreateExpense,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::AddExpense)?;
    let (store_id, worker_id, own_branch) = (seat.store_id(), seat.worker_id(), seat.worker.branch);
    let author = Author::from(actor);
    let now = context.now();
    let today = seat.zone().day(now);
    let receipt = Attached::of_new(context, RECEIPT, command.receipt.take(), now)?;
    let (receipt_file, token) = (receipt.name().to_owned(), receipt.token());
    let written = once.write(context, actor, "expense_create", move |tx| {
        let mut errors = FieldErrors::new();
        errors.keep("amount", expense::check_amount(command.amount));
        errors.keep("date", expense::check_day(command.day, today));
        let counter = errors.keep("branch", counter::hold(tx, store_id, command.branch.or(own_branch))?);
        check_category(tx, store_id, command.category, &mut errors)?;
        errors.into_result()?;
        let counter = counter.ok_or(Refusal::NotFound)?;
        let shift_id = shifts::may_join(tx, store_id, &counter)?;
        let new = NewExpense {
            store_id,
            branch_id: counter.location_id,
            worker_id,
            shift_id,
            expense: Expense {
                category_id: command.category,
                amount: command.amount,
                payment_type: command.payment_type,
                day: command.day,
                description: command.description.clone(),
                receipt_file: receipt_file.clone(),
                status: RowStatus::Active,
            },
            created_at: now,
        };
        let id = expenses::insert(tx, &new)?;
        let stored = StoredExpense {
            id,
            branch_id: new.branch_id,
            worker_id,
            shift_id,
            expense: new.expense,
            created_at: now,
        };
        audit::record(tx, &author, now, traces::of_new(store_id, &stored))?;
        let view = expenses::find(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        token.used();
        Ok(view)
    });
    receipt.settle(written)
}

/// Notes a category that is none of the store's, or put aside.
pub(super) fn check_category(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    id: ExpenseCategoryId,
    errors: &mut FieldErrors,
) -> Result<()> {
    if !categories::hold_active(tx, store_id, id)? {
        errors.add("category", FieldProblem::UnknownObject);
    }
    Ok(())
}
