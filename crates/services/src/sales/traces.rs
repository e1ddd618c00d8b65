//! What a sale leaves behind for the audit log and for subscribers.
//!
//! Made of plain facts and written by whoever asks for them, so that sales in bulk leave what sales one by one do.

use savdo_domain::Money;
use savdo_domain::ids::{LocationId, SaleId, ShiftId, StoreId};
use savdo_domain::sale::{DiscountSource, SaleStatus, Settlement};
use savdo_persistence::sales::{GoodsView, SaleDetailView, SaleView};
use serde_json::{Value, json};

use crate::audit::{self, Action, Entry, Subject};
use crate::events::{Event, News};

/// A sale, as far as its traces tell of it.
#[derive(Debug, Clone, Copy)]
pub struct TracedSale {
    /// The sale.
    pub id: SaleId,
    /// Its number in the store.
    pub number: i64,
    /// The store.
    pub store_id: StoreId,
    /// Where it was sold.
    pub branch_id: LocationId,
    /// What is to be paid.
    pub net_total: Money,
}

impl TracedSale {
    pub(super) const fn of(store_id: StoreId, sale: &SaleView) -> Self {
        Self {
            id: sale.id,
            number: sale.number,
            store_id,
            branch_id: sale.branch_id,
            net_total: sale.net_total,
        }
    }
}

/// A new sale; `priced_by_hand` are the prices that somebody gave.
#[must_use]
pub fn of_new(sale: TracedSale, priced_by_hand: Option<Value>) -> (Entry, News) {
    let description = format!("Sotuv №{}: {} so'm", sale.number, sale.net_total);
    (
        entry(sale, Action::Create, description, priced_by_hand),
        news(sale, Event::SaleCompleted),
    )
}

/// A sale that was undone: in which shift, why, and what its buyer got back.
#[must_use]
pub fn of_cancelled(
    sale: TracedSale,
    (shift_id, reason, refund): (Option<ShiftId>, &str, Settlement),
) -> (Entry, News) {
    let before = ending(SaleStatus::Completed, None, "", Settlement::default());
    let after = ending(SaleStatus::Cancelled, shift_id, reason, refund);
    let description = format!("Sotuv №{} bekor qilindi: {} so'm", sale.number, sale.net_total);
    let details = audit::changes(&before, &after);
    (
        entry(sale, Action::Cancel, description, Some(details)),
        news(sale, Event::SaleCancelled),
    )
}

fn entry(sale: TracedSale, action: Action, description: String, details: Option<Value>) -> Entry {
    Entry {
        store_id: Some(sale.store_id),
        action,
        subject_type: Subject::Sale,
        subject_id: sale.id.get(),
        description,
        details,
    }
}

fn news(sale: TracedSale, event: Event) -> News {
    let TracedSale {
        id,
        store_id,
        branch_id,
        net_total,
        ..
    } = sale;
    News {
        store_id,
        event,
        subject: ("sale", id.get()),
        payload: json!({ "sale_id": id, "branch_id": branch_id, "store_id": store_id, "total": net_total }),
    }
}

fn ending(status: SaleStatus, shift_id: Option<ShiftId>, reason: &str, refund: Settlement) -> Value {
    json!({
        "status": status,
        "cancel_smena": shift_id,
        "cancel_reason": reason,
        "refund_cash": refund.payment.cash,
        "refund_card": refund.payment.card,
        "refund_debt": refund.debt,
    })
}

/// What was priced by hand, for the audit log: discounts, and lines whose price before discount is not that of the catalogue.
pub(super) fn priced_by_hand(view: &SaleDetailView, goods: &[GoodsView]) -> Option<Value> {
    let by_hand =
        |source: DiscountSource, original: Money, listed: Money| source == DiscountSource::Manual || original != listed;
    let lines: Vec<Value> = view
        .lines
        .iter()
        .zip(goods)
        .filter(|(line, goods)| by_hand(line.source, line.original_price, goods.sale_price))
        .map(|(line, goods)| {
            json!({
                "product": line.product_id,
                "quantity": line.quantity,
                "list_price": goods.sale_price,
                "original_price": line.original_price,
                "item_discount_pct": line.discount_percent,
                "item_discount_amt": line.discount_per_unit,
            })
        })
        .collect();
    let is_any = !lines.is_empty() || !view.sale.discount_amount.is_zero();
    is_any.then(|| json!({ "discount_amount": view.sale.discount_amount, "lines": lines }))
}
