//! One sale, as the counter shows it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleLineId, ShiftId, StoreId, WorkerId};
use savdo_domain::sale::{ClientId, DiscountSource, Payment, PaymentType, SaleStatus, Settlement};
use savdo_domain::{Money, Percent, Quantity};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::sales::rows::{SaleLineRow, SaleRow};
use crate::schema::{locations, sale_lines, sales, users, workers};
use crate::workers::name_of;

/// A sale as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleView {
    /// The sale.
    pub id: SaleId,
    /// Its number in the store.
    pub number: i64,
    /// Where it was sold.
    pub branch_id: LocationId,
    /// The name of the branch.
    pub branch_name: String,
    /// Who sold it.
    pub worker_id: WorkerId,
    /// The seller's name.
    pub worker_name: String,
    /// How it is paid.
    pub payment_type: PaymentType,
    /// The sum of the lines before the sale's discount.
    pub total_price: Money,
    /// The sale's discount.
    pub discount_amount: Money,
    /// What is to be paid.
    pub net_total: Money,
    /// How it was settled.
    pub settlement: Settlement,
    /// What was handed back for returned goods.
    pub returned_amount: Money,
    /// Where it stands.
    pub status: SaleStatus,
    /// When it was sold.
    pub sold_at: DateTime<Utc>,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
}

/// A sale with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleDetailView {
    /// The sale.
    pub sale: SaleView,
    /// The shift that it joined.
    pub shift_id: Option<ShiftId>,
    /// A remark, possibly empty.
    pub description: String,
    /// The id that its client gave it.
    pub client_id: Option<String>,
    /// When it was undone, if it was.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Who undid it.
    pub cancelled_by_name: Option<String>,
    /// Why, possibly empty.
    pub cancel_reason: String,
    /// What was handed back when it was undone, and what was struck out of its debt.
    pub refund: Settlement,
    /// Its lines.
    pub lines: Vec<SaleLineView>,
}

/// A line of a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleLineView {
    /// The line.
    pub id: SaleLineId,
    /// The product.
    pub product_id: ProductId,
    /// Its name when it was sold.
    pub product_name: String,
    /// The unit it was sold in.
    pub unit: Unit,
    /// How much was sold.
    pub quantity: Quantity,
    /// How much of it came back.
    pub returned_quantity: Quantity,
    /// The price of one unit before discount.
    pub original_price: Money,
    /// The line's discount as a share of it.
    pub discount_percent: Percent,
    /// The line's discount per unit.
    pub discount_per_unit: Money,
    /// Where the line's discount comes from.
    pub source: DiscountSource,
    /// The line before the sale's discount.
    pub line_total: Money,
    /// The line after its share in the sale's discount.
    pub total_price: Money,
    /// What the goods cost.
    pub cost: Money,
}

type SaleColumns = (
    sales::id,
    sales::number,
    (locations::id, locations::name),
    (workers::id, users::first_name, users::last_name, users::username),
    sales::payment_type,
    sales::total_price,
    sales::discount_amount,
    sales::net_total,
    sales::cash_amount,
    sales::card_amount,
    sales::debt_amount,
    sales::returned_amount,
    sales::status,
    sales::sold_at,
    sales::created_at,
);

/// The columns of a [`SaleRow`].
pub(super) const SALE_COLUMNS: SaleColumns = (
    sales::id,
    sales::number,
    (locations::id, locations::name),
    (workers::id, users::first_name, users::last_name, users::username),
    sales::payment_type,
    sales::total_price,
    sales::discount_amount,
    sales::net_total,
    sales::cash_amount,
    sales::card_amount,
    sales::debt_amount,
    sales::returned_amount,
    sales::status,
    sales::sold_at,
    sales::created_at,
);

/// Sales with their branch and their seller.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn sales_with_seller() -> _ {
    sales::table
        .inner_join(locations::table)
        .inner_join(workers::table.on(workers::id.eq(sales::worker_id)))
        .inner_join(users::table.on(users::id.eq(workers::user_id)))
}

/// One sale of the store, in whatever status.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId, id: SaleId) -> Result<Option<SaleDetailView>, Error> {
    type Ending = (Option<NaiveDateTime>, Option<i64>, String, (i64, i64, i64));
    type Told = (Option<i64>, String, Option<String>);
    let row: Option<(SaleRow, Told, Ending)> = reader.statement("sale_find", |on| {
        sales_with_seller()
            .filter(sales::store_id.eq(store_id.get()))
            .filter(sales::id.eq(id.get()))
            .select((
                SALE_COLUMNS,
                (sales::shift_id, sales::description, sales::client_id),
                (
                    sales::cancelled_at,
                    sales::cancelled_by,
                    sales::cancel_reason,
                    (sales::refund_cash, sales::refund_card, sales::refund_debt),
                ),
            ))
            .first(on)
            .optional()
    })?;
    let Some((sale, (shift_id, description, client_id), (cancelled_at, cancelled_by, cancel_reason, refund))) = row
    else {
        return Ok(None);
    };
    let (cash, card, debt) = refund;
    let cancelled_by_name = match cancelled_by {
        Some(worker) => name_of(reader, store_id, WorkerId::new(worker))?,
        None => None,
    };
    Ok(Some(SaleDetailView {
        sale: SaleView::try_from(sale)?,
        shift_id: shift_id.map(ShiftId::new),
        description,
        client_id,
        cancelled_at: cancelled_at.map(columns::time),
        cancelled_by_name,
        cancel_reason,
        refund: Settlement {
            payment: Payment {
                cash: columns::money(cash),
                card: columns::money(card),
            },
            debt: columns::money(debt),
        },
        lines: lines(reader, store_id, id)?,
    }))
}

/// The sale of the store that has this id of its client.
///
/// # Errors
/// A failed statement.
pub fn of_client(reader: &mut Reader<'_>, store_id: StoreId, client_id: &ClientId) -> Result<Option<SaleId>, Error> {
    let id: Option<i64> = reader.statement("sale_of_client", |on| {
        sales::table
            .filter(sales::store_id.eq(store_id.get()))
            .filter(sales::client_id.eq(client_id.as_str()))
            .select(sales::id)
            .first(on)
            .optional()
    })?;
    Ok(id.map(SaleId::new))
}

fn lines(reader: &mut Reader<'_>, store_id: StoreId, id: SaleId) -> Result<Vec<SaleLineView>, Error> {
    let rows: Vec<SaleLineRow> = reader.statement("sale_lines_find", |on| {
        sale_lines::table
            .filter(sale_lines::store_id.eq(store_id.get()))
            .filter(sale_lines::sale_id.eq(id.get()))
            .order(sale_lines::line_number)
            .select((
                sale_lines::id,
                sale_lines::product_id,
                sale_lines::product_name,
                sale_lines::unit,
                sale_lines::quantity,
                sale_lines::returned_quantity,
                sale_lines::original_price,
                sale_lines::discount_percent,
                sale_lines::discount_per_unit,
                sale_lines::discount_source,
                sale_lines::line_total,
                sale_lines::total_price,
                sale_lines::cost,
            ))
            .load(on)
    })?;
    rows.into_iter().map(SaleLineView::try_from).collect()
}
