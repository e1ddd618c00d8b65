//! What goods moved by hand leave behind: each movement one audit entry and one event.

use std::collections::BTreeMap;

use anyhow::Context as _;
use savdo_domain::Quantity;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{MovementId, ProductId};
use savdo_domain::stock::{LowStock, MovementType};
use savdo_persistence::Tx;
use savdo_persistence::stock::{self, MovementView};
use serde_json::json;

use crate::Result;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::events::{self, Event, News};
use crate::stock::ledger::{Document, Moved};
use crate::stock::running_low;

/// Goods of one product that were moved by hand.
#[derive(Debug, Clone, Copy)]
pub struct MovedGoods<'a> {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub name: &'a str,
    /// The unit it is sold in.
    pub unit: Unit,
    /// Which way.
    pub movement_type: MovementType,
    /// How much, above zero.
    pub quantity: Quantity,
    /// How much lies at the place afterwards.
    pub on_hand: Quantity,
}

/// Notes what was moved, and what runs low because of it; answers the movements as they are shown, in the order in which they are handed over.
///
/// # Errors
/// A failed statement.
pub(super) fn leave_traces(
    tx: &mut Tx<'_>,
    author: &Author,
    document: &Document<'_>,
    watch: LowStock,
    moved: &[Moved],
) -> Result<Vec<MovementView>> {
    let ids: Vec<MovementId> = moved.iter().map(|moved| moved.id).collect();
    let views = stock::movements(tx, document.store_id, &ids)?;
    let mut views: BTreeMap<MovementId, MovementView> = views.into_iter().map(|view| (view.id, view)).collect();
    let mut shown = Vec::with_capacity(moved.len());
    for moved in moved {
        let view = views.remove(&moved.id);
        let view = view.with_context(|| format!("movement {} was made", moved.id))?;
        let goods = MovedGoods {
            product_id: view.product_id,
            name: &view.product_name,
            unit: view.unit,
            movement_type: view.movement_type,
            quantity: view.quantity,
            on_hand: moved.on_hand,
        };
        let (entry, news) = of_movement(document, moved.id, &goods);
        audit::record(tx, author, document.at, entry)?;
        events::publish(tx, document.at, &news)?;
        let amounts = (moved.quantity, moved.on_hand);
        running_low::tell_of(tx, document.into(), watch, view.product_id, amounts)?;
        shown.push(view);
    }
    Ok(shown)
}

/// A movement by hand of goods of one product.
#[must_use]
pub fn of_movement(document: &Document<'_>, id: MovementId, goods: &MovedGoods<'_>) -> (Entry, News) {
    let MovedGoods {
        product_id,
        name,
        unit,
        movement_type,
        quantity,
        on_hand,
    } = *goods;
    let (way, before) = match movement_type {
        MovementType::In => ("Kirim", on_hand.checked_sub(quantity)),
        MovementType::Out => ("Chiqim", on_hand.checked_add(quantity)),
    };
    let entry = Entry {
        store_id: Some(document.store_id),
        action: Action::Create,
        subject_type: Subject::StockMovement,
        subject_id: id.get(),
        description: format!("{way}: {name}, {quantity} {unit}"),
        details: Some(json!({ "changes": { "quantity": { "old": before, "new": on_hand } } })),
    };
    let news = News {
        store_id: document.store_id,
        event: Event::StockChanged,
        subject: ("stock_movement", id.get()),
        payload: json!({
            "product_id": product_id,
            "location_id": document.place.location_id,
            "on_hand": on_hand,
        }),
    };
    (entry, news)
}
