//! What returns leave behind: an audit entry for each step with its figures, an event once the goods are back.

use savdo_domain::ids::StoreId;
use savdo_domain::sale_return::SaleReturnStatus;
use savdo_persistence::sale_returns::{SaleReturnDetailView, SaleReturnView};
use serde_json::{Value, json};

use crate::audit::{self, Action, Entry, Subject};

/// A return was written down.
pub(super) fn of_new(store_id: StoreId, view: &SaleReturnDetailView) -> Entry {
    let sale_return = &view.sale_return;
    let details = json!({
        "sale": sale_return.sale_id,
        "branch": sale_return.branch_id,
        "total_amount": sale_return.total_amount,
        "items": items(view),
    });
    entry(store_id, Action::Create, sale_return, "yozildi", details)
}

/// A return was confirmed: what it changed, and what came back for what.
pub(super) fn of_confirmed(store_id: StoreId, before: &SaleReturnDetailView, view: &SaleReturnDetailView) -> Entry {
    let mut details = audit::changes(&figures(&before.sale_return), &figures(&view.sale_return));
    if let Some(details) = details.as_object_mut() {
        details.insert("items".to_owned(), items(view));
    }
    entry(store_id, Action::Confirm, &view.sale_return, "tasdiqlandi", details)
}

/// A return was dropped.
pub(super) fn of_cancelled(store_id: StoreId, before: SaleReturnStatus, view: &SaleReturnDetailView) -> Entry {
    let details = json!({ "changes": { "status": { "old": before, "new": view.sale_return.status } } });
    entry(store_id, Action::Cancel, &view.sale_return, "bekor qilindi", details)
}

/// What subscribers are told of a return.
pub(super) fn payload(store_id: StoreId, view: &SaleReturnView) -> Value {
    json!({
        "sale_return_id": view.id,
        "sale_id": view.sale_id,
        "branch_id": view.branch_id,
        "store_id": store_id,
        "total": view.total_amount,
    })
}

fn entry(store_id: StoreId, action: Action, view: &SaleReturnView, done: &str, details: Value) -> Entry {
    let SaleReturnView {
        id,
        sale_number,
        total_amount,
        ..
    } = view;
    Entry {
        store_id: Some(store_id),
        action,
        subject_type: Subject::SaleReturn,
        subject_id: id.get(),
        description: format!("Qaytarish {done}: sotuv №{sale_number}, {total_amount} so'm"),
        details: Some(details),
    }
}

fn figures(view: &SaleReturnView) -> Value {
    json!({
        "status": view.status,
        "smena": view.shift_id,
        "total_amount": view.total_amount,
        "refund_cash": view.refund.cash,
        "refund_card": view.refund.card,
        "debt_reduced": view.refund.debt,
    })
}

fn items(view: &SaleReturnDetailView) -> Value {
    let lines = view.lines.iter().map(|line| {
        json!({
            "sale_item": line.sale_line_id,
            "product": line.product_id,
            "quantity": line.quantity,
            "total_price": line.total_price,
        })
    });
    lines.collect()
}
