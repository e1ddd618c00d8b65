//! What a sale leaves behind for the audit log and for subscribers.

use savdo_domain::ids::StoreId;
use savdo_domain::sale::DiscountSource;
use savdo_persistence::Tx;
use savdo_persistence::sales::{SaleDetailView, SaleView};
use serde_json::{Value, json};

use super::seller::Seller;
use crate::Result;
use crate::audit::{self, Action, Entry};
use crate::events::{self, Event};

/// Leaves the entry and the event of a new sale.
pub(super) fn leave(tx: &mut Tx<'_>, seller: &Seller, view: &SaleDetailView) -> Result<()> {
    let (id, number) = (view.sale.id, view.sale.number);
    let entry = Entry {
        store_id: Some(seller.store_id),
        action: Action::Create,
        subject_type: "sale",
        subject_id: id.get(),
        description: format!("Sotuv №{number}: {} so'm", view.sale.net_total),
        details: discounts(view),
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

/// What was given away by hand, for the audit log.
fn discounts(view: &SaleDetailView) -> Option<Value> {
    let by_hand = view.lines.iter().filter(|line| line.source == DiscountSource::Manual);
    let lines: Vec<Value> = by_hand
        .map(|line| {
            json!({
                "product": line.product_id,
                "quantity": line.quantity,
                "original_price": line.original_price,
                "item_discount_pct": line.discount_percent,
                "item_discount_amt": line.discount_per_unit,
            })
        })
        .collect();
    let is_any = !lines.is_empty() || !view.sale.discount_amount.is_zero();
    is_any.then(|| json!({ "discount_amount": view.sale.discount_amount, "lines": lines }))
}
