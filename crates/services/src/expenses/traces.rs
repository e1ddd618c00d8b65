//! What the audit log keeps of an expense: the whole row when it is made or put aside, else what changed.

use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::ids::StoreId;
use savdo_persistence::expenses::{Expense, StoredExpense};
use serde_json::{Value, json};

use crate::audit::{self, Action, Entry, Subject};

/// The entry of a new expense.
pub(super) fn of_new(store_id: StoreId, stored: &StoredExpense) -> Entry {
    let description = format!("Xarajat yozildi: {}", stored.expense.amount);
    entry(store_id, stored, Action::Create, description, row(stored))
}

/// The entry of a change.
pub(super) fn of_change(store_id: StoreId, action: Action, before: &StoredExpense, after: &StoredExpense) -> Entry {
    let mut details = audit::changes(&row(before), &row(after));
    let is_put_aside = (before.expense.status, after.expense.status) == (RowStatus::Active, RowStatus::Inactive);
    let done = if is_put_aside {
        if let Value::Object(details) = &mut details {
            details.insert("row".to_owned(), row(after));
        }
        "o'chirildi"
    } else {
        "o'zgartirildi"
    };
    let description = format!("Xarajat {done}: {}", after.expense.amount);
    entry(store_id, after, action, description, details)
}

fn entry(store_id: StoreId, stored: &StoredExpense, action: Action, description: String, details: Value) -> Entry {
    Entry {
        store_id: Some(store_id),
        action,
        subject_type: Subject::Expense,
        subject_id: stored.id.get(),
        description,
        details: Some(details),
    }
}

fn row(stored: &StoredExpense) -> Value {
    let StoredExpense {
        id: _,
        branch_id,
        worker_id,
        shift_id,
        expense,
        created_at: _,
    } = stored;
    let Expense {
        category_id,
        amount,
        payment_type,
        day,
        description,
        receipt_file,
        status,
    } = expense;
    json!({
        "category": category_id,
        "branch": branch_id,
        "worker": worker_id,
        "smena": shift_id,
        "amount": amount,
        "payment_type": payment_type.code(),
        "date": day.to_string(),
        "description": description,
        "receipt_image": receipt_file,
        "status": status.code(),
    })
}
