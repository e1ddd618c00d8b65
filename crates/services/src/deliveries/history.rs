//! Looking at the steps that a delivery took.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::DeliveryId;
use savdo_persistence::deliveries::{self, DeliveryHistoryView, DeliveryView};

use crate::{Context, Result};

/// A delivery and its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryHistorySeen {
    /// The delivery.
    pub delivery: DeliveryView,
    /// Its steps, the oldest first.
    pub steps: Vec<DeliveryHistoryView>,
}

/// The delivery and its steps, the oldest first.
///
/// # Errors
/// As [`view`](super::view).
pub fn history(context: &Context, actor: &Actor, delivery_id: DeliveryId) -> Result<DeliveryHistorySeen> {
    let scope = actor.delivery_scope()?;
    context.database().read("delivery_history", |reader| {
        let delivery = deliveries::read::find(reader, &scope, delivery_id)?.ok_or(Refusal::NotFound)?;
        let steps = deliveries::read::history(reader, delivery.order.store.id, delivery.id)?;
        Ok(DeliveryHistorySeen { delivery, steps })
    })
}
