//! What is asked of sales.

use savdo_domain::ids::{LocationId, ProductId, ShiftId, WorkerId};
use savdo_domain::sale::{PaymentType, SaleStatus, Tendered};
use savdo_services::Period;
use savdo_services::sales::{ListSales, SaleColumn, Sell, SellLine};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{
    CodeInput, CodesFilter, DateInput, IdFilter, IdInput, MomentInput, MoneyInput, Ordering, PageQuery, PercentInput,
    QuantityInput, SearchFilter, TextInput, UuidInput,
};

/// A sale to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct SaleBody {
    /// An active branch; the seller's own when left out.
    #[schema(value_type = Option<i64>)]
    branch: Option<IdInput>,
    /// Each way only where the settings of the store take it; none is `debt` while the shop has no customers.
    #[validate(required)]
    #[schema(required, schema_with = CodeInput::<PaymentType>::schema)]
    payment_type: Option<CodeInput<PaymentType>>,
    /// 1 to 500 lines.
    #[validate(required, length(min = 1, max = 500), nested)]
    #[schema(required, nullable = false)]
    items: Option<Vec<SaleLineBody>>,
    /// The sale's own discount.
    #[schema(value_type = Option<String>)]
    discount_amount: Option<MoneyInput>,
    /// When sent, it must be what the sale costs; of a debt, what is paid now.
    #[schema(value_type = Option<String>)]
    paid_amount: Option<MoneyInput>,
    /// Of `mixed` the part in cash, the rest when left out; of `debt` what of `paid_amount` is in cash; else ignored.
    #[schema(value_type = Option<String>)]
    cash_amount: Option<MoneyInput>,
    /// The same by card.
    #[schema(value_type = Option<String>)]
    card_amount: Option<MoneyInput>,
    #[schema(value_type = Option<i64>)]
    customer: Option<IdInput>,
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>)]
    description: Option<TextInput>,
    /// The id that the client gave the sale: one that is known is answered with its sale, and nothing is written.
    client_id: Option<UuidInput>,
    /// When it was made; now when left out.
    sold_at: Option<MomentInput>,
}

/// A line of a sale to be made.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
pub struct SaleLineBody {
    /// An active product.
    #[validate(required)]
    #[schema(required, value_type = i64)]
    product: Option<IdInput>,
    /// Above zero.
    #[validate(required)]
    #[schema(required, value_type = String)]
    quantity: Option<QuantityInput>,
    /// The price of one unit that is wanted; zero is the same as left out.
    #[schema(value_type = Option<String>)]
    unit_price: Option<MoneyInput>,
    /// The price before discount that the client showed.
    #[schema(value_type = Option<String>)]
    original_price: Option<MoneyInput>,
    /// A discount given by hand.
    #[schema(value_type = Option<String>)]
    item_discount_pct: Option<PercentInput>,
}

impl SaleBody {
    /// Whatever is required was there when the body was checked.
    pub(super) fn into_command(self) -> Option<Sell> {
        let items = self.items?.into_iter().map(SaleLineBody::into_line);
        Some(Sell {
            branch: self.branch.map(|id| LocationId::new(id.0)),
            payment_type: self.payment_type?.0,
            items: items.collect::<Option<_>>()?,
            discount: self.discount_amount.map(|amount| amount.0).unwrap_or_default(),
            tendered: Tendered {
                paid: self.paid_amount.map(|amount| amount.0),
                cash: self.cash_amount.map(|amount| amount.0),
                card: self.card_amount.map(|amount| amount.0),
            },
            customer: self.customer.map(|id| id.0),
            description: self.description.unwrap_or_default().0,
            client_id: self.client_id.map(|id| id.0),
            sold_at: self.sold_at.map(|moment| moment.0),
        })
    }
}

impl SaleLineBody {
    fn into_line(self) -> Option<SellLine> {
        Some(SellLine {
            product_id: ProductId::new(self.product?.0),
            quantity: self.quantity?.0,
            unit_price: self.unit_price.map(|price| price.0),
            original_price: self.original_price.map(|price| price.0),
            discount_percent: self.item_discount_pct.map(|percent| percent.0),
        })
    }
}

/// Why a sale is undone.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct CancelBody {
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>)]
    reason: Option<TextInput>,
}

impl CancelBody {
    pub(super) fn into_reason(self) -> String {
        self.reason.unwrap_or_default().0
    }
}

/// Which sales are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SalesQuery {
    /// Sold on this day of the store.
    #[param(inline)]
    date: Option<DateInput>,
    /// Sold on this day or later.
    #[param(inline)]
    date_from: Option<DateInput>,
    /// Sold on this day or before.
    #[param(inline)]
    date_to: Option<DateInput>,
    /// In this branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// Paid this way.
    #[param(schema_with = CodeInput::<PaymentType>::schema)]
    payment_type: Option<CodeInput<PaymentType>>,
    /// `completed`, `cancelled`, both by comma, or `all`.
    #[param(schema_with = CodesFilter::<SaleStatus>::schema)]
    status: Option<CodesFilter<SaleStatus>>,
    /// To this customer.
    #[param(inline)]
    customer: Option<IdFilter>,
    /// By this worker.
    #[param(inline)]
    worker: Option<IdFilter>,
    /// In this shift.
    #[param(inline)]
    smena: Option<IdFilter>,
    /// Digits of the number.
    #[param(inline)]
    search: Option<SearchFilter>,
    /// By `id`, `sold_at`, `created_on`, `total_price`; `-` before one for descending.
    #[param(schema_with = Ordering::<SaleColumn>::schema)]
    ordering: Option<Ordering<SaleColumn>>,
}

impl SalesQuery {
    pub(super) fn into_command(self, page: &PageQuery) -> ListSales {
        ListSales {
            period: Period {
                day: self.date.map(|day| day.0),
                from: self.date_from.map(|day| day.0),
                to: self.date_to.map(|day| day.0),
            },
            branch: self.branch.map(|id| LocationId::new(id.0)),
            worker: self.worker.map(|id| WorkerId::new(id.0)),
            customer: self.customer.map(|id| id.0),
            shift: self.smena.map(|id| ShiftId::new(id.0)),
            payment_type: self.payment_type.map(|code| code.0),
            statuses: self.status.map(|codes| codes.0).unwrap_or_default(),
            search: self.search.unwrap_or_default().0,
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}
