//! How goods that moved are shown.

use savdo_domain::account::Language;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{BatchId, LocationId, MovementId, ProductId};
use savdo_domain::stock::{DocumentType, LocationKind, MovementReason, MovementType};
use savdo_domain::zone::Zone;
use savdo_domain::{Money, Quantity};
use savdo_services::stock::MovementView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::messages;
use crate::reply::Absent;

/// Goods that moved, as a list shows them.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovementReply {
    #[schema(value_type = i64)]
    id: MovementId,
    product_name: String,
    #[schema(value_type = String)]
    product_unit: Unit,
    /// `branch` or `warehouse`.
    #[schema(value_type = String)]
    location_type: LocationKind,
    location_name: String,
    #[schema(value_type = String)]
    movement_type: MovementType,
    movement_type_display: String,
    #[schema(value_type = String)]
    reason: MovementReason,
    /// Above zero, whichever way.
    #[schema(value_type = String)]
    quantity: Quantity,
    #[schema(value_type = String)]
    unit_cost: Money,
    #[schema(value_type = Option<String>)]
    supplier_name: Absent,
    /// The worker who moved them; null for a buyer's order and for a job.
    worker_name: Option<String>,
    created_on: String,
}

/// Goods that moved, with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovementDetailReply {
    #[serde(flatten)]
    movement: MovementReply,
    #[schema(value_type = i64)]
    product_id: ProductId,
    #[schema(value_type = Option<i64>)]
    branch_id: Option<LocationId>,
    branch_name: Option<String>,
    #[schema(value_type = Option<i64>)]
    warehouse_id: Option<LocationId>,
    warehouse_name: Option<String>,
    description: String,
    supplier_id: Option<i64>,
    #[schema(value_type = String)]
    document_type: DocumentType,
    document_id: Option<i64>,
    /// The batch that was made or, where goods of one alone moved, that one.
    #[schema(value_type = Option<i64>)]
    batch_id: Option<BatchId>,
    #[schema(value_type = String)]
    total_cost: Money,
}

impl MovementReply {
    pub(super) fn new(view: &MovementView, zone: Zone, language: Language) -> Self {
        Self {
            id: view.id,
            product_name: view.product_name.clone(),
            product_unit: view.unit,
            location_type: view.place.kind,
            location_name: view.location_name.clone(),
            movement_type: view.movement_type,
            movement_type_display: messages::label(language, "movement_type", view.movement_type),
            reason: view.reason,
            quantity: view.quantity,
            unit_cost: view.unit_cost,
            supplier_name: Absent,
            worker_name: view.worker_name.clone(),
            created_on: zone.write(view.created_at),
        }
    }
}

impl MovementDetailReply {
    pub(super) fn new(view: MovementView, zone: Zone, language: Language) -> Self {
        let movement = MovementReply::new(&view, zone, language);
        let place = Some((view.place.location_id, view.location_name));
        let (branch, warehouse) = match view.place.kind {
            LocationKind::Branch => (place, None),
            LocationKind::Warehouse => (None, place),
        };
        let (branch_id, branch_name) = branch.unzip();
        let (warehouse_id, warehouse_name) = warehouse.unzip();
        Self {
            movement,
            product_id: view.product_id,
            branch_id,
            branch_name,
            warehouse_id,
            warehouse_name,
            description: view.description,
            supplier_id: view.supplier_id,
            document_type: view.document_type,
            document_id: view.document_id,
            batch_id: view.batch_id,
            total_cost: view.total_cost,
        }
    }
}
