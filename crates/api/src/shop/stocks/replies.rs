//! How stock is shown.

use savdo_domain::Quantity;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{LevelId, LocationId, ProductId};
use savdo_domain::stock::LocationKind;
use savdo_domain::zone::Zone;
use savdo_services::stock::{LowStockView, ProductStockView, StockView};
use serde::Serialize;
use utoipa::ToSchema;

/// How much of a product lies at a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockReply {
    #[schema(value_type = i64)]
    id: LevelId,
    #[schema(value_type = i64)]
    product_id: ProductId,
    product_name: String,
    #[schema(value_type = String)]
    product_unit: Unit,
    /// `branch` or `warehouse`.
    #[schema(value_type = String)]
    location_type: LocationKind,
    location_name: String,
    /// All that lies there.
    #[schema(value_type = String)]
    quantity: Quantity,
    /// What can be sold: neither expired nor blocked.
    #[schema(value_type = String)]
    available: Quantity,
    updated_on: String,
}

/// How much of a product lies at a place, with the place.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockDetailReply {
    #[serde(flatten)]
    stock: StockReply,
    #[schema(value_type = Option<i64>)]
    branch_id: Option<LocationId>,
    branch_name: Option<String>,
    #[schema(value_type = Option<i64>)]
    warehouse_id: Option<LocationId>,
    warehouse_name: Option<String>,
}

/// A product with all the places where it lies.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductStockReply {
    #[schema(value_type = i64)]
    product_id: ProductId,
    product_name: String,
    #[schema(value_type = String)]
    product_unit: Unit,
    /// All that lies in the store.
    #[schema(value_type = String)]
    total_quantity: Quantity,
    /// By name of the place.
    locations: Vec<StockAtReply>,
}

/// A place where a product lies.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockAtReply {
    #[schema(value_type = i64)]
    stock_id: LevelId,
    /// `branch` or `warehouse`.
    #[schema(value_type = String)]
    location_type: LocationKind,
    #[schema(value_type = i64)]
    location_id: LocationId,
    location_name: String,
    #[schema(value_type = String)]
    quantity: Quantity,
    updated_on: String,
}

/// A level that runs low.
#[derive(Debug, Serialize, ToSchema)]
pub struct LowStockReply {
    #[schema(value_type = i64)]
    stock_id: LevelId,
    #[schema(value_type = i64)]
    product_id: ProductId,
    product_name: String,
    #[schema(value_type = String)]
    product_unit: Unit,
    /// `branch` or `warehouse`.
    #[schema(value_type = String)]
    location_type: LocationKind,
    location_name: String,
    #[schema(value_type = String)]
    quantity: Quantity,
    /// The store's `low_stock_threshold`.
    threshold: i64,
}

impl StockReply {
    pub(super) fn new(view: &StockView, zone: Zone) -> Self {
        Self {
            id: view.id,
            product_id: view.product_id,
            product_name: view.product_name.clone(),
            product_unit: view.unit,
            location_type: view.place.kind,
            location_name: view.location_name.clone(),
            quantity: view.quantity,
            available: view.available,
            updated_on: zone.write(view.updated_at),
        }
    }
}

impl StockDetailReply {
    pub(super) fn new(view: StockView, zone: Zone) -> Self {
        let stock = StockReply::new(&view, zone);
        let place = Some((view.place.location_id, view.location_name));
        let (branch, warehouse) = match view.place.kind {
            LocationKind::Branch => (place, None),
            LocationKind::Warehouse => (None, place),
        };
        let (branch_id, branch_name) = branch.unzip();
        let (warehouse_id, warehouse_name) = warehouse.unzip();
        Self {
            stock,
            branch_id,
            branch_name,
            warehouse_id,
            warehouse_name,
        }
    }
}

impl ProductStockReply {
    pub(super) fn new(view: ProductStockView, zone: Zone) -> Self {
        let places = view.places.into_iter().map(|place| StockAtReply {
            stock_id: place.id,
            location_type: place.place.kind,
            location_id: place.place.location_id,
            location_name: place.location_name,
            quantity: place.quantity,
            updated_on: zone.write(place.updated_at),
        });
        Self {
            product_id: view.product_id,
            product_name: view.product_name,
            product_unit: view.unit,
            total_quantity: view.total,
            locations: places.collect(),
        }
    }
}

impl LowStockReply {
    pub(super) fn all(view: LowStockView) -> Vec<Self> {
        let LowStockView { threshold, levels } = view;
        let rows = levels.into_iter().map(|level| Self {
            stock_id: level.id,
            product_id: level.product_id,
            product_name: level.product_name,
            product_unit: level.unit,
            location_type: level.place.kind,
            location_name: level.location_name,
            quantity: level.quantity,
            threshold,
        });
        rows.collect()
    }
}
