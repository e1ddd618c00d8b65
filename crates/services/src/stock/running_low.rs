//! Tells when goods run low: at most once for a product and a document.

use chrono::{DateTime, Utc};
use savdo_domain::Quantity;
use savdo_domain::ids::{LocationId, ProductId, StoreId};
use savdo_domain::stock::{LowStock, Withdrawal};
use savdo_persistence::Tx;
use serde_json::json;

use crate::Result;
use crate::events::{self, Event, News};
use crate::stock::ledger::Document;

/// Where goods left, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Left {
    store_id: StoreId,
    location_id: LocationId,
    at: DateTime<Utc>,
}

impl From<&Document<'_>> for Left {
    fn from(document: &Document<'_>) -> Self {
        Self {
            store_id: document.store_id,
            location_id: document.place.location_id,
            at: document.at,
        }
    }
}

/// Tells of every product that a document has made run low.
///
/// # Errors
/// A failed statement.
pub(crate) fn tell(tx: &mut Tx<'_>, left: Left, watch: LowStock, withdrawal: &Withdrawal) -> Result<()> {
    for movement in &withdrawal.movements {
        tell_of(
            tx,
            left,
            watch,
            movement.product_id,
            (movement.quantity, movement.level.on_hand),
        )?;
    }
    Ok(())
}

/// Tells of a product where a movement of so much, which left so much there, has made it run low.
///
/// # Errors
/// A failed statement.
pub(crate) fn tell_of(
    tx: &mut Tx<'_>,
    left: Left,
    watch: LowStock,
    product_id: ProductId,
    (quantity, on_hand): (Quantity, Quantity),
) -> Result<()> {
    if !watch.is_reached(quantity, on_hand) {
        return Ok(());
    }
    let news = News {
        store_id: left.store_id,
        event: Event::StockLow,
        subject: ("product", product_id.get()),
        payload: json!({
            "product_id": product_id,
            "location_id": left.location_id,
            "on_hand": on_hand,
        }),
    };
    events::publish(tx, left.at, &news)?;
    Ok(())
}
