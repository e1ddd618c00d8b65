//! What a bill is made of, beside its order.

use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, PaymentId, StoreId};
use savdo_domain::payment::fiscal::FiscalLine;
use savdo_domain::payment::{Payment, PaymentState};
use savdo_domain::percent::Percent;

use super::read::TriedView;
use super::transactions::TransactionRow;
use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{order_lines, orders, payments, products, provider_transactions};

/// The store of an order. A provider names the order by its number alone; whether it may speak of that store's orders is judged next.
///
/// # Errors
/// A failed statement.
pub fn store_of_unscoped(reader: &mut Reader<'_>, order_id: OrderId) -> Result<Option<StoreId>, Error> {
    let store_id = reader.statement("order_store", |on| {
        orders::table
            .filter(orders::id.eq(order_id.get()))
            .select(orders::store_id)
            .first::<i64>(on)
            .optional()
    })?;
    Ok(store_id.map(StoreId::new))
}

/// What was tried for an order, the oldest first. A transaction is found by its payment, which is of the same order, as `savdo verify` proves.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn of_order(reader: &mut Reader<'_>, store_id: StoreId, order_id: OrderId) -> Result<TriedView, Error> {
    let of_payment = provider_transactions::store_id
        .eq(payments::store_id)
        .and(provider_transactions::payment_id.eq(payments::id));
    let rows: Vec<(PaymentColumns, Option<TransactionRow>)> = reader.statement("payments_of_order", |on| {
        payments::table
            .left_join(provider_transactions::table.on(of_payment))
            .filter(payments::store_id.eq(store_id.get()))
            .filter(payments::order_id.eq(order_id.get()))
            .order(payments::id)
            .select((PaymentColumns::as_select(), Option::<TransactionRow>::as_select()))
            .load(on)
    })?;
    let mut tried = TriedView::default();
    for (row, transaction) in rows {
        let payment = payment(row)?;
        // Once, however many transactions it has.
        if tried.payments.last().is_none_or(|last| last.id != payment.id) {
            tried.payments.push(payment);
        }
        tried
            .transactions
            .extend(transaction.map(TransactionRow::view).transpose()?);
    }
    tried.transactions.sort_unstable_by_key(|transaction| transaction.id);
    Ok(tried)
}

/// How much late money of all stores is still here, for whoever watches the installation.
///
/// # Errors
/// A failed statement.
pub fn late_unscoped(reader: &mut Reader<'_>) -> Result<i64, Error> {
    reader.statement("payments_late", |on| {
        payments::table
            .filter(payments::is_late)
            .filter(payments::status.eq(PaymentState::Success.code()))
            .count()
            .get_result(on)
    })
}

/// What a bill says of a payment.
#[derive(Queryable, Selectable)]
#[diesel(table_name = payments)]
pub(super) struct PaymentColumns {
    id: i64,
    provider: String,
    status: String,
    amount: i64,
    is_late: bool,
}

pub(super) fn payment(row: PaymentColumns) -> Result<Payment, Error> {
    let PaymentColumns {
        id,
        provider,
        status,
        amount,
        is_late,
    } = row;
    Ok(Payment {
        id: PaymentId::new(id),
        provider: columns::coded("payments", id, &provider)?,
        state: columns::coded("payments", id, &status)?,
        amount: columns::money(amount),
        is_late,
    })
}

/// A line of an order, as the tax office is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiscalLineView {
    /// What the product was called at checkout.
    pub product_name: String,
    /// The unit of the product now.
    pub unit: String,
    /// How many pieces.
    pub pieces: i64,
    /// The price of one piece.
    pub price: Money,
    /// The price of the line.
    pub subtotal: Money,
    /// The product's code in the state catalogue now; may be empty.
    pub mxik_code: String,
    /// The code of its package there; may be empty.
    pub package_code: String,
    /// The tax that its price includes.
    pub vat_percent: Option<Percent>,
}

impl FiscalLineView {
    /// It, as a provider is to tell the tax office.
    #[must_use]
    pub fn line(&self) -> FiscalLine<'_> {
        FiscalLine {
            title: &self.product_name,
            unit: &self.unit,
            price: self.price,
            pieces: self.pieces,
            discount: self.discount(),
            mxik_code: &self.mxik_code,
            package_code: &self.package_code,
            unit_code: None,
            vat_percent: self.vat_percent,
        }
    }

    /// What the whole line is cheaper by than its pieces.
    fn discount(&self) -> Money {
        let full = self.price.tiyin().checked_mul(self.pieces);
        let discount = full.and_then(|full| full.checked_sub(self.subtotal.tiyin()));
        discount.map_or(Money::ZERO, Money::from_tiyin)
    }
}

/// The lines of an order, in their order.
///
/// # Errors
/// A failed statement.
pub fn fiscal_lines(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    order_id: OrderId,
) -> Result<Vec<FiscalLineView>, Error> {
    type Row = (String, String, i64, i64, i64, String, String, Option<i64>);
    let rows = reader.statement("order_fiscal_lines", |on| {
        order_lines::table
            .inner_join(products::table)
            .filter(order_lines::store_id.eq(store_id.get()))
            .filter(order_lines::order_id.eq(order_id.get()))
            .order(order_lines::line_number)
            .select((
                order_lines::product_name,
                products::unit,
                order_lines::quantity,
                order_lines::price,
                order_lines::subtotal,
                products::mxik_code,
                products::package_code,
                products::vat_percent,
            ))
            .load::<Row>(on)
    })?;
    let lines = rows.into_iter().map(
        |(product_name, unit, pieces, price, subtotal, mxik_code, package_code, vat_percent)| FiscalLineView {
            product_name,
            unit,
            pieces,
            price: columns::money(price),
            subtotal: columns::money(subtotal),
            mxik_code,
            package_code,
            vat_percent: vat_percent.map(Percent::from_hundredths),
        },
    );
    Ok(lines.collect())
}
