//! A delivery as one caller sees it.

use savdo_domain::access::Actor;
use savdo_domain::access::Scope;
use savdo_domain::ids::DeliveryId;
use savdo_domain::order::Hand;
use savdo_domain::order::{PaymentMethod, PaymentStatus};
use savdo_domain::{Money, Refusal};
use savdo_persistence::Reader;
use savdo_persistence::deliveries::{self, DeliveryView};
use savdo_persistence::orders::{self, OrderLineView};

use crate::Result;
use crate::orders::seen::hand;

/// A delivery with its goods, as one caller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliverySeen {
    /// The delivery and its order.
    pub delivery: DeliveryView,
    /// The lines of the order.
    pub lines: Vec<OrderLineView>,
    /// What the courier has to take in cash.
    pub cash_due: Money,
    /// Whether this caller may call the buyer: a courier no longer once the delivery has ended.
    pub shows_buyer_phone: bool,
}

/// A delivery of the scope.
///
/// # Errors
/// [`Refusal::NotFound`] for any other, failed statements.
pub(super) fn one(
    reader: &mut Reader<'_>,
    actor: &Actor,
    scope: &Scope,
    delivery_id: DeliveryId,
) -> Result<DeliverySeen> {
    let delivery = deliveries::read::find(reader, scope, delivery_id)?.ok_or(Refusal::NotFound)?;
    let order = &delivery.order;
    let lines = orders::read::lines(reader, std::slice::from_ref(order))?;
    let is_due = order.payment_method == PaymentMethod::Cash && order.payment_status == PaymentStatus::Pending;
    Ok(DeliverySeen {
        lines,
        cash_due: if is_due { order.total_price } else { Money::ZERO },
        shows_buyer_phone: hand(actor, order) != Hand::Courier || delivery.status.is_active(),
        delivery,
    })
}
