//! Which stored files are receipts of expenses.
//!
//! Without a scope: the sweep of files and whoever runs the installation look after those of all stores.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use savdo_domain::ids::ExpenseId;

use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::schema::expenses;

fragments! {
    /// It has a receipt, as its partial index says it.
    HasReceipt: Bool = "expenses.receipt_file <> ''";
}

/// Which of these stored names some expense's receipt has.
///
/// # Errors
/// A failed statement.
pub fn named_receipts_unscoped(reader: &mut Reader<'_>, names: &[String]) -> Result<Vec<String>, Error> {
    reader.statement("expenses_named_receipts", |on| {
        expenses::table
            .filter(expenses::receipt_file.eq_any(names))
            .filter(HasReceipt)
            .select(expenses::receipt_file)
            .load(on)
    })
}

/// The names of the receipts of expenses after this one, in the order of their ids.
///
/// # Errors
/// A failed statement.
pub fn receipts_unscoped(
    reader: &mut Reader<'_>,
    after: ExpenseId,
    most: i64,
) -> Result<Vec<(ExpenseId, String)>, Error> {
    let rows: Vec<(i64, String)> = reader.statement("expenses_receipts", |on| {
        expenses::table
            .filter(expenses::id.gt(after.get()))
            .filter(HasReceipt)
            .order(expenses::id)
            .select((expenses::id, expenses::receipt_file))
            .limit(most)
            .load(on)
    })?;
    Ok(rows.into_iter().map(|(id, name)| (ExpenseId::new(id), name)).collect())
}
