//! Sales as JSON. What belongs to a part not yet built is null.

use savdo_domain::account::Language;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleLineId, ShiftId, WorkerId};
use savdo_domain::sale::{DiscountSource, PaymentType, SaleStatus};
use savdo_domain::zone::Zone;
use savdo_domain::{Money, Percent, Quantity};
use savdo_services::sales::{SaleDetailView, SaleLineView, SaleView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::messages;

/// A sale in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleReply {
    #[schema(value_type = i64)]
    id: SaleId,
    /// 1, 2, .. per store.
    number: i64,
    #[schema(value_type = i64)]
    branch: LocationId,
    branch_name: String,
    worker_name: String,
    customer: Option<i64>,
    customer_name: Option<String>,
    #[schema(value_type = String)]
    payment_type: PaymentType,
    payment_type_display: String,
    #[schema(value_type = String)]
    total_price: Money,
    #[schema(value_type = String)]
    discount_amount: Money,
    #[schema(value_type = String)]
    net_total: Money,
    #[schema(value_type = String)]
    cash_amount: Money,
    #[schema(value_type = String)]
    card_amount: Money,
    #[schema(value_type = String)]
    paid_amount: Money,
    #[schema(value_type = String)]
    debt_amount: Money,
    #[schema(value_type = String)]
    returned_amount: Money,
    #[schema(value_type = String)]
    status: SaleStatus,
    status_display: String,
    sold_at: String,
    created_on: String,
}

impl SaleReply {
    pub(super) fn new(view: SaleView, zone: Zone, language: Language) -> Self {
        Self {
            id: view.id,
            number: view.number,
            branch: view.branch_id,
            branch_name: view.branch_name,
            worker_name: view.worker_name,
            customer: None,
            customer_name: None,
            payment_type: view.payment_type,
            payment_type_display: messages::label(language, "payment_type", view.payment_type),
            total_price: view.total_price,
            discount_amount: view.discount_amount,
            net_total: view.net_total,
            cash_amount: view.settlement.payment.cash,
            card_amount: view.settlement.payment.card,
            paid_amount: view.settlement.paid(),
            debt_amount: view.settlement.debt,
            returned_amount: view.returned_amount,
            status: view.status,
            status_display: messages::label(language, "sale_status", view.status),
            sold_at: zone.write(view.sold_at),
            created_on: zone.write(view.created_at),
        }
    }
}

/// A sale with its lines.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleDetailReply {
    #[serde(flatten)]
    sale: SaleReply,
    #[schema(value_type = i64)]
    worker: WorkerId,
    /// The shift that it joined.
    #[schema(value_type = Option<i64>)]
    smena_id: Option<ShiftId>,
    description: String,
    /// The id that its client gave it.
    client_id: Option<String>,
    cancelled_at: Option<String>,
    cancelled_by_name: Option<String>,
    cancel_reason: String,
    items: Vec<SaleLineReply>,
}

impl SaleDetailReply {
    pub(super) fn new(view: SaleDetailView, zone: Zone, language: Language, sees_costs: bool) -> Self {
        let lines = view.lines.into_iter();
        Self {
            worker: view.sale.worker_id,
            sale: SaleReply::new(view.sale, zone, language),
            smena_id: view.shift_id,
            description: view.description,
            client_id: view.client_id,
            cancelled_at: view.cancelled_at.map(|at| zone.write(at)),
            cancelled_by_name: view.cancelled_by_name,
            cancel_reason: view.cancel_reason,
            items: lines.map(|line| SaleLineReply::new(line, sees_costs)).collect(),
        }
    }
}

/// A line of a sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleLineReply {
    #[schema(value_type = i64)]
    id: SaleLineId,
    #[schema(value_type = i64)]
    product: ProductId,
    product_name: String,
    #[schema(value_type = String)]
    unit: Unit,
    #[schema(value_type = String)]
    quantity: Quantity,
    #[schema(value_type = String)]
    returned_qty: Quantity,
    #[schema(value_type = String)]
    original_price: Money,
    #[schema(value_type = String)]
    item_discount_pct: Percent,
    #[schema(value_type = String)]
    item_discount_amt: Money,
    #[schema(value_type = String)]
    discount_source: DiscountSource,
    currency_code: String,
    exchange_rate: Option<String>,
    /// After the sale's discount.
    #[schema(value_type = String)]
    unit_price: Money,
    /// After the sale's discount.
    #[schema(value_type = String)]
    total_price: Money,
    /// What a unit cost the store: for managers and owners alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    unit_cost: Option<Money>,
}

impl SaleLineReply {
    fn new(view: SaleLineView, sees_costs: bool) -> Self {
        let per_unit = |amount: Money| amount.per(view.quantity).unwrap_or_default();
        Self {
            id: view.id,
            product: view.product_id,
            unit: view.unit,
            quantity: view.quantity,
            returned_qty: view.returned_quantity,
            original_price: view.original_price,
            item_discount_pct: view.discount_percent,
            item_discount_amt: view.discount_per_unit,
            discount_source: view.source,
            currency_code: "UZS".to_owned(),
            exchange_rate: None,
            unit_price: per_unit(view.total_price),
            total_price: view.total_price,
            unit_cost: sees_costs.then(|| per_unit(view.cost)),
            product_name: view.product_name,
        }
    }
}

/// A sale undone, with what is handed back.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancelledSaleReply {
    #[serde(flatten)]
    sale: SaleDetailReply,
    refund: RefundReply,
}

/// What is handed back for a sale undone.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundReply {
    #[schema(value_type = String)]
    cash: Money,
    #[schema(value_type = String)]
    card: Money,
    /// Struck out of what the customer owes.
    #[schema(value_type = String)]
    debt: Money,
}

impl CancelledSaleReply {
    pub(super) fn new(view: SaleDetailView, zone: Zone, language: Language, sees_costs: bool) -> Self {
        let refund = RefundReply {
            cash: view.refund.payment.cash,
            card: view.refund.payment.card,
            debt: view.refund.debt,
        };
        Self {
            sale: SaleDetailReply::new(view, zone, language, sees_costs),
            refund,
        }
    }
}
