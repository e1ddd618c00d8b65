//! What goods moved by hand leave behind: each movement one audit entry and one event.

use std::collections::BTreeMap;

use anyhow::Context as _;
use savdo_domain::ids::MovementId;
use savdo_domain::stock::{LowStock, MovementType};
use savdo_persistence::Tx;
use savdo_persistence::stock::{self, MovementView};
use serde_json::json;

use crate::Result;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::events::{self, Event};
use crate::stock::ledger::{Document, Moved};
use crate::stock::running_low;

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
        note(tx, author, document, moved, &view)?;
        let amounts = (moved.quantity, moved.on_hand);
        running_low::tell_of(tx, document.into(), watch, view.product_id, amounts)?;
        shown.push(view);
    }
    Ok(shown)
}

fn note(tx: &mut Tx<'_>, author: &Author, document: &Document<'_>, moved: &Moved, view: &MovementView) -> Result<()> {
    let way = match view.movement_type {
        MovementType::In => "Kirim",
        MovementType::Out => "Chiqim",
    };
    let before = moved.on_hand.checked_sub(moved.quantity);
    let entry = Entry {
        store_id: Some(document.store_id),
        action: Action::Create,
        subject_type: Subject::StockMovement,
        subject_id: view.id.get(),
        description: format!("{way}: {}, {} {}", view.product_name, view.quantity, view.unit),
        details: Some(json!({ "changes": { "quantity": { "old": before, "new": moved.on_hand } } })),
    };
    audit::record(tx, author, document.at, entry)?;
    let payload = json!({
        "product_id": view.product_id,
        "location_id": view.place.location_id,
        "on_hand": moved.on_hand,
    });
    let subject = ("stock_movement", view.id.get());
    events::publish(
        tx,
        document.store_id,
        document.at,
        Event::StockChanged,
        subject,
        &payload,
    )?;
    Ok(())
}
