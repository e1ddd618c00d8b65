//! What a shift leaves behind for the audit log.
//!
//! Made of plain facts and written by whoever asks for them, so that shifts in bulk leave what shifts one by one do.

use savdo_domain::Money;
use savdo_domain::ids::{ShiftId, StoreId};
use savdo_domain::shift::{ShiftReport, ShiftStatus};
use serde_json::{Value, json};

use crate::audit::{Action, Entry, Subject};

/// A shift that was opened at the branch of this name, with so much in the drawer.
#[must_use]
pub fn of_opening(shift: (StoreId, ShiftId), branch: &str, cash_start: Money) -> Entry {
    let description = format!("Smena ochildi: {branch}, kassada {cash_start} so'm");
    entry(shift, Action::Open, description, None)
}

/// A shift that was closed at the branch of this name.
#[must_use]
pub fn of_closing(shift: (StoreId, ShiftId), branch: &str, report: &ShiftReport) -> Entry {
    let details = json!({
        "changes": { "status": { "old": ShiftStatus::Open, "new": ShiftStatus::Closed } },
        "sales_total": report.sales_total,
        "cash_expected": report.cash_expected,
        "cash_end": report.cash_end,
        "cash_difference": report.cash_difference,
    });
    entry(shift, Action::Close, format!("Smena yopildi: {branch}"), Some(details))
}

fn entry((store_id, id): (StoreId, ShiftId), action: Action, description: String, details: Option<Value>) -> Entry {
    Entry {
        store_id: Some(store_id),
        action,
        subject_type: Subject::Shift,
        subject_id: id.get(),
        description,
        details,
    }
}
