//! The rows of orders, and what a reader sees of them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::PharmacyRole;
use savdo_domain::ids::{LocationId, OrderHistoryId, OrderId, OrderLineId, ProductId, StoreId, UserId, WorkerId};
use savdo_domain::order::{HistorySource, OrderStatus, PaymentMethod, PaymentStatus};
use savdo_domain::zone::Zone;

use super::list::Keys;
use crate::columns;
use crate::error::Error;
use crate::schema::{order_history, order_lines, orders, products, stores, users};

#[derive(Queryable, Selectable)]
#[diesel(table_name = orders)]
pub(super) struct OrderRow {
    pub(super) id: i64,
    location_id: i64,
    status: String,
    payment_status: String,
    payment_method: String,
    total_price: i64,
    delivery_address: String,
    comment: String,
    needs_prescription: bool,
    courier_id: Option<i64>,
    cancel_reason: String,
    day: NaiveDate,
    expires_at: Option<NaiveDateTime>,
    paid_at: Option<NaiveDateTime>,
    delivered_at: Option<NaiveDateTime>,
    cancelled_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = stores)]
pub(super) struct StoreRow {
    id: i64,
    name: String,
    timezone: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct BuyerRow {
    id: i64,
    first_name: String,
    last_name: String,
    phone: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_lines)]
pub(super) struct OrderLineRow {
    id: i64,
    order_id: i64,
    line_number: i64,
    product_id: i64,
    product_name: String,
    quantity: i64,
    price: i64,
    subtotal: i64,
    needs_prescription: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = products)]
pub(super) struct ProductRow {
    name: String,
    manufacturer: String,
    image: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_history)]
pub(super) struct HistoryRow {
    id: i64,
    from_status: String,
    to_status: String,
    source: String,
    comment: String,
    created_at: NaiveDateTime,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct ActorRow {
    id: i64,
    first_name: String,
    is_superuser: bool,
}

/// An order with its store and buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderView {
    /// The order.
    pub id: OrderId,
    /// The store.
    pub store: StoreBriefView,
    /// Who ordered.
    pub buyer: BuyerView,
    /// The place that serves it.
    pub location_id: LocationId,
    /// Where it stands.
    pub status: OrderStatus,
    /// Where its money stands.
    pub payment_status: PaymentStatus,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// What it costs.
    pub total_price: Money,
    /// Where to bring it.
    pub delivery_address: String,
    /// What the buyer adds, possibly nothing.
    pub comment: String,
    /// Whether any line needs a prescription.
    pub needs_prescription: bool,
    /// Who carries it, or carried it when it came to its end.
    pub courier_id: Option<WorkerId>,
    /// Why it was cancelled, possibly nothing.
    pub cancel_reason: String,
    /// The store's day on which it was placed.
    pub day: NaiveDate,
    /// When it is given up if its buyer does nothing.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
    /// When it was handed over.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
}

/// The store of an order or a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreBriefView {
    /// The store.
    pub id: StoreId,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: Zone,
}

/// Who ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuyerView {
    /// The account.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Phone, E.164.
    pub phone: String,
}

/// A line of an order as it was frozen, with what its product is called and looks like now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLineView {
    /// The line.
    pub id: OrderLineId,
    /// The order.
    pub order_id: OrderId,
    /// Its place in the order, from 1.
    pub line_number: i64,
    /// The product.
    pub product_id: ProductId,
    /// Its name at checkout.
    pub product_name: String,
    /// How many pieces.
    pub pieces: i64,
    /// The price of one piece.
    pub price: Money,
    /// The price of the line.
    pub subtotal: Money,
    /// Whether it needed a prescription at checkout.
    pub needs_prescription: bool,
    /// The name of the product now.
    pub name_now: String,
    /// Its maker now.
    pub manufacturer: String,
    /// Its picture now, possibly none.
    pub image: String,
}

/// A step that an order took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryView {
    /// The row.
    pub id: OrderHistoryId,
    /// Where the order stood.
    pub from: OrderStatus,
    /// Where it went.
    pub to: OrderStatus,
    /// Which part of the system moved it.
    pub source: HistorySource,
    /// What was said to it, possibly nothing.
    pub comment: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who moved it; none for a job.
    pub actor: Option<HistoryActorView>,
}

/// Who moved an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryActorView {
    /// The account.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// What that person is to the online pharmacy.
    pub role: PharmacyRole,
}

impl OrderRow {
    pub(super) const fn keys(&self) -> Keys {
        Keys {
            id: self.id,
            created_at: self.created_at,
            total_price: self.total_price,
        }
    }

    pub(super) fn view(self, store: StoreRow, buyer: BuyerRow) -> Result<OrderView, Error> {
        let Self {
            id,
            location_id,
            status,
            payment_status,
            payment_method,
            total_price,
            delivery_address,
            comment,
            needs_prescription,
            courier_id,
            cancel_reason,
            day,
            expires_at,
            paid_at,
            delivered_at,
            cancelled_at,
            created_at,
            updated_at,
        } = self;
        Ok(OrderView {
            id: OrderId::new(id),
            store: store.view()?,
            buyer: buyer.into(),
            location_id: LocationId::new(location_id),
            status: columns::coded("orders", id, &status)?,
            payment_status: columns::coded("orders", id, &payment_status)?,
            payment_method: columns::coded("orders", id, &payment_method)?,
            total_price: columns::money(total_price),
            delivery_address,
            comment,
            needs_prescription,
            courier_id: courier_id.map(WorkerId::new),
            cancel_reason,
            day,
            expires_at: expires_at.map(columns::time),
            paid_at: paid_at.map(columns::time),
            delivered_at: delivered_at.map(columns::time),
            cancelled_at: cancelled_at.map(columns::time),
            created_at: columns::time(created_at),
            updated_at: columns::time(updated_at),
        })
    }
}

impl StoreRow {
    fn view(self) -> Result<StoreBriefView, Error> {
        let Self { id, name, timezone } = self;
        let zone = columns::zone(id, &timezone)?;
        let id = StoreId::new(id);
        Ok(StoreBriefView { id, name, zone })
    }
}

impl From<BuyerRow> for BuyerView {
    fn from(row: BuyerRow) -> Self {
        let BuyerRow {
            id,
            first_name,
            last_name,
            phone,
        } = row;
        Self {
            id: UserId::new(id),
            first_name,
            last_name,
            phone,
        }
    }
}

impl OrderLineRow {
    pub(super) fn view(self, product: ProductRow) -> OrderLineView {
        let Self {
            id,
            order_id,
            line_number,
            product_id,
            product_name,
            quantity,
            price,
            subtotal,
            needs_prescription,
        } = self;
        let ProductRow {
            name,
            manufacturer,
            image,
        } = product;
        OrderLineView {
            id: OrderLineId::new(id),
            order_id: OrderId::new(order_id),
            line_number,
            product_id: ProductId::new(product_id),
            product_name,
            pieces: quantity,
            price: columns::money(price),
            subtotal: columns::money(subtotal),
            needs_prescription,
            name_now: name,
            manufacturer,
            image,
        }
    }
}

impl HistoryRow {
    pub(super) fn view(self, actor: Option<ActorRow>, role: Option<String>) -> Result<HistoryView, Error> {
        let Self {
            id,
            from_status,
            to_status,
            source,
            comment,
            created_at,
        } = self;
        Ok(HistoryView {
            id: OrderHistoryId::new(id),
            from: columns::coded("order_history", id, &from_status)?,
            to: columns::coded("order_history", id, &to_status)?,
            source: columns::coded("order_history", id, &source)?,
            comment,
            created_at: columns::time(created_at),
            actor: actor.map(|actor| actor.view(role)).transpose()?,
        })
    }
}

impl ActorRow {
    pub(crate) fn view(self, role: Option<String>) -> Result<HistoryActorView, Error> {
        let Self {
            id,
            first_name,
            is_superuser,
        } = self;
        let role = role.map(|role| columns::coded("workers", id, &role)).transpose()?;
        Ok(HistoryActorView {
            id: UserId::new(id),
            first_name,
            role: PharmacyRole::of(is_superuser, role),
        })
    }
}
