//! What is answered about deliveries.

use savdo_domain::Money;
use savdo_domain::account::Language;
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::order::{OrderStatus, PaymentMethod, PaymentStatus};
use savdo_domain::zone::Zone;
use savdo_services::deliveries::{DeliveryHistoryView, DeliverySeen, DeliveryView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::messages;
use crate::pharmacy::orders::replies::{ChangedByReply, PersonReply};

/// A delivery.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryReply {
    id: i64,
    order: CarriedOrderReply,
    courier: Option<PersonReply>,
    #[schema(value_type = String)]
    status: DeliveryStatus,
    status_display: String,
    created_at: String,
    courier_assigned_at: Option<String>,
    delivered_at: Option<String>,
}

/// A delivery with what its courier needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryDetailReply {
    #[serde(flatten)]
    delivery: DeliveryReply,
    /// Why it was called off, possibly nothing.
    note: String,
    canceled_at: Option<String>,
    /// What is to be taken in cash.
    #[schema(value_type = String)]
    cash_due: Money,
    customer: RecipientReply,
    items: Vec<CarriedLineReply>,
}

/// The order of a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarriedOrderReply {
    id: i64,
    #[schema(value_type = String)]
    status: OrderStatus,
    #[schema(value_type = String)]
    total_price: Money,
    created_at: String,
    delivery_address: String,
    #[schema(value_type = String)]
    payment_method: PaymentMethod,
    #[schema(value_type = String)]
    payment_status: PaymentStatus,
}

/// Who gets the goods.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipientReply {
    first_name: String,
    phone_number: Option<String>,
}

/// Goods that are carried.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarriedLineReply {
    product_name: String,
    quantity: i64,
}

/// A step that a delivery took.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryStepReply {
    id: i64,
    /// Null where the delivery began.
    #[schema(value_type = Option<String>)]
    old_status: Option<DeliveryStatus>,
    #[schema(value_type = String)]
    new_status: DeliveryStatus,
    changed_by: Option<ChangedByReply>,
    comment: String,
    changed_at: String,
}

impl DeliveryReply {
    pub(in crate::pharmacy) fn new(delivery: DeliveryView, language: Language) -> Self {
        let order = delivery.order;
        let zone = order.store.zone;
        Self {
            id: delivery.id.get(),
            order: CarriedOrderReply {
                id: order.id.get(),
                status: order.status,
                total_price: order.total_price,
                created_at: zone.write(order.created_at),
                delivery_address: order.delivery_address,
                payment_method: order.payment_method,
                payment_status: order.payment_status,
            },
            courier: Some(PersonReply::courier(delivery.courier, true)),
            status: delivery.status,
            status_display: messages::label(language, "delivery_status", delivery.status),
            created_at: zone.write(delivery.created_at),
            courier_assigned_at: Some(zone.write(delivery.courier_assigned_at)),
            delivered_at: delivery.delivered_at.map(|at| zone.write(at)),
        }
    }
}

impl DeliveryDetailReply {
    pub(super) fn new(seen: DeliverySeen, language: Language) -> Self {
        let DeliverySeen {
            delivery,
            lines,
            cash_due,
            shows_buyer_phone,
        } = seen;
        let zone = delivery.order.store.zone;
        let buyer = delivery.order.buyer.clone();
        let items = lines.into_iter().map(|line| CarriedLineReply {
            product_name: line.product_name,
            quantity: line.pieces,
        });
        Self {
            note: delivery.note.clone(),
            canceled_at: delivery.canceled_at.map(|at| zone.write(at)),
            cash_due,
            customer: RecipientReply {
                first_name: buyer.first_name,
                phone_number: shows_buyer_phone.then_some(buyer.phone),
            },
            items: items.collect(),
            delivery: DeliveryReply::new(delivery, language),
        }
    }
}

impl DeliveryStepReply {
    pub(super) fn of(step: DeliveryHistoryView, zone: Zone) -> Self {
        Self {
            id: step.id.get(),
            old_status: step.from,
            new_status: step.to,
            changed_by: step.actor.map(|actor| ChangedByReply::of(actor, None)),
            comment: step.comment,
            changed_at: zone.write(step.created_at),
        }
    }
}
