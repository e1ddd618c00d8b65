//! What the audit log is told of workers: old and new values, a password only as that it changed.

use savdo_domain::access::Role;
use savdo_domain::ids::StoreId;
use serde_json::{Value, json};

use super::StaffView;
use crate::audit::{self, Action, Entry, Subject};

/// The entry of a worker that somebody took on.
pub(super) fn of_hire(store_id: StoreId, worker: &StaffView) -> Entry {
    let changes = audit::changes(&json!({}), &told(worker));
    entry(store_id, Action::Create, worker, "Xodim qo'shildi", changes)
}

/// The entry of a change; `has_password` when there is another password too.
pub(super) fn of_change(
    store_id: StoreId,
    (action, what): (Action, &str),
    (before, after): (&StaffView, &StaffView),
    has_password: bool,
) -> Entry {
    let mut changes = audit::changes(&told(before), &told(after));
    if has_password && let Some(fields) = changes.get_mut("changes").and_then(Value::as_object_mut) {
        fields.insert("password".to_owned(), json!({ "old": "***", "new": "***" }));
    }
    entry(store_id, action, after, what, changes)
}

fn entry(store_id: StoreId, action: Action, worker: &StaffView, what: &str, details: Value) -> Entry {
    Entry {
        store_id: Some(store_id),
        action,
        subject_type: Subject::Worker,
        subject_id: worker.post.worker_id.get(),
        description: format!("{what}: {} ({})", worker.full_name(), Role::label(worker.post.role)),
        details: Some(details),
    }
}

fn told(worker: &StaffView) -> Value {
    json!({
        "username": worker.username,
        "first_name": worker.first_name,
        "last_name": worker.last_name,
        "phone1": worker.phone,
        "phone2": worker.phone2,
        "email": worker.email,
        "role": worker.post.role,
        "status": worker.post.status,
        "branch": worker.branch.as_ref().map(|(id, _)| id),
        "salary": worker.salary,
        "permissions": worker.post.sections(),
    })
}
