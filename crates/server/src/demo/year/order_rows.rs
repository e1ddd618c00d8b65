//! What an online order leaves: its rows as they stand in the end, its history, and its money.

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::coded::Coded;
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::{OrderId, PaymentId, UserId};
use savdo_domain::order::{OrderStatus, PaymentMethod, PaymentStatus, Transition};
use savdo_domain::payment::{PaymentState, Provider};
use savdo_domain::stock::{DocumentType, MovementReason};
use savdo_persistence::bulk::{DeliveryHistoryRow, DeliveryRow, OrderHistoryRow, OrderLineRow, OrderRow, PaymentRow};
use savdo_persistence::stock::Document;
use savdo_services::audit::Author;
use savdo_services::orders::payment_public_id;
use savdo_services::orders::traces::{self, TracedOrder};

use super::Course;
use super::book::take;
use super::web::{Cause, Placed};

const ADDRESSES: [&str; 4] = [
    "Toshkent, Chilonzor 9-kvartal, 14-uy, 27-xonadon",
    "Toshkent, Shayxontohur, Labzak ko'chasi 5",
    "Toshkent, Mirzo Ulug'bek, Buyuk Ipak Yo'li 33",
    "Toshkent, Yakkasaroy, Shota Rustaveli 21",
];

impl Course<'_> {
    /// The order with its lines, its money and its delivery, as they stand in the end.
    pub(super) fn write_order(&mut self, placed: &Placed<'_>) {
        let is_paid = placed.payment_status == PaymentStatus::Paid;
        let at = placed.updated_at.naive_utc();
        let is_cancelled = placed.status == OrderStatus::Cancelled;
        self.book.rows.orders.push(OrderRow {
            id: placed.id,
            store_id: self.book.store_id.get(),
            buyer_id: placed.buyer.user_id.get(),
            location_id: self.plan.online.get(),
            status: placed.status.code(),
            payment_status: placed.payment_status.code(),
            payment_method: placed.method.code(),
            total_price: placed.placement.total_price.tiyin(),
            delivery_address: placed.address(),
            comment: "",
            needs_prescription: placed.placement.needs_prescription,
            courier_id: placed.delivery.map(|(_, courier, _)| courier.worker_id.get()),
            cancel_reason: placed.cancel_reason,
            day: placed.day,
            expires_at: None,
            paid_at: is_paid.then_some(at),
            delivered_at: (placed.status == OrderStatus::Delivered).then_some(at),
            cancelled_at: is_cancelled.then_some(at),
            created_at: placed.placed_at.naive_utc(),
            updated_at: at,
            search: placed.buyer.search.clone(),
        });
        for line in &placed.placement.lines {
            self.book.rows.order_lines.push(OrderLineRow {
                id: take(&mut self.book.next.order_lines),
                store_id: self.book.store_id.get(),
                order_id: placed.id,
                line_number: line.line_number,
                product_id: line.product_id.get(),
                product_name: line.product_name.clone(),
                quantity: line.quantity.whole_pieces(),
                price: line.price.tiyin(),
                subtotal: line.subtotal.tiyin(),
                needs_prescription: line.needs_prescription,
            });
            if placed.status == OrderStatus::Delivered {
                self.count(line.product_id);
            }
        }
        if placed.method == PaymentMethod::Cash {
            self.write_payment(placed);
        }
        self.write_delivery(placed);
    }

    /// The cash that was expected from the beginning. No order of the year is cancelled once it is paid, so none is given back.
    fn write_payment(&mut self, placed: &Placed<'_>) {
        let id = take(&mut self.book.next.payments);
        let public_id = payment_public_id(self.dice.number());
        let amount = placed.placement.total_price;
        let at = placed.updated_at;
        let (state, completed_at, cancelled_at) = match placed.payment_status {
            PaymentStatus::Paid => (PaymentState::Success, Some(at), None),
            PaymentStatus::Pending => (PaymentState::Pending, None, None),
            PaymentStatus::Unpaid | PaymentStatus::RefundPending | PaymentStatus::Refunded => {
                (PaymentState::Cancelled, None, Some(at))
            }
        };
        if state == PaymentState::Success {
            let handed_over = Transition {
                from: OrderStatus::OnTheWay,
                to: placed.status,
                payment_status: placed.payment_status,
            };
            for news in traces::of_money(self.traced(placed), handed_over, (PaymentId::new(id), &public_id)) {
                self.book.publish(at, &news);
            }
        }
        let received_by = placed.delivery.filter(|_| state == PaymentState::Success);
        let received_by = received_by.map(|(_, courier, _)| courier.user_id);
        self.book.rows.payments.push(PaymentRow {
            id,
            store_id: self.book.store_id.get(),
            order_id: placed.id,
            public_id,
            provider: Provider::Cash.code(),
            status: state.code(),
            amount: amount.tiyin(),
            is_late: false,
            received_by: received_by.map(UserId::get),
            created_at: placed.placed_at.naive_utc(),
            completed_at: completed_at.map(|at| at.naive_utc()),
            cancelled_at: cancelled_at.map(|at| at.naive_utc()),
        });
    }

    fn write_delivery(&mut self, placed: &Placed<'_>) {
        let Some((id, courier, assigned_at)) = placed.delivery else {
            return;
        };
        let status = match placed.status {
            OrderStatus::Delivered => DeliveryStatus::Delivered,
            OrderStatus::OnTheWay => DeliveryStatus::OnTheWay,
            OrderStatus::Cancelled => DeliveryStatus::Canceled,
            OrderStatus::Draft
            | OrderStatus::AwaitingPrescription
            | OrderStatus::AwaitingPayment
            | OrderStatus::Paid
            | OrderStatus::Preparing
            | OrderStatus::ReadyForDelivery => DeliveryStatus::Ready,
        };
        self.book.rows.deliveries.push(DeliveryRow {
            id,
            store_id: self.book.store_id.get(),
            order_id: placed.id,
            courier_id: courier.worker_id.get(),
            status: status.code(),
            note: "",
            day: placed.day,
            courier_assigned_at: assigned_at.naive_utc(),
            delivered_at: (status == DeliveryStatus::Delivered).then(|| placed.updated_at.naive_utc()),
            created_at: assigned_at.naive_utc(),
        });
    }

    pub(super) fn write_history(&mut self, placed: &Placed<'_>, to: OrderStatus, cause: &Cause<'_>) {
        self.book.rows.order_history.push(OrderHistoryRow {
            id: take(&mut self.book.next.order_history),
            store_id: self.book.store_id.get(),
            order_id: placed.id,
            from_status: placed.status.code(),
            to_status: to.code(),
            actor_id: cause.author.user_id.map(UserId::get),
            source: cause.source.code(),
            comment: cause.comment,
            created_at: cause.at.naive_utc(),
        });
    }

    pub(super) fn write_delivery_history(
        &mut self,
        delivery_id: i64,
        (from, to): (Option<DeliveryStatus>, DeliveryStatus),
        author: &Author,
        at: DateTime<Utc>,
    ) {
        self.book.rows.delivery_history.push(DeliveryHistoryRow {
            id: take(&mut self.book.next.delivery_history),
            store_id: self.book.store_id.get(),
            delivery_id,
            from_status: from.map(Coded::code),
            to_status: to.code(),
            actor_id: author.user_id.map(UserId::get),
            comment: "",
            created_at: at.naive_utc(),
        });
    }

    /// The document by which its goods move.
    pub(super) fn document(
        &self,
        id: i64,
        (day, at): (NaiveDate, DateTime<Utc>),
        reason: MovementReason,
        author: &Author,
    ) -> Document<'static> {
        Document {
            store_id: self.book.store_id,
            place: self.online.place(),
            document_type: DocumentType::Order,
            document_id: Some(id),
            reason,
            actor_id: author.user_id,
            day,
            at,
            description: "",
        }
    }

    /// The order, as far as its traces tell of it.
    pub(super) const fn traced(&self, placed: &Placed<'_>) -> TracedOrder {
        TracedOrder {
            id: OrderId::new(placed.id),
            store_id: self.book.store_id,
            total_price: placed.placement.total_price,
        }
    }
}

impl Placed<'_> {
    /// Where it goes: of one buyer always the same.
    fn address(&self) -> &'static str {
        let position = usize::try_from(self.buyer.user_id.get()).unwrap_or_default() % ADDRESSES.len();
        ADDRESSES.get(position).copied().unwrap_or_default()
    }
}
