//! Rows of returns and what they are in the domain.

use chrono::NaiveDateTime;
use diesel::Queryable;
use savdo_domain::Quantity;
use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleLineId, SaleReturnId, SaleReturnLineId, ShiftId, WorkerId};
use savdo_domain::sale_return::{Refund, SoldLine};

use crate::columns;
use crate::error::Error;
use crate::sale_returns::read::{SaleReturnLineView, SaleReturnView};
use crate::workers::full_name;

/// A return joined with its sale, its branch and the account of who wrote it down.
#[derive(Debug, Queryable)]
pub(super) struct SaleReturnRow {
    pub(super) id: i64,
    sale: (i64, i64, Option<i64>),
    branch: (i64, String),
    worker: (i64, String, String, Option<String>),
    shift_id: Option<i64>,
    total_amount: i64,
    refund: (i64, i64, i64),
    status: String,
    confirmed_at: Option<NaiveDateTime>,
    pub(super) created_at: NaiveDateTime,
}

impl TryFrom<SaleReturnRow> for SaleReturnView {
    type Error = Error;

    fn try_from(row: SaleReturnRow) -> Result<Self, Error> {
        let SaleReturnRow {
            id,
            sale: (sale_id, sale_number, customer_id),
            branch: (branch_id, branch_name),
            worker: (worker_id, first_name, last_name, username),
            shift_id,
            total_amount,
            refund,
            status,
            confirmed_at,
            created_at,
        } = row;
        Ok(Self {
            id: SaleReturnId::new(id),
            sale_id: SaleId::new(sale_id),
            sale_number,
            customer_id,
            branch_id: LocationId::new(branch_id),
            branch_name,
            worker_id: WorkerId::new(worker_id),
            worker_name: full_name(&first_name, &last_name, username.as_deref().unwrap_or_default()),
            shift_id: shift_id.map(ShiftId::new),
            total_amount: columns::money(total_amount),
            refund: of_amounts(refund),
            status: columns::coded("sale_returns", id, &status)?,
            confirmed_at: confirmed_at.map(columns::time),
            created_at: columns::time(created_at),
        })
    }
}

/// What became of the money, of cash, card and debt.
pub(super) fn of_amounts((cash, card, debt): (i64, i64, i64)) -> Refund {
    Refund {
        cash: columns::money(cash),
        card: columns::money(card),
        debt: columns::money(debt),
    }
}

/// A line joined with that of the sale.
#[derive(Debug, Queryable)]
pub(super) struct SaleReturnLineRow {
    id: i64,
    sale_line: (i64, i64, String),
    quantity: i64,
    total_price: i64,
    cost: i64,
}

impl From<SaleReturnLineRow> for SaleReturnLineView {
    fn from(row: SaleReturnLineRow) -> Self {
        let SaleReturnLineRow {
            id,
            sale_line: (sale_line_id, product_id, product_name),
            quantity,
            total_price,
            cost,
        } = row;
        Self {
            id: SaleReturnLineId::new(id),
            sale_line_id: SaleLineId::new(sale_line_id),
            product_id: ProductId::new(product_id),
            product_name,
            quantity: Quantity::from_thousandths(quantity),
            total_price: columns::money(total_price),
            cost: columns::money(cost),
        }
    }
}

/// A line of a sale with what of it is no longer to be had.
#[derive(Debug, Queryable)]
pub(super) struct SoldLineRow {
    id: i64,
    line_number: i64,
    product_id: i64,
    quantity: i64,
    total_price: i64,
    returned_quantity: i64,
    pending_quantity: i64,
}

impl From<SoldLineRow> for SoldLine {
    fn from(row: SoldLineRow) -> Self {
        let SoldLineRow {
            id,
            line_number,
            product_id,
            quantity,
            total_price,
            returned_quantity,
            pending_quantity,
        } = row;
        Self {
            id: SaleLineId::new(id),
            number: line_number,
            product_id: ProductId::new(product_id),
            quantity: Quantity::from_thousandths(quantity),
            total: columns::money(total_price),
            returned: Quantity::from_thousandths(returned_quantity),
            pending: Quantity::from_thousandths(pending_quantity),
        }
    }
}
