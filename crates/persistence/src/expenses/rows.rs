//! An expense as its row holds it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::expense::Tender;
use savdo_domain::ids::{ExpenseCategoryId, ExpenseId, LocationId, ShiftId, WorkerId};
use savdo_domain::text;

use crate::columns;
use crate::error::Error;
use crate::schema::expenses;

/// What can be said and changed of an expense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expense {
    /// What it was for.
    pub category_id: ExpenseCategoryId,
    /// How much.
    pub amount: Money,
    /// How it was paid.
    pub payment_type: Tender,
    /// On which day of the store.
    pub day: NaiveDate,
    /// A remark, possibly empty.
    pub description: String,
    /// The stored name of its receipt; empty without one.
    pub receipt_file: String,
    /// Whether it counts.
    pub status: RowStatus,
}

/// An expense that nobody else changes until the end of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredExpense {
    /// The expense.
    pub id: ExpenseId,
    /// Where it was spent.
    pub branch_id: LocationId,
    /// Who wrote it down.
    pub worker_id: WorkerId,
    /// The shift that it joined.
    pub shift_id: Option<ShiftId>,
    /// What is said of it.
    pub expense: Expense,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
}

/// Every column that follows from an [`Expense`].
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = expenses)]
pub(super) struct ExpenseColumns<'a> {
    category_id: i64,
    amount: i64,
    payment_type: &'static str,
    day: NaiveDate,
    description: &'a str,
    search: String,
    receipt_file: &'a str,
    status: &'static str,
}

impl<'a> From<&'a Expense> for ExpenseColumns<'a> {
    fn from(expense: &'a Expense) -> Self {
        let Expense {
            category_id,
            amount,
            payment_type,
            day,
            description,
            receipt_file,
            status,
        } = expense;
        Self {
            category_id: category_id.get(),
            amount: amount.tiyin(),
            payment_type: payment_type.code(),
            day: *day,
            description,
            search: text::search_text(&[description]),
            receipt_file,
            status: status.code(),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = expenses)]
pub(super) struct ExpenseRow {
    pub(super) id: i64,
    category_id: i64,
    branch_id: i64,
    worker_id: i64,
    shift_id: Option<i64>,
    pub(super) amount: i64,
    payment_type: String,
    pub(super) day: NaiveDate,
    description: String,
    receipt_file: String,
    status: String,
    pub(super) created_at: NaiveDateTime,
}

impl TryFrom<ExpenseRow> for StoredExpense {
    type Error = Error;

    fn try_from(row: ExpenseRow) -> Result<Self, Error> {
        let ExpenseRow {
            id,
            category_id,
            branch_id,
            worker_id,
            shift_id,
            amount,
            payment_type,
            day,
            description,
            receipt_file,
            status,
            created_at,
        } = row;
        Ok(Self {
            id: ExpenseId::new(id),
            branch_id: LocationId::new(branch_id),
            worker_id: WorkerId::new(worker_id),
            shift_id: shift_id.map(ShiftId::new),
            expense: Expense {
                category_id: ExpenseCategoryId::new(category_id),
                amount: columns::money(amount),
                payment_type: columns::coded("expenses", id, &payment_type)?,
                day,
                description,
                receipt_file,
                status: columns::coded("expenses", id, &status)?,
            },
            created_at: columns::time(created_at),
        })
    }
}
