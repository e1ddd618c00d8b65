//! Rows of sales and what they are in the domain.

use chrono::NaiveDateTime;
use diesel::Queryable;
use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleLineId, WorkerId};
use savdo_domain::sale::{Payment, Settlement};
use savdo_domain::{Percent, Quantity};

use crate::columns;
use crate::error::Error;
use crate::paging::Key;
use crate::sales::list::SaleColumn;
use crate::sales::read::{SaleLineView, SaleView};
use crate::workers::full_name;

/// A sale joined with its branch and its seller's account.
#[derive(Debug, Queryable)]
pub(super) struct SaleRow {
    id: i64,
    number: i64,
    branch: (i64, String),
    worker: (i64, String, String, Option<String>),
    payment_type: String,
    total_price: i64,
    discount_amount: i64,
    net_total: i64,
    cash_amount: i64,
    card_amount: i64,
    debt_amount: i64,
    returned_amount: i64,
    status: String,
    sold_at: NaiveDateTime,
    created_at: NaiveDateTime,
}

impl SaleRow {
    pub(super) fn key(&self, column: SaleColumn) -> Key {
        match column {
            SaleColumn::Id => Key::Number(self.id),
            SaleColumn::SoldAt => Key::Time(self.sold_at),
            SaleColumn::CreatedOn => Key::Time(self.created_at),
            SaleColumn::TotalPrice => Key::Number(self.total_price),
        }
    }
}

impl TryFrom<SaleRow> for SaleView {
    type Error = Error;

    fn try_from(row: SaleRow) -> Result<Self, Error> {
        let SaleRow {
            id,
            number,
            branch: (branch_id, branch_name),
            worker: (worker_id, first_name, last_name, username),
            payment_type,
            total_price,
            discount_amount,
            net_total,
            cash_amount,
            card_amount,
            debt_amount,
            returned_amount,
            status,
            sold_at,
            created_at,
        } = row;
        Ok(Self {
            id: SaleId::new(id),
            number,
            branch_id: LocationId::new(branch_id),
            branch_name,
            worker_id: WorkerId::new(worker_id),
            worker_name: full_name(&first_name, &last_name, username.as_deref().unwrap_or_default()),
            payment_type: columns::coded("sales", id, &payment_type)?,
            total_price: columns::money(total_price),
            discount_amount: columns::money(discount_amount),
            net_total: columns::money(net_total),
            settlement: Settlement {
                payment: Payment {
                    cash: columns::money(cash_amount),
                    card: columns::money(card_amount),
                },
                debt: columns::money(debt_amount),
            },
            returned_amount: columns::money(returned_amount),
            status: columns::coded("sales", id, &status)?,
            sold_at: columns::time(sold_at),
            created_at: columns::time(created_at),
        })
    }
}

/// A line joined with its product.
#[derive(Debug, Queryable)]
pub(super) struct SaleLineRow {
    id: i64,
    product_id: i64,
    product_name: String,
    unit: String,
    quantity: i64,
    returned_quantity: i64,
    original_price: i64,
    discount_percent: i64,
    discount_per_unit: i64,
    discount_source: String,
    line_total: i64,
    total_price: i64,
    cost: i64,
}

impl TryFrom<SaleLineRow> for SaleLineView {
    type Error = Error;

    fn try_from(row: SaleLineRow) -> Result<Self, Error> {
        let SaleLineRow {
            id,
            product_id,
            product_name,
            unit,
            quantity,
            returned_quantity,
            original_price,
            discount_percent,
            discount_per_unit,
            discount_source,
            line_total,
            total_price,
            cost,
        } = row;
        Ok(Self {
            id: SaleLineId::new(id),
            product_id: ProductId::new(product_id),
            product_name,
            unit: columns::coded("sale_lines", id, &unit)?,
            quantity: Quantity::from_thousandths(quantity),
            returned_quantity: Quantity::from_thousandths(returned_quantity),
            original_price: columns::money(original_price),
            discount_percent: Percent::from_hundredths(discount_percent),
            discount_per_unit: columns::money(discount_per_unit),
            source: columns::coded("sale_lines", id, &discount_source)?,
            line_total: columns::money(line_total),
            total_price: columns::money(total_price),
            cost: columns::money(cost),
        })
    }
}
