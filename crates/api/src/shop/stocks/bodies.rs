//! What is asked about stock.

use savdo_domain::ids::{CategoryId, LocationId, ProductId};
use savdo_domain::{FieldErrors, Refusal};
use savdo_services::stock::{CorrectStock, ListByProduct, ListStock, OpenStock, StockColumn};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{
    Clearable, DateInput, FlagFilter, IdFilter, IdInput, MoneyInput, Ordering, PageQuery, Patch, QuantityInput,
    SearchFilter, TextInput,
};
use crate::problem::Problem;

/// Which stock is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StockQuery {
    /// In this branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// In this warehouse.
    #[param(inline)]
    warehouse: Option<IdFilter>,
    /// Of this product.
    #[param(inline)]
    product: Option<IdFilter>,
    /// Of the products of this category.
    #[param(inline)]
    category: Option<IdFilter>,
    /// Name or barcode of the product.
    #[param(inline)]
    search: Option<SearchFilter>,
    /// Only where something lies; false: only where nothing does.
    #[param(inline)]
    nonzero: Option<FlagFilter>,
    /// By `id`, `quantity`, `product_name`, `updated_on`; `-` before one for descending.
    #[param(schema_with = Ordering::<StockColumn>::schema)]
    ordering: Option<Ordering<StockColumn>>,
}

impl StockQuery {
    pub(super) fn into_command(self, page: &PageQuery) -> ListStock {
        ListStock {
            branch: self.branch.map(|id| LocationId::new(id.0)),
            warehouse: self.warehouse.map(|id| LocationId::new(id.0)),
            product: self.product.map(|id| ProductId::new(id.0)),
            category: self.category.map(|id| CategoryId::new(id.0)),
            search: self.search.unwrap_or_default().0,
            is_nonzero: self.nonzero.map(|flag| flag.0),
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}

/// Of which products the places are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ByProductQuery {
    /// This one.
    #[param(inline)]
    product: Option<IdFilter>,
    /// Name or barcode.
    #[param(inline)]
    search: Option<SearchFilter>,
}

impl ByProductQuery {
    pub(super) fn into_command(self, page: &PageQuery) -> ListByProduct {
        ListByProduct {
            product: self.product.map(|id| ProductId::new(id.0)),
            search: self.search.unwrap_or_default().0,
            page: page.page(),
        }
    }
}

/// Where it is looked for what runs low.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LowStockQuery {
    /// In this branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// In this warehouse.
    #[param(inline)]
    warehouse: Option<IdFilter>,
}

impl LowStockQuery {
    /// Branch and warehouse.
    pub(super) fn places(self) -> (Option<LocationId>, Option<LocationId>) {
        let place = |id: IdFilter| LocationId::new(id.0);
        (self.branch.map(place), self.warehouse.map(place))
    }
}

/// What lies at a place when the store begins to keep it there. Exactly one of `branch` and `warehouse`.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct StockBody {
    /// An active product.
    #[validate(required)]
    #[schema(required, value_type = i64)]
    product: Option<IdInput>,
    #[schema(value_type = Option<i64>)]
    branch: Option<IdInput>,
    #[schema(value_type = Option<i64>)]
    warehouse: Option<IdInput>,
    /// Nothing is possible.
    #[validate(required)]
    #[schema(required, value_type = String)]
    quantity: Option<QuantityInput>,
    /// The price of one unit; the product's purchase price when left out.
    #[schema(value_type = Option<String>)]
    unit_cost: Option<MoneyInput>,
    /// The maker's series; a medicine needs it.
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>)]
    series: Option<TextInput>,
    /// The last day of use; a medicine needs it.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<DateInput>,
}

impl StockBody {
    /// Whatever is required was there when the body was checked.
    pub(super) fn into_command(self) -> Option<OpenStock> {
        let place = |id: IdInput| LocationId::new(id.0);
        Some(OpenStock {
            product_id: ProductId::new(self.product?.0),
            branch: self.branch.map(place),
            warehouse: self.warehouse.map(place),
            quantity: self.quantity?.0,
            unit_cost: self.unit_cost.map(|cost| cost.0),
            series: self.series.unwrap_or_default().0,
            expires_on: self.expires_on.map(|day| day.0),
        })
    }
}

/// What was counted. `quantity` is needed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct StockPatch {
    /// How much lies there.
    #[serde(default)]
    #[schema(required)]
    quantity: Patch<QuantityInput>,
    /// What the caller believes to be kept; another level is 409.
    #[serde(default)]
    expected_quantity: Clearable<QuantityInput>,
    /// Up to 1000 characters.
    #[serde(default)]
    #[validate(length(max = 1000))]
    description: Patch<TextInput>,
    /// The maker's series of what lies there beyond what was kept; a medicine needs it.
    #[serde(default)]
    #[validate(length(max = 50))]
    series: Patch<TextInput>,
    /// Its last day of use; a medicine needs it.
    #[serde(default)]
    expires_on: Clearable<DateInput>,
}

impl StockPatch {
    pub(super) fn into_command(self) -> Result<CorrectStock, Problem> {
        if self.is_empty() {
            return Err(Problem::Refused(Refusal::EmptyPatch));
        }
        let mut errors = FieldErrors::new();
        let quantity = self.quantity.required("quantity", &mut errors);
        let description = self.description.not_null("description", &mut errors);
        let series = self.series.not_null("series", &mut errors);
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(CorrectStock {
            quantity: quantity.ok_or(Problem::MalformedBody)?.0,
            expected: self.expected_quantity.into_change(|quantity| quantity.0).flatten(),
            description: description.unwrap_or_default().0,
            series: series.unwrap_or_default().0,
            expires_on: self.expires_on.into_change(|day| day.0).flatten(),
        })
    }

    /// Whether no known key was sent.
    const fn is_empty(&self) -> bool {
        let Self {
            quantity,
            expected_quantity,
            description,
            series,
            expires_on,
        } = self;
        let is_sent = quantity.is_sent()
            || expected_quantity.is_sent()
            || description.is_sent()
            || series.is_sent()
            || expires_on.is_sent();
        !is_sent
    }
}
