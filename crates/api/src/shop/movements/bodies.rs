//! What is asked about goods moved by hand.

use savdo_domain::ids::{BatchId, LocationId, ProductId, WorkerId};
use savdo_domain::stock::{MovementReason, MovementType};
use savdo_services::Period;
use savdo_services::stock::{GoodsLine, ListMovements, MoveGoods, MoveMany, MovementColumn};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{
    CodeInput, DateInput, IdFilter, IdInput, MoneyInput, Ordering, PageQuery, QuantityInput, TextInput,
};

/// Goods to be moved. Exactly one of `branch` and `warehouse`.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct MovementBody {
    /// An active product.
    #[validate(required)]
    #[schema(required, value_type = i64)]
    product: Option<IdInput>,
    /// `in`: goods that come, each receipt into a batch of its own; `out`: goods that leave, what cannot be sold first.
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
    /// The price of one unit that comes in; the product's purchase price when left out.
    #[schema(value_type = Option<String>)]
    unit_cost: Option<MoneyInput>,
    #[schema(value_type = Option<i64>)]
    supplier: Option<IdInput>,
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>)]
    description: Option<TextInput>,
    /// The maker's series of goods that come in; a medicine needs it.
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>)]
    series: Option<TextInput>,
    /// Their last day of use; a medicine needs it.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<DateInput>,
    /// The one batch that goods leave.
    #[schema(value_type = Option<i64>)]
    batch: Option<IdInput>,
}

impl MovementBody {
    /// Whatever is required was there when the body was checked.
    pub(super) fn into_command(self) -> Option<MoveGoods> {
        let place = |id: IdInput| LocationId::new(id.0);
        Some(MoveGoods {
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
            batch: self.batch.map(|id| BatchId::new(id.0)),
        })
    }
}

/// Goods of several products to be moved at one place. Exactly one of `branch` and `warehouse`.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct MovementsBody {
    /// `in` or `out`, all of them.
    #[validate(required)]
    #[schema(required, schema_with = CodeInput::<MovementType>::schema)]
    movement_type: Option<CodeInput<MovementType>>,
    #[schema(value_type = Option<i64>)]
    branch: Option<IdInput>,
    #[schema(value_type = Option<i64>)]
    warehouse: Option<IdInput>,
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>)]
    description: Option<TextInput>,
    /// 1 to 500 of them.
    #[validate(required, length(min = 1, max = 500), nested)]
    #[schema(required, nullable = false, min_items = 1, max_items = 500)]
    items: Option<Vec<MovementLineBody>>,
}

/// One line of goods to be moved.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
pub struct MovementLineBody {
    /// An active product.
    #[validate(required)]
    #[schema(required, value_type = i64)]
    product: Option<IdInput>,
    /// Above zero.
    #[validate(required)]
    #[schema(required, value_type = String)]
    quantity: Option<QuantityInput>,
    /// The price of one unit that comes in; the product's purchase price when left out.
    #[schema(value_type = Option<String>)]
    unit_cost: Option<MoneyInput>,
    #[schema(value_type = Option<i64>)]
    supplier: Option<IdInput>,
    /// The maker's series of goods that come in; a medicine needs it.
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>)]
    series: Option<TextInput>,
    /// Their last day of use; a medicine needs it.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<DateInput>,
}

impl MovementsBody {
    /// Whatever is required was there when the body was checked.
    pub(super) fn into_command(self) -> Option<MoveMany> {
        let place = |id: IdInput| LocationId::new(id.0);
        let lines = self.items?.into_iter().map(MovementLineBody::into_line);
        Some(MoveMany {
            movement_type: self.movement_type?.0,
            branch: self.branch.map(place),
            warehouse: self.warehouse.map(place),
            description: self.description.unwrap_or_default().0,
            items: lines.collect::<Option<_>>()?,
        })
    }
}

impl MovementLineBody {
    fn into_line(self) -> Option<GoodsLine> {
        Some(GoodsLine {
            product_id: ProductId::new(self.product?.0),
            quantity: self.quantity?.0,
            unit_cost: self.unit_cost.map(|cost| cost.0),
            supplier: self.supplier.map(|id| id.0),
            series: self.series.unwrap_or_default().0,
            expires_on: self.expires_on.map(|day| day.0),
            batch: None,
        })
    }
}

/// Which movements are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MovementQuery {
    /// Of this product.
    #[param(inline)]
    product: Option<IdFilter>,
    /// At this branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// At this warehouse.
    #[param(inline)]
    warehouse: Option<IdFilter>,
    /// `in` or `out`.
    #[param(schema_with = CodeInput::<MovementType>::schema)]
    movement_type: Option<CodeInput<MovementType>>,
    /// For this reason.
    #[param(schema_with = CodeInput::<MovementReason>::schema)]
    reason: Option<CodeInput<MovementReason>>,
    /// From or to this supplier.
    #[param(inline)]
    supplier: Option<IdFilter>,
    /// By this worker.
    #[param(inline)]
    worker: Option<IdFilter>,
    /// On this day of the store.
    #[param(inline)]
    date: Option<DateInput>,
    /// On this day or later.
    #[param(inline)]
    date_from: Option<DateInput>,
    /// On this day or before.
    #[param(inline)]
    date_to: Option<DateInput>,
    /// By `id` or `created_on`; `-` before one for descending.
    #[param(schema_with = Ordering::<MovementColumn, false>::schema)]
    ordering: Option<Ordering<MovementColumn, false>>,
}

impl MovementQuery {
    pub(super) fn into_command(self, page: &PageQuery) -> ListMovements {
        ListMovements {
            product: self.product.map(|id| ProductId::new(id.0)),
            branch: self.branch.map(|id| LocationId::new(id.0)),
            warehouse: self.warehouse.map(|id| LocationId::new(id.0)),
            movement_type: self.movement_type.map(|code| code.0),
            reason: self.reason.map(|code| code.0),
            supplier: self.supplier.map(|id| id.0),
            worker: self.worker.map(|id| WorkerId::new(id.0)),
            period: Period {
                day: self.date.map(|day| day.0),
                from: self.date_from.map(|day| day.0),
                to: self.date_to.map(|day| day.0),
            },
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}
