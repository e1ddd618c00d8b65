//! The report of a shift as JSON.

use chrono::{DateTime, Utc};
use savdo_domain::Money;
use savdo_domain::ids::WorkerId;
use savdo_domain::shift::{ByCategory, ByPayment, ByWorker, DebtPayments, Handed, ReturnedGoods, ShiftReport};
use savdo_domain::zone::Zone;
use serde::Serialize;
use utoipa::ToSchema;

/// What went through a shift.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportReply {
    period: PeriodReply,
    /// Sales of the shift that stand.
    sales_count: i64,
    #[schema(value_type = String)]
    gross_total: Money,
    #[schema(value_type = String)]
    discount_total: Money,
    #[schema(value_type = String)]
    sales_total: Money,
    by_payment: ByPaymentReply,
    /// Sales of the shift that were cancelled while it was open.
    cancelled_count: i64,
    #[schema(value_type = String)]
    cancelled_total: Money,
    cancel_refunds: HandedReply,
    returns_count: i64,
    #[schema(value_type = String)]
    returns_total: Money,
    refunds: ReturnedGoodsReply,
    #[schema(value_type = String)]
    net_sales_total: Money,
    debt_payments: DebtPaymentsReply,
    #[schema(value_type = String)]
    expenses_total: Money,
    #[schema(value_type = String)]
    expenses_cash: Money,
    expenses_by_category: Vec<ByCategoryReply>,
    #[schema(value_type = String)]
    supplier_payments_cash: Money,
    wastage_count: i64,
    #[schema(value_type = String)]
    wastage_cost: Money,
    by_worker: Vec<ByWorkerReply>,
    #[schema(value_type = String)]
    cash_start: Money,
    #[schema(value_type = String)]
    cash_expected: Money,
    #[schema(value_type = Option<String>)]
    cash_end: Option<Money>,
    #[schema(value_type = Option<String>)]
    cash_difference: Option<Money>,
    #[schema(value_type = String)]
    net_income: Money,
}

/// From when to when.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodReply {
    start: String,
    /// The end of the shift, or now.
    end: String,
}

/// Sales by way of paying: cash, card and debt sum to all.
#[derive(Debug, Serialize, ToSchema)]
struct ByPaymentReply {
    #[schema(value_type = String)]
    cash: Money,
    #[schema(value_type = String)]
    card: Money,
    /// Inside cash and card already.
    #[schema(value_type = String)]
    mixed: Money,
    #[schema(value_type = String)]
    debt: Money,
}

/// Money handed back for sales of earlier shifts.
#[derive(Debug, Serialize, ToSchema)]
struct HandedReply {
    count: i64,
    #[schema(value_type = String)]
    cash: Money,
    #[schema(value_type = String)]
    card: Money,
}

/// What became of the money for goods that came back.
#[derive(Debug, Serialize, ToSchema)]
struct ReturnedGoodsReply {
    #[schema(value_type = String)]
    cash: Money,
    #[schema(value_type = String)]
    card: Money,
    #[schema(value_type = String)]
    debt: Money,
}

/// What customers paid of their debts.
#[derive(Debug, Serialize, ToSchema)]
struct DebtPaymentsReply {
    count: i64,
    #[schema(value_type = String)]
    cash: Money,
    #[schema(value_type = String)]
    card: Money,
    #[schema(value_type = String)]
    transfer: Money,
}

/// Expenses of one category.
#[derive(Debug, Serialize, ToSchema)]
struct ByCategoryReply {
    /// Its name.
    category: String,
    #[schema(value_type = String)]
    total: Money,
    count: i64,
}

/// What one seller sold.
#[derive(Debug, Serialize, ToSchema)]
struct ByWorkerReply {
    #[schema(value_type = i64)]
    worker_id: WorkerId,
    name: String,
    sales_count: i64,
    #[schema(value_type = String)]
    sales_total: Money,
    /// What came back of what he had sold.
    #[schema(value_type = String)]
    returns_total: Money,
}

impl ReportReply {
    pub(super) fn new(report: ShiftReport, (start, end): (DateTime<Utc>, DateTime<Utc>), zone: Zone) -> Self {
        Self {
            period: PeriodReply {
                start: zone.write(start),
                end: zone.write(end),
            },
            sales_count: report.sales_count,
            gross_total: report.gross_total,
            discount_total: report.discount_total,
            sales_total: report.sales_total,
            by_payment: report.by_payment.into(),
            cancelled_count: report.cancelled_count,
            cancelled_total: report.cancelled_total,
            cancel_refunds: report.cancel_refunds.into(),
            returns_count: report.returns_count,
            returns_total: report.returns_total,
            refunds: report.refunds.into(),
            net_sales_total: report.net_sales_total,
            debt_payments: report.debt_payments.into(),
            expenses_total: report.expenses_total,
            expenses_cash: report.expenses_cash,
            expenses_by_category: report.expenses_by_category.into_iter().map(Into::into).collect(),
            supplier_payments_cash: report.supplier_payments_cash,
            wastage_count: report.wastage_count,
            wastage_cost: report.wastage_cost,
            by_worker: report.by_worker.into_iter().map(Into::into).collect(),
            cash_start: report.cash_start,
            cash_expected: report.cash_expected,
            cash_end: report.cash_end,
            cash_difference: report.cash_difference,
            net_income: report.net_income,
        }
    }
}

impl From<ByPayment> for ByPaymentReply {
    fn from(
        ByPayment {
            cash,
            card,
            mixed,
            debt,
        }: ByPayment,
    ) -> Self {
        Self {
            cash,
            card,
            mixed,
            debt,
        }
    }
}

impl From<Handed> for HandedReply {
    fn from(Handed { count, cash, card }: Handed) -> Self {
        Self { count, cash, card }
    }
}

impl From<ReturnedGoods> for ReturnedGoodsReply {
    fn from(ReturnedGoods { cash, card, debt }: ReturnedGoods) -> Self {
        Self { cash, card, debt }
    }
}

impl From<DebtPayments> for DebtPaymentsReply {
    fn from(payments: DebtPayments) -> Self {
        let DebtPayments {
            count,
            cash,
            card,
            transfer,
        } = payments;
        Self {
            count,
            cash,
            card,
            transfer,
        }
    }
}

impl From<ByCategory> for ByCategoryReply {
    fn from(of_category: ByCategory) -> Self {
        let ByCategory { category, total, count } = of_category;
        Self { category, total, count }
    }
}

impl From<ByWorker> for ByWorkerReply {
    fn from(worker: ByWorker) -> Self {
        let ByWorker {
            worker_id,
            name,
            sales_count,
            sales_total,
            returns_total,
        } = worker;
        Self {
            worker_id,
            name,
            sales_count,
            sales_total,
            returns_total,
        }
    }
}
