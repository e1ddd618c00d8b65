//! An expense is corrected, put aside, or brought back.

use chrono::NaiveDate;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::expense::{self, Tender};
use savdo_domain::ids::{ExpenseCategoryId, ExpenseId};
use savdo_domain::{FieldErrors, Money, Refusal};
use savdo_persistence::expenses::{self, Expense, ExpenseView, StoredExpense};

use super::create::check_category;
use super::traces;
use crate::audit::{self, Action, Author};
use crate::files::{Attached, RECEIPT, Replaced, Upload};
use crate::{Context, Result, shifts};

/// What is to change of an expense; `None` leaves it as it is, `Some(None)` clears it.
#[derive(Debug, Clone, Default)]
pub struct ChangeExpense {
    /// What it was for.
    pub category: Option<ExpenseCategoryId>,
    /// How much.
    pub amount: Option<Money>,
    /// On which day of the store.
    pub day: Option<NaiveDate>,
    /// How it was paid.
    pub payment_type: Option<Tender>,
    /// A remark, possibly empty.
    pub description: Option<String>,
    /// Its receipt, as it was sent.
    pub receipt: Option<Option<Upload>>,
    /// Whether it counts.
    pub status: Option<RowStatus>,
}

/// Changes an expense of the caller's store.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's; at their fields what a new expense would be
/// refused for, where it changes; [`ShiftRefusal::AlreadyClosed`](savdo_domain::shift::ShiftRefusal) where the sums of a closed
/// shift would change.
pub fn change(context: &Context, actor: &Actor, id: ExpenseId, command: ChangeExpense) -> Result<ExpenseView> {
    applied(context, actor, id, command, Action::Update)
}

/// Puts an expense aside, so that it counts no more; one that is put aside stays so.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's;
/// [`ShiftRefusal::AlreadyClosed`](savdo_domain::shift::ShiftRefusal).
pub fn put_aside(context: &Context, actor: &Actor, id: ExpenseId) -> Result<ExpenseView> {
    let command = ChangeExpense {
        status: Some(RowStatus::Inactive),
        ..ChangeExpense::default()
    };
    applied(context, actor, id, command, Action::Delete)
}

/// Locks the expense, then holds its new category in use and its shift where its sums change.
fn applied(
    context: &Context,
    actor: &Actor,
    id: ExpenseId,
    mut command: ChangeExpense,
    action: Action,
) -> Result<ExpenseView> {
    let seat = actor.permit(Permission::ChangeExpenses)?;
    let store_id = seat.store_id();
    let author = Author::from(actor);
    let now = context.now();
    let today = seat.zone().day(now);
    let receipt = Attached::of_change(context, RECEIPT, command.receipt.take(), now)?;
    let (receipt_file, token) = (receipt.change(), receipt.token());
    let replaced = Replaced::default();
    let name_before = replaced.clone();
    let changed = context.database().write("expense_change", move |tx| {
        let before = expenses::lock(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let after = StoredExpense {
            expense: command.clone().applied_to(before.expense.clone(), receipt_file.clone()),
            ..before.clone()
        };
        let mut errors = FieldErrors::new();
        if command.amount.is_some() {
            errors.keep("amount", expense::check_amount(after.expense.amount));
        }
        if before.expense.day != after.expense.day {
            errors.keep("date", expense::check_day(after.expense.day, today));
        }
        if before.expense.category_id != after.expense.category_id {
            check_category(tx, store_id, after.expense.category_id, &mut errors)?;
        }
        errors.into_result()?;
        if summed(&before.expense) != summed(&after.expense) {
            shifts::check_open(tx, store_id, before.shift_id)?;
        }
        if after != before {
            expenses::update(tx, store_id, id, &after.expense)?;
            audit::record(tx, &author, now, traces::of_change(store_id, action, &before, &after))?;
        }
        let view = expenses::find(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        token.used();
        name_before.note(&before.expense.receipt_file);
        Ok(view)
    });
    receipt.settle_change(changed, &replaced)
}

/// What the report of a shift sums.
const fn summed(expense: &Expense) -> (Money, Tender, RowStatus) {
    (expense.amount, expense.payment_type, expense.status)
}

impl ChangeExpense {
    fn applied_to(self, before: Expense, receipt_file: Option<String>) -> Expense {
        let Self {
            category,
            amount,
            day,
            payment_type,
            description,
            receipt: _,
            status,
        } = self;
        Expense {
            category_id: category.unwrap_or(before.category_id),
            amount: amount.unwrap_or(before.amount),
            payment_type: payment_type.unwrap_or(before.payment_type),
            day: day.unwrap_or(before.day),
            description: description.unwrap_or(before.description),
            receipt_file: receipt_file.unwrap_or(before.receipt_file),
            status: status.unwrap_or(before.status),
        }
    }
}
