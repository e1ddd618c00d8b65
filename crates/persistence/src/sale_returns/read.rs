//! Returns as the counter shows them, and what a sale's returns have taken of it.

use chrono::{DateTime, Utc};
use diesel::backend::Backend;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::select;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{
    LocationId, ProductId, SaleId, SaleLineId, SaleReturnId, SaleReturnLineId, ShiftId, StoreId, WorkerId,
};
use savdo_domain::sale_return::{Refund, SaleReturnStatus, SoldLine};
use savdo_domain::{Money, Quantity};

use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::prepared::{cached, statement};
use crate::sale_returns::rows::{SaleReturnLineRow, SaleReturnRow, SoldLineRow, of_amounts};
use crate::schema::{locations, sale_lines, sale_return_lines, sale_returns, sales, users, workers};

/// A return as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleReturnView {
    /// The return.
    pub id: SaleReturnId,
    /// The sale whose goods come back.
    pub sale_id: SaleId,
    /// The sale's number in the store.
    pub sale_number: i64,
    /// The customer of the sale.
    pub customer_id: Option<i64>,
    /// Where the goods come back.
    pub branch_id: LocationId,
    /// The name of the branch.
    pub branch_name: String,
    /// Who wrote it down.
    pub worker_id: WorkerId,
    /// His name.
    pub worker_name: String,
    /// The shift in which it was confirmed.
    pub shift_id: Option<ShiftId>,
    /// What the goods are worth to the buyer.
    pub total_amount: Money,
    /// What became of that money: nothing until it is confirmed.
    pub refund: Refund,
    /// Where it stands.
    pub status: SaleReturnStatus,
    /// When it was confirmed, if it was.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
}

/// A return with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleReturnDetailView {
    /// The return.
    pub sale_return: SaleReturnView,
    /// Why, possibly empty.
    pub reason: String,
    /// Its lines.
    pub lines: Vec<SaleReturnLineView>,
}

/// A line of a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleReturnLineView {
    /// The line.
    pub id: SaleReturnLineId,
    /// The line of the sale.
    pub sale_line_id: SaleLineId,
    /// The product.
    pub product_id: ProductId,
    /// Its name when it was sold.
    pub product_name: String,
    /// How much comes back.
    pub quantity: Quantity,
    /// What that is worth to the buyer.
    pub total_price: Money,
    /// What the goods had cost the store; zero until it is confirmed.
    pub cost: Money,
}

type ReturnColumns = (
    sale_returns::id,
    (sales::id, sales::number, sales::customer_id),
    (locations::id, locations::name),
    (workers::id, users::first_name, users::last_name, users::username),
    sale_returns::shift_id,
    sale_returns::total_amount,
    (
        sale_returns::refund_cash,
        sale_returns::refund_card,
        sale_returns::refund_debt,
    ),
    sale_returns::status,
    sale_returns::confirmed_at,
    sale_returns::created_at,
);

/// The columns of a [`SaleReturnRow`].
pub(super) const RETURN_COLUMNS: ReturnColumns = (
    sale_returns::id,
    (sales::id, sales::number, sales::customer_id),
    (locations::id, locations::name),
    (workers::id, users::first_name, users::last_name, users::username),
    sale_returns::shift_id,
    sale_returns::total_amount,
    (
        sale_returns::refund_cash,
        sale_returns::refund_card,
        sale_returns::refund_debt,
    ),
    sale_returns::status,
    sale_returns::confirmed_at,
    sale_returns::created_at,
);

/// Returns with their sale, their branch and who wrote them down.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn joined() -> _ {
    sale_returns::table
        .inner_join(sales::table)
        .inner_join(locations::table.on(locations::id.eq(sale_returns::branch_id)))
        .inner_join(workers::table.on(workers::id.eq(sale_returns::worker_id)))
        .inner_join(users::table.on(users::id.eq(workers::user_id)))
}

/// One return of the store, in whatever status.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    id: SaleReturnId,
) -> Result<Option<SaleReturnDetailView>, Error> {
    let row: Option<(SaleReturnRow, String)> = reader.statement("sale_return_find", |on| {
        joined()
            .filter(sale_returns::store_id.eq(store_id.get()))
            .filter(sale_returns::id.eq(id.get()))
            .select((RETURN_COLUMNS, sale_returns::reason))
            .first(on)
            .optional()
    })?;
    let Some((row, reason)) = row else { return Ok(None) };
    let lines: Vec<SaleReturnLineRow> = reader.statement("sale_return_lines_find", |on| {
        sale_return_lines::table
            .inner_join(sale_lines::table)
            .filter(sale_return_lines::store_id.eq(store_id.get()))
            .filter(sale_return_lines::return_id.eq(id.get()))
            .order(sale_return_lines::line_number)
            .select((
                sale_return_lines::id,
                (sale_lines::id, sale_lines::product_id, sale_lines::product_name),
                sale_return_lines::quantity,
                sale_return_lines::total_price,
                sale_return_lines::cost,
            ))
            .load(on)
    })?;
    Ok(Some(SaleReturnDetailView {
        sale_return: SaleReturnView::try_from(row)?,
        reason,
        lines: lines.into_iter().map(SaleReturnLineView::from).collect(),
    }))
}

/// The sale of a return: it never changes, so that it may be asked before the sale is locked.
///
/// # Errors
/// A failed statement.
pub fn sale_of(reader: &mut Reader<'_>, store_id: StoreId, id: SaleReturnId) -> Result<Option<SaleId>, Error> {
    let sale: Option<i64> = reader.statement("sale_return_sale", |on| {
        sale_returns::table
            .filter(sale_returns::store_id.eq(store_id.get()))
            .filter(sale_returns::id.eq(id.get()))
            .select(sale_returns::sale_id)
            .first(on)
            .optional()
    })?;
    Ok(sale.map(SaleId::new))
}

/// Whether goods of a sale came back or are about to. Read under the sale's lock.
///
/// # Errors
/// A failed statement.
pub fn is_any_of(reader: &mut Reader<'_>, store_id: StoreId, sale_id: SaleId) -> Result<bool, Error> {
    reader.statement("sale_returns_any", |on| {
        let of_sale = sale_returns::table
            .filter(sale_returns::store_id.eq(store_id.get()))
            .filter(sale_returns::sale_id.eq(sale_id.get()))
            .filter(sale_returns::status.ne(SaleReturnStatus::Cancelled.code()));
        select(exists(of_sale)).get_result(on)
    })
}

fragments! {
    /// How much of a line of a sale is about to come back.
    PendingOfLine: BigInt = "(SELECT CAST(COALESCE(SUM(line.quantity), 0) AS BIGINT) FROM sale_return_lines AS line \
        JOIN sale_returns AS document ON document.store_id = line.store_id AND document.id = line.return_id \
        WHERE line.store_id = sale_lines.store_id AND line.sale_line_id = sale_lines.id AND document.status = 'pending')";
}

/// The lines of a sale in the order of their numbers, with what of them came back or is about to. Read under the sale's lock.
///
/// # Errors
/// A failed statement.
pub fn sold_lines(reader: &mut Reader<'_>, store_id: StoreId, sale_id: SaleId) -> Result<Vec<SoldLine>, Error> {
    let rows: Vec<SoldLineRow> = reader.statement("sale_lines_sold", |on| {
        sale_lines::table
            .filter(sale_lines::store_id.eq(store_id.get()))
            .filter(sale_lines::sale_id.eq(sale_id.get()))
            .order(sale_lines::line_number)
            .select((
                sale_lines::id,
                sale_lines::line_number,
                sale_lines::product_id,
                sale_lines::quantity,
                sale_lines::total_price,
                sale_lines::returned_quantity,
                PendingOfLine,
            ))
            .load(on)
    })?;
    Ok(rows.into_iter().map(SoldLine::from).collect())
}

/// What was handed back and struck out for a sale in its confirmed returns. Read under the sale's lock.
///
/// # Errors
/// A failed statement.
pub fn refunded(reader: &mut Reader<'_>, store_id: StoreId, sale_id: SaleId) -> Result<Refund, Error> {
    let refunded = Refunded {
        store_id: &store_id.get(),
        sale_id: sale_id.get(),
    };
    let amounts = reader.statement("sale_returns_refunded", |on| {
        on_each!(on, |c| refunded.get_result::<(i64, i64, i64)>(c))
    })?;
    Ok(of_amounts(amounts))
}

struct Refunded<'a> {
    store_id: &'a i64,
    sale_id: i64,
}

cached!(Refunded -> (BigInt, BigInt, BigInt));

impl<Db> QueryFragment<Db> for Refunded<'_>
where
    Db: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "SELECT CAST(COALESCE(SUM(refund_cash), 0) AS BIGINT), CAST(COALESCE(SUM(refund_card), 0) AS BIGINT), \
             CAST(COALESCE(SUM(refund_debt), 0) AS BIGINT) FROM sale_returns WHERE store_id = " (BigInt, self.store_id)
            " AND sale_id = " (BigInt, &self.sale_id)
            " AND status = 'confirmed'"
        )
    }
}
