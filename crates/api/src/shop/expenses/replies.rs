//! What is answered about expenses.

use actix_web::HttpRequest;
use savdo_domain::Money;
use savdo_domain::access::RowStatus;
use savdo_domain::account::Language;
use savdo_domain::expense::Tender;
use savdo_domain::ids::{ExpenseCategoryId, ExpenseId, LocationId, ShiftId, WorkerId};
use savdo_domain::zone::Zone;
use savdo_services::expenses::{Expense, ExpenseView, StoredExpense};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{messages, reply};

/// An expense in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpenseRowReply {
    #[schema(value_type = i64)]
    id: ExpenseId,
    category_name: String,
    branch_name: String,
    worker_name: String,
    #[schema(value_type = String)]
    amount: Money,
    #[schema(value_type = String)]
    payment_type: Tender,
    date: String,
    #[schema(value_type = String)]
    status: RowStatus,
    created_on: String,
}

/// An expense.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpenseReply {
    #[schema(value_type = i64)]
    id: ExpenseId,
    #[schema(value_type = i64)]
    category_id: ExpenseCategoryId,
    category_name: String,
    #[schema(value_type = i64)]
    branch_id: LocationId,
    branch_name: String,
    #[schema(value_type = i64)]
    worker_id: WorkerId,
    worker_name: String,
    /// The shift that it joined.
    #[schema(value_type = Option<i64>)]
    smena_id: Option<ShiftId>,
    #[schema(value_type = String)]
    amount: Money,
    #[schema(value_type = String)]
    payment_type: Tender,
    payment_type_display: String,
    description: String,
    date: String,
    /// The address of its receipt.
    receipt_image: Option<String>,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    created_on: String,
}

/// How an answer about expenses is written for one caller.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    origin: String,
    zone: Zone,
    language: Language,
}

impl Manner {
    pub(super) fn of(request: &HttpRequest, zone: Zone, language: Language) -> Self {
        Self {
            origin: reply::origin(request),
            zone,
            language,
        }
    }

    fn receipt(&self, stored: &StoredExpense) -> Option<String> {
        let has_one = !stored.expense.receipt_file.is_empty();
        has_one.then(|| format!("{}/api/v1/expenses/{}/receipt-image/", self.origin, stored.id))
    }
}

impl ExpenseRowReply {
    pub(super) fn of(view: ExpenseView, zone: Zone) -> Self {
        let StoredExpense {
            id,
            expense,
            created_at,
            ..
        } = view.stored;
        Self {
            id,
            category_name: view.category_name,
            branch_name: view.branch_name,
            worker_name: view.worker_name,
            amount: expense.amount,
            payment_type: expense.payment_type,
            date: expense.day.to_string(),
            status: expense.status,
            created_on: zone.write(created_at),
        }
    }
}

impl ExpenseReply {
    pub(super) fn of(view: ExpenseView, manner: &Manner) -> Self {
        let ExpenseView {
            stored,
            category_name,
            branch_name,
            worker_name,
        } = view;
        let receipt_image = manner.receipt(&stored);
        let StoredExpense {
            id,
            branch_id,
            worker_id,
            shift_id,
            expense,
            created_at,
        } = stored;
        let Expense {
            category_id,
            amount,
            payment_type,
            day,
            description,
            receipt_file: _,
            status,
        } = expense;
        Self {
            id,
            category_id,
            category_name,
            branch_id,
            branch_name,
            worker_id,
            worker_name,
            smena_id: shift_id,
            amount,
            payment_type,
            payment_type_display: messages::label(manner.language, "tender", payment_type),
            description,
            date: day.to_string(),
            receipt_image,
            status,
            status_display: messages::label(manner.language, "row_status", status),
            created_on: manner.zone.write(created_at),
        }
    }
}
