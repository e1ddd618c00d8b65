//! Receipts that a provider registers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{PaymentId, StoreId, TransactionId};
use savdo_domain::payment::Provider;
use savdo_domain::payment::fiscal::{FiscalRecord, FiscalType};

use crate::connection::on_each;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{fiscal_records, payments};

/// Keeps a receipt over an earlier one of its kind; from here on its provider registers the payment.
///
/// # Errors
/// A failed statement.
pub fn keep(
    tx: &mut Tx<'_>,
    (store_id, id): (StoreId, TransactionId),
    (payment_id, owner): (PaymentId, Provider),
    record: &FiscalRecord,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let told = (
        fiscal_records::receipt_id.eq(record.receipt_id.as_deref()),
        fiscal_records::status_code.eq(record.status_code),
        fiscal_records::message.eq(record.message.as_deref()),
        fiscal_records::terminal_id.eq(record.terminal_id.as_deref()),
        fiscal_records::fiscal_sign.eq(record.fiscal_sign.as_deref()),
        fiscal_records::qr_code_url.eq(record.qr_code_url.as_deref()),
        fiscal_records::receipt_time.eq(record.date),
        fiscal_records::updated_at.eq(at.naive_utc()),
    );
    let of = (
        fiscal_records::store_id.eq(store_id.get()),
        fiscal_records::transaction_id.eq(id.get()),
        fiscal_records::kind.eq(record.kind.code()),
    );
    tx.statement("fiscal_record_keep", |on| {
        on_each!(on, |c| diesel::insert_into(fiscal_records::table)
            .values((of, told))
            .on_conflict((
                fiscal_records::store_id,
                fiscal_records::transaction_id,
                fiscal_records::kind
            ))
            .do_update()
            .set(told)
            .execute(c))
    })?;
    tx.statement("payment_fiscal_owner", |on| {
        diesel::update(payments::table)
            .filter(payments::store_id.eq(store_id.get()))
            .filter(payments::id.eq(payment_id.get()))
            .set(payments::fiscal_owner.eq(owner.code()))
            .execute(on)
    })?;
    Ok(())
}

/// What is kept of the receipt of a sale.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptView {
    /// Zero is registered, none not yet; anything else is why it failed.
    pub status_code: Option<i64>,
    /// What was said of it.
    pub message: Option<String>,
}

/// The receipt of the sale that was paid by a transaction of the store, as far as it is.
///
/// # Errors
/// A failed statement.
pub fn receipt(reader: &mut Reader<'_>, store_id: StoreId, id: TransactionId) -> Result<Option<ReceiptView>, Error> {
    let row = reader.statement("fiscal_record", |on| {
        fiscal_records::table
            .filter(fiscal_records::store_id.eq(store_id.get()))
            .filter(fiscal_records::transaction_id.eq(id.get()))
            .filter(fiscal_records::kind.eq(FiscalType::Perform.code()))
            .select((fiscal_records::status_code, fiscal_records::message))
            .first::<(Option<i64>, Option<String>)>(on)
            .optional()
    })?;
    Ok(row.map(|(status_code, message)| ReceiptView { status_code, message }))
}
