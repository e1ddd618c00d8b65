//! What a sale leaves behind for the audit log and for subscribers.

use savdo_domain::Money;
use savdo_domain::ids::{ShiftId, StoreId};
use savdo_domain::sale::{DiscountSource, SaleStatus, Settlement};
use savdo_persistence::Tx;
use savdo_persistence::sales::{GoodsView, SaleDetailView, SaleView};
use serde_json::{Value, json};

use super::seller::Seller;
use crate::Result;
use crate::audit::{self, Action, Entry, Subject};
use crate::events::{self, Event};

/// Leaves the entry and the event of a new sale, `goods` being those of its lines.
pub(super) fn leave(tx: &mut Tx<'_>, seller: &Seller, view: &SaleDetailView, goods: &[GoodsView]) -> Result<()> {
    let (id, number) = (view.sale.id, view.sale.number);
    let entry = Entry {
        store_id: Some(seller.store_id),
        action: Action::Create,
        subject_type: Subject::Sale,
        subject_id: id.get(),
        description: format!("Sotuv №{number}: {} so'm", view.sale.net_total),
        details: priced_by_hand(view, goods),
    };
    audit::record(tx, &seller.author, seller.at, entry)?;
    let payload = payload(seller.store_id, &view.sale);
    let subject = ("sale", id.get());
    events::publish(tx, seller.store_id, seller.at, Event::SaleCompleted, subject, &payload)?;
    Ok(())
}

/// What subscribers are told of a sale.
pub(super) fn payload(store_id: StoreId, sale: &SaleView) -> Value {
    json!({ "sale_id": sale.id, "branch_id": sale.branch_id, "store_id": store_id, "total": sale.net_total })
}

/// The entry of a sale that was undone, before it `status`.
pub(super) fn of_cancelled(
    store_id: StoreId,
    status: SaleStatus,
    view: &SaleDetailView,
    shift_id: Option<ShiftId>,
) -> Entry {
    let SaleView {
        id, number, net_total, ..
    } = &view.sale;
    let before = ending(status, None, "", Settlement::default());
    let after = ending(view.sale.status, shift_id, &view.cancel_reason, view.refund);
    Entry {
        store_id: Some(store_id),
        action: Action::Cancel,
        subject_type: Subject::Sale,
        subject_id: id.get(),
        description: format!("Sotuv №{number} bekor qilindi: {net_total} so'm"),
        details: Some(audit::changes(&before, &after)),
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
fn priced_by_hand(view: &SaleDetailView, goods: &[GoodsView]) -> Option<Value> {
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
