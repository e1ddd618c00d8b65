//! Goods moved by hand (shop.md 11).

use actix_web::{HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::account::Language;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{BatchId, LocationId, MovementId, ProductId};
use savdo_domain::stock::{DocumentType, LocationKind, MovementReason, MovementType};
use savdo_domain::zone::Zone;
use savdo_domain::{Money, Quantity};
use savdo_services::Context;
use savdo_services::stock::{self, ReceiptView, ReceiveGoods};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, CodeInput, DateInput, IdInput, InLanguage, Keyed, MoneyInput, QuantityInput, TextInput};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![route!(May(Right::Shop(Permission::ReceiveStock)), shop::movements; receive).once()]
}

/// Goods to be moved. Exactly one of `branch` and `warehouse`.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct MovementBody {
    /// An active product.
    #[validate(required)]
    #[schema(required, value_type = i64)]
    product: Option<IdInput>,
    /// `in`: goods that come.
    #[validate(required)]
    #[schema(required, schema_with = CodeInput::<MovementType>::schema)]
    movement_type: Option<CodeInput<MovementType>>,
    /// Above zero.
    #[validate(required)]
    #[schema(required, value_type = String)]
    quantity: Option<QuantityInput>,
    #[schema(value_type = Option<i64>)]
    branch: Option<IdInput>,
    #[schema(value_type = Option<i64>)]
    warehouse: Option<IdInput>,
    /// The price of one unit; the product's purchase price when left out.
    #[schema(value_type = Option<String>)]
    unit_cost: Option<MoneyInput>,
    #[schema(value_type = Option<i64>)]
    supplier: Option<IdInput>,
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>)]
    description: Option<TextInput>,
    /// The maker's series; a medicine needs it.
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>)]
    series: Option<TextInput>,
    /// The last day of use; a medicine needs it.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<DateInput>,
}

impl MovementBody {
    /// Whatever is required was there when the body was checked.
    fn into_command(self) -> Option<ReceiveGoods> {
        let place = |id: IdInput| LocationId::new(id.0);
        Some(ReceiveGoods {
            product_id: ProductId::new(self.product?.0),
            movement_type: self.movement_type?.0,
            quantity: self.quantity?.0,
            branch: self.branch.map(place),
            warehouse: self.warehouse.map(place),
            unit_cost: self.unit_cost.map(|cost| cost.0),
            supplier: self.supplier.map(|id| id.0),
            description: self.description.unwrap_or_default().0,
            series: self.series.unwrap_or_default().0,
            expires_on: self.expires_on.map(|day| day.0),
        })
    }
}

/// Goods that moved.
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
    supplier_name: Option<String>,
    worker_name: Option<String>,
    created_on: String,
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
    /// The batch that was made.
    #[schema(value_type = Option<i64>)]
    batch_id: Option<BatchId>,
    #[schema(value_type = String)]
    total_cost: Money,
}

impl MovementReply {
    fn new(view: ReceiptView, zone: Zone, language: Language) -> Self {
        let (id, name) = (view.place.location_id, view.location_name.clone());
        let (branch, warehouse) = match view.place.kind {
            LocationKind::Branch => (Some((id, name)), None),
            LocationKind::Warehouse => (None, Some((id, name))),
        };
        let (branch_id, branch_name) = branch.unzip();
        let (warehouse_id, warehouse_name) = warehouse.unzip();
        Self {
            id: view.id,
            product_name: view.product_name,
            product_unit: view.unit,
            location_type: view.place.kind,
            location_name: view.location_name,
            movement_type: MovementType::In,
            movement_type_display: messages::label(language, "movement_type", MovementType::In),
            reason: MovementReason::Receipt,
            quantity: view.quantity,
            unit_cost: view.unit_cost,
            supplier_name: None,
            worker_name: Some(view.worker_name),
            created_on: zone.write(view.created_at),
            product_id: view.product_id,
            branch_id,
            branch_name,
            warehouse_id,
            warehouse_name,
            description: view.description,
            supplier_id: None,
            document_type: DocumentType::Manual,
            document_id: None,
            batch_id: Some(view.batch_id),
            total_cost: view.total_cost,
        }
    }
}

/// Takes goods in: one movement, one batch.
///
/// # Errors
/// Field errors; 403 without the right.
#[utoipa::path(post, path = "/api/v1/warehouse/movements/", tag = "stock", request_body = MovementBody, responses(
    (status = 201, description = "Taken in", body = Written<MovementReply>),
))]
pub async fn receive(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<MovementBody>>,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = body.into_command().ok_or(Problem::MalformedBody)?;
    let once =
        key.answering(move |view| reply::created(language, Done::StockMoved, MovementReply::new(view, zone, language)));
    reply::once(
        blocking::run(&context, move |context| {
            stock::receive_goods(context, &actor, command, &once)
        })
        .await?,
    )
}
