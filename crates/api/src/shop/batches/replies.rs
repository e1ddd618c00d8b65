//! How batches are shown.

use savdo_domain::catalog::Unit;
use savdo_domain::ids::{BatchId, MovementId, ProductId};
use savdo_domain::stock::{DocumentType, LocationKind};
use savdo_domain::zone::Zone;
use savdo_domain::{Money, Quantity};
use savdo_services::batches::{BatchSeen, BatchTrace, IssuedView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::reply::Absent;

/// Goods that came together.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchReply {
    #[schema(value_type = i64)]
    id: BatchId,
    /// What is printed on it.
    batch_code: String,
    #[schema(value_type = i64)]
    product: ProductId,
    product_name: String,
    #[schema(value_type = String)]
    product_unit: Unit,
    /// `branch` or `warehouse`.
    #[schema(value_type = String)]
    location_type: LocationKind,
    location_name: String,
    branch_name: Option<String>,
    warehouse_name: Option<String>,
    #[schema(value_type = String)]
    unit_cost: Money,
    #[schema(value_type = String)]
    qty_received: Quantity,
    #[schema(value_type = String)]
    qty_left: Quantity,
    is_empty: bool,
    series: String,
    #[schema(format = Date)]
    expires_on: Option<String>,
    /// Its last day has passed in the store.
    is_expired: bool,
    blocked: bool,
    block_reason: String,
    #[schema(value_type = Option<String>)]
    supplier_name: Absent,
    /// The movement that brought it.
    #[schema(value_type = i64)]
    movement: MovementId,
    received_at: String,
}

/// A batch of a series, with the documents that took of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchTraceReply {
    #[schema(value_type = i64)]
    batch: BatchId,
    #[schema(value_type = i64)]
    product: ProductId,
    product_name: String,
    series: String,
    /// `branch` or `warehouse`.
    #[schema(value_type = String)]
    location_type: LocationKind,
    location_name: String,
    #[schema(value_type = String)]
    qty_received: Quantity,
    #[schema(value_type = String)]
    qty_left: Quantity,
    received_at: String,
    #[schema(value_type = Option<String>)]
    supplier_name: Absent,
    /// Oldest first; what came back is taken off, a document of which all came back left out.
    issued: Vec<IssuedReply>,
}

/// Goods of a batch that a document took.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedReply {
    #[schema(value_type = String)]
    document_type: DocumentType,
    /// Of goods moved by hand (`manual`) the movement.
    document_id: i64,
    /// The store's day.
    #[schema(format = Date)]
    day: String,
    #[schema(value_type = String)]
    quantity: Quantity,
    /// The buyer of an online order; null of what nobody is known to have got.
    customer_name: Option<String>,
}

impl BatchReply {
    pub(super) fn new(seen: BatchSeen, zone: Zone) -> Self {
        let BatchSeen {
            batch,
            code,
            is_expired,
        } = seen;
        let (branch_name, warehouse_name) = match batch.place.kind {
            LocationKind::Branch => (Some(batch.location_name.clone()), None),
            LocationKind::Warehouse => (None, Some(batch.location_name.clone())),
        };
        Self {
            id: batch.id,
            batch_code: code,
            product: batch.product_id,
            product_name: batch.product_name,
            product_unit: batch.unit,
            location_type: batch.place.kind,
            location_name: batch.location_name,
            branch_name,
            warehouse_name,
            unit_cost: batch.unit_cost,
            qty_received: batch.received,
            qty_left: batch.left,
            is_empty: batch.left.is_zero(),
            series: batch.label.series,
            expires_on: batch.label.expires_on.map(|day| day.to_string()),
            is_expired,
            blocked: batch.label.block.is_some(),
            block_reason: batch.label.block.unwrap_or_default(),
            supplier_name: Absent,
            movement: batch.movement_id,
            received_at: zone.write(batch.received_at),
        }
    }
}

impl BatchTraceReply {
    pub(super) fn new(trace: BatchTrace, zone: Zone) -> Self {
        let batch = trace.seen.batch;
        Self {
            batch: batch.id,
            product: batch.product_id,
            product_name: batch.product_name,
            series: batch.label.series,
            location_type: batch.place.kind,
            location_name: batch.location_name,
            qty_received: batch.received,
            qty_left: batch.left,
            received_at: zone.write(batch.received_at),
            supplier_name: Absent,
            issued: trace.issued.into_iter().map(IssuedReply::from).collect(),
        }
    }
}

impl From<IssuedView> for IssuedReply {
    fn from(view: IssuedView) -> Self {
        let IssuedView {
            batch_id: _,
            document_type,
            document_id,
            day,
            quantity,
            customer_name,
        } = view;
        Self {
            document_type,
            document_id,
            day: day.to_string(),
            quantity,
            customer_name,
        }
    }
}
