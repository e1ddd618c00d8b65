//! What is asked of returns.

use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleLineId, ShiftId};
use savdo_domain::sale_return::{AskedBack, BackOf, RefundMethod, SaleReturnStatus};
use savdo_services::Period;
use savdo_services::sale_returns::{CreateSaleReturn, ListSaleReturns, SaleReturnColumn};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{
    CodeInput, CodesFilter, DateInput, IdFilter, IdInput, Ordering, PageQuery, QuantityInput, TextInput,
};

/// Goods of a sale that are brought back. Prices are those of the sale.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct SaleReturnBody {
    /// A sale of the store.
    #[validate(required)]
    #[schema(required, nullable = false)]
    sale: Option<IdInput>,
    /// 1 to 500 items.
    #[validate(required, length(min = 1, max = 500), nested)]
    #[schema(required, nullable = false)]
    items: Option<Vec<SaleReturnLineBody>>,
    /// An active branch; that of the sale when left out.
    branch: Option<IdInput>,
    /// Up to 1000 characters.
    #[validate(length(max = 1000))]
    reason: Option<TextInput>,
    /// How the money is handed back; as it was paid when left out.
    #[schema(schema_with = CodeInput::<RefundMethod>::schema_or_null)]
    refund_method: Option<CodeInput<RefundMethod>>,
}

/// What is brought back: of a product, on whichever lines it was sold, or of one line.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
pub struct SaleReturnLineBody {
    /// A product of the sale; its lines are taken in their order. Not needed beside `sale_item`.
    product: Option<IdInput>,
    /// A line of the sale.
    sale_item: Option<IdInput>,
    /// Above zero.
    #[validate(required)]
    #[schema(required, nullable = false)]
    quantity: Option<QuantityInput>,
}

impl SaleReturnBody {
    /// Whatever is required was there when the body was checked.
    pub(super) fn into_command(self) -> Option<CreateSaleReturn> {
        let items = self.items?.into_iter().map(SaleReturnLineBody::into_item);
        Some(CreateSaleReturn {
            sale: SaleId::new(self.sale?.0),
            items: items.collect::<Option<_>>()?,
            branch: self.branch.map(|id| LocationId::new(id.0)),
            reason: self.reason.unwrap_or_default().0,
            refund_method: self.refund_method.map(|method| method.0),
        })
    }
}

impl SaleReturnLineBody {
    fn into_item(self) -> Option<AskedBack> {
        let product = self.product.map(|id| ProductId::new(id.0));
        let of = match (self.sale_item, product) {
            (Some(line), product) => BackOf::Line(SaleLineId::new(line.0), product),
            (None, Some(product)) => BackOf::Product(product),
            (None, None) => BackOf::Nothing,
        };
        Some(AskedBack {
            of,
            quantity: self.quantity?.0,
        })
    }
}

/// Which returns are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SaleReturnsQuery {
    /// `pending`, `confirmed`, `cancelled`, several by comma, or `all`.
    #[param(schema_with = CodesFilter::<SaleReturnStatus>::schema)]
    status: Option<CodesFilter<SaleReturnStatus>>,
    /// In this branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// Confirmed in this shift.
    #[param(inline)]
    smena: Option<IdFilter>,
    /// Of this sale.
    #[param(inline)]
    sale: Option<IdFilter>,
    /// Of sales to this customer.
    #[param(inline)]
    customer: Option<IdFilter>,
    /// Written down on this day of the store or later.
    #[param(inline)]
    date_from: Option<DateInput>,
    /// Written down on this day or before.
    #[param(inline)]
    date_to: Option<DateInput>,
    /// `created_on`; `-` before it for descending, which it is when not sent.
    #[param(schema_with = Ordering::<SaleReturnColumn, false>::schema)]
    ordering: Option<Ordering<SaleReturnColumn, false>>,
}

impl SaleReturnsQuery {
    pub(super) fn into_query(self, page: &PageQuery) -> ListSaleReturns {
        ListSaleReturns {
            period: Period {
                day: None,
                from: self.date_from.map(|day| day.0),
                to: self.date_to.map(|day| day.0),
            },
            branch: self.branch.map(|id| LocationId::new(id.0)),
            shift: self.smena.map(|id| ShiftId::new(id.0)),
            sale: self.sale.map(|id| SaleId::new(id.0)),
            customer: self.customer.map(|id| id.0),
            statuses: self.status.map(|codes| codes.0).unwrap_or_default(),
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}
