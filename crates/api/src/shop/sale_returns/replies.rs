//! Returns as JSON. Names of customers belong to a part not yet built, and are null.

use savdo_domain::account::Language;
use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleLineId, SaleReturnId, SaleReturnLineId, ShiftId, WorkerId};
use savdo_domain::sale_return::SaleReturnStatus;
use savdo_domain::zone::Zone;
use savdo_domain::{Money, Quantity};
use savdo_services::sale_returns::{SaleReturnDetailView, SaleReturnLineView, SaleReturnView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::messages;
use crate::reply::Absent;

/// A return in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleReturnReply {
    #[schema(value_type = i64)]
    id: SaleReturnId,
    #[schema(value_type = i64)]
    sale_id: SaleId,
    branch_name: String,
    worker_name: String,
    #[schema(value_type = Option<String>)]
    customer_name: Absent,
    #[schema(value_type = String)]
    total_amount: Money,
    #[schema(value_type = String)]
    status: SaleReturnStatus,
    status_display: String,
    created_on: String,
}

impl SaleReturnReply {
    pub(super) fn new(view: SaleReturnView, zone: Zone, language: Language) -> Self {
        Self {
            id: view.id,
            sale_id: view.sale_id,
            branch_name: view.branch_name,
            worker_name: view.worker_name,
            customer_name: Absent,
            total_amount: view.total_amount,
            status: view.status,
            status_display: messages::label(language, "return_status", view.status),
            created_on: zone.write(view.created_at),
        }
    }
}

/// A return with its lines.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleReturnDetailReply {
    #[schema(value_type = i64)]
    id: SaleReturnId,
    #[schema(value_type = i64)]
    sale_id: SaleId,
    /// Where the goods come back.
    #[schema(value_type = i64)]
    branch_id: LocationId,
    branch_name: String,
    /// Who wrote it down.
    #[schema(value_type = i64)]
    worker_id: WorkerId,
    worker_name: String,
    /// The customer of the sale.
    customer_id: Option<i64>,
    #[schema(value_type = Option<String>)]
    customer_name: Absent,
    /// The shift in which it was confirmed.
    #[schema(value_type = Option<i64>)]
    smena_id: Option<ShiftId>,
    reason: String,
    /// While it is pending: what it is worth after all returns that were written down before it.
    #[schema(value_type = String)]
    total_amount: Money,
    /// Nothing until it is confirmed.
    #[schema(value_type = String)]
    refund_cash: Money,
    /// Nothing until it is confirmed.
    #[schema(value_type = String)]
    refund_card: Money,
    /// Struck out of what the customer owes.
    #[schema(value_type = String)]
    debt_reduced: Money,
    #[schema(value_type = String)]
    status: SaleReturnStatus,
    status_display: String,
    confirmed_at: Option<String>,
    created_on: String,
    items: Vec<SaleReturnLineReply>,
}

impl SaleReturnDetailReply {
    pub(super) fn new(view: SaleReturnDetailView, zone: Zone, language: Language) -> Self {
        let SaleReturnDetailView {
            sale_return,
            reason,
            lines,
        } = view;
        let SaleReturnView {
            id,
            sale_id,
            sale_number: _,
            customer_id,
            branch_id,
            branch_name,
            worker_id,
            worker_name,
            shift_id,
            total_amount,
            refund,
            status,
            confirmed_at,
            created_at,
        } = sale_return;
        Self {
            id,
            sale_id,
            branch_id,
            branch_name,
            worker_id,
            worker_name,
            customer_id,
            customer_name: Absent,
            smena_id: shift_id,
            reason,
            total_amount,
            refund_cash: refund.cash,
            refund_card: refund.card,
            debt_reduced: refund.debt,
            status,
            status_display: messages::label(language, "return_status", status),
            confirmed_at: confirmed_at.map(|at| zone.write(at)),
            created_on: zone.write(created_at),
            items: lines.into_iter().map(SaleReturnLineReply::from).collect(),
        }
    }
}

/// A line of a return.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleReturnLineReply {
    #[schema(value_type = i64)]
    id: SaleReturnLineId,
    /// The line of the sale.
    #[schema(value_type = i64)]
    sale_item: SaleLineId,
    #[schema(value_type = i64)]
    product_id: ProductId,
    product_name: String,
    #[schema(value_type = String)]
    quantity: Quantity,
    /// After all discounts of the sale.
    #[schema(value_type = String)]
    unit_price: Money,
    /// After all discounts of the sale.
    #[schema(value_type = String)]
    total_price: Money,
}

impl From<SaleReturnLineView> for SaleReturnLineReply {
    fn from(view: SaleReturnLineView) -> Self {
        Self {
            id: view.id,
            sale_item: view.sale_line_id,
            product_id: view.product_id,
            unit_price: view.total_price.per(view.quantity).unwrap_or_default(),
            product_name: view.product_name,
            quantity: view.quantity,
            total_price: view.total_price,
        }
    }
}
