//! What is answered about orders.

use savdo_domain::Money;
use savdo_domain::access::PharmacyRole;
use savdo_domain::account::Language;
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::UserId;
use savdo_domain::order::{HistorySource, OrderStatus, PaymentMethod, PaymentStatus};
use savdo_domain::zone::Zone;
use savdo_services::orders::{BuyerView, CourierView, HistoryActorView, HistoryView, OrderLineView, OrderSeen};
use serde::Serialize;
use utoipa::ToSchema;

use crate::media::Pictures;
use crate::messages;

/// An order, and what the caller may do to it now.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderReply {
    id: i64,
    #[schema(value_type = String)]
    status: OrderStatus,
    status_display: String,
    #[schema(value_type = String)]
    payment_status: PaymentStatus,
    #[schema(value_type = String)]
    payment_method: PaymentMethod,
    #[schema(value_type = String)]
    total_price: Money,
    delivery_address: String,
    comment: String,
    needs_prescription: bool,
    /// One that is pending or approved.
    prescription_uploaded: bool,
    items: Vec<OrderLineReply>,
    /// All pieces.
    items_count: i64,
    store: OrderStoreReply,
    customer: Option<PersonReply>,
    courier: Option<PersonReply>,
    delivery: Option<OrderDeliveryReply>,
    delivery_code: Option<String>,
    cancel_reason: Option<String>,
    expires_at: Option<String>,
    /// What this caller may set now.
    #[schema(value_type = Vec<String>)]
    allowed_statuses: Vec<OrderStatus>,
    can_cancel: bool,
    can_pay: bool,
    created_at: String,
    updated_at: String,
    paid_at: Option<String>,
    delivered_at: Option<String>,
    cancelled_at: Option<String>,
}

/// A line of an order; name, price and the need of a prescription are those of the checkout.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderLineReply {
    id: i64,
    product_id: i64,
    product_name: String,
    product: OrderProductReply,
    quantity: i64,
    #[schema(value_type = String)]
    price: Money,
    #[schema(value_type = String)]
    subtotal: Money,
    requires_prescription: bool,
}

/// The product of a line as it is called now, at the price of the order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderProductReply {
    id: i64,
    name: String,
    image: Option<String>,
    manufacturer: String,
    #[schema(value_type = String)]
    price: Money,
}

/// The store of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderStoreReply {
    id: i64,
    name: String,
}

/// A customer or a courier.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonReply {
    id: i64,
    first_name: String,
    last_name: String,
    phone_number: Option<String>,
}

/// The delivery of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderDeliveryReply {
    id: i64,
    #[schema(value_type = String)]
    status: DeliveryStatus,
}

/// A step that an order took.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderStepReply {
    id: i64,
    #[schema(value_type = String)]
    from_status: OrderStatus,
    #[schema(value_type = String)]
    to_status: OrderStatus,
    changed_by: Option<ChangedByReply>,
    #[schema(value_type = String)]
    source: HistorySource,
    comment: String,
    created_at: String,
}

/// Who moved an order; to customers staff are only what they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedByReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[schema(value_type = String)]
    role: PharmacyRole,
}

impl OrderReply {
    pub(super) fn new(seen: OrderSeen, pictures: &Pictures, language: Language) -> Self {
        let OrderSeen {
            order,
            lines,
            allowed_statuses,
            can_cancel,
            can_pay,
            delivery,
            has_prescription,
            shows_buyer_phone,
            shows_courier_phone,
        } = seen;
        let carried = delivery.as_ref().map(|delivery| OrderDeliveryReply {
            id: delivery.id.get(),
            status: delivery.status,
        });
        let courier = delivery.map(|delivery| PersonReply::courier(delivery.courier, shows_courier_phone));
        let zone = order.store.zone;
        let written = |at| zone.write(at);
        Self {
            id: order.id.get(),
            status: order.status,
            status_display: messages::label(language, "order_status", order.status),
            payment_status: order.payment_status,
            payment_method: order.payment_method,
            total_price: order.total_price,
            delivery_address: order.delivery_address,
            comment: order.comment,
            needs_prescription: order.needs_prescription,
            prescription_uploaded: has_prescription,
            items_count: lines.iter().map(|line| line.pieces).sum(),
            items: lines
                .into_iter()
                .map(|line| OrderLineReply::of(line, pictures))
                .collect(),
            store: OrderStoreReply {
                id: order.store.id.get(),
                name: order.store.name,
            },
            customer: Some(PersonReply::buyer(order.buyer, shows_buyer_phone)),
            courier,
            delivery: carried,
            delivery_code: None,
            cancel_reason: Some(order.cancel_reason).filter(|reason| !reason.is_empty()),
            expires_at: order.expires_at.map(written),
            allowed_statuses,
            can_cancel,
            can_pay,
            created_at: written(order.created_at),
            updated_at: written(order.updated_at),
            paid_at: order.paid_at.map(written),
            delivered_at: order.delivered_at.map(written),
            cancelled_at: order.cancelled_at.map(written),
        }
    }
}

impl PersonReply {
    pub(in crate::pharmacy) fn buyer(buyer: BuyerView, shows_phone: bool) -> Self {
        Self {
            id: buyer.id.get(),
            first_name: buyer.first_name,
            last_name: buyer.last_name,
            phone_number: shows_phone.then_some(buyer.phone),
        }
    }

    pub(in crate::pharmacy) fn courier(courier: CourierView, shows_phone: bool) -> Self {
        Self {
            id: courier.user_id.get(),
            first_name: courier.first_name,
            last_name: courier.last_name,
            phone_number: shows_phone.then_some(courier.phone),
        }
    }
}

impl OrderLineReply {
    fn of(line: OrderLineView, pictures: &Pictures) -> Self {
        let product_id = line.product_id.get();
        Self {
            id: line.id.get(),
            product_id,
            product_name: line.product_name,
            product: OrderProductReply {
                id: product_id,
                name: line.name_now,
                image: pictures.address(&line.image),
                manufacturer: line.manufacturer,
                price: line.price,
            },
            quantity: line.pieces,
            price: line.price,
            subtotal: line.subtotal,
            requires_prescription: line.needs_prescription,
        }
    }
}

impl OrderStepReply {
    /// The step with times of the store. Where only one account is shown, as to a customer his own, all others are what they are.
    pub(in crate::pharmacy) fn of(step: HistoryView, zone: Zone, shown_only: Option<UserId>) -> Self {
        Self {
            id: step.id.get(),
            from_status: step.from,
            to_status: step.to,
            changed_by: step.actor.map(|actor| ChangedByReply::of(actor, shown_only)),
            source: step.source,
            comment: step.comment,
            created_at: zone.write(step.created_at),
        }
    }
}

impl ChangedByReply {
    pub(in crate::pharmacy) fn of(actor: HistoryActorView, shown_only: Option<UserId>) -> Self {
        let is_hidden = shown_only.is_some_and(|shown| shown != actor.id);
        Self {
            id: (!is_hidden).then_some(actor.id.get()),
            first_name: (!is_hidden).then_some(actor.first_name),
            role: actor.role,
        }
    }
}
