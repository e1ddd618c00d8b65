//! Rows whose file is gone: a hand in the folder, or a backup of one without the other.

use savdo_domain::ids::{ExpenseId, ProductId};
use savdo_persistence::{Reader, expenses, products};

use super::store::Drawer;
use crate::verify::Difference;
use crate::{Context, Result};

/// So many rows are looked at at once.
const AT_A_TIME: i64 = 1_000;

/// The rows that name a file which is not stored.
///
/// # Errors
/// A failed statement.
pub(crate) fn missing_files(context: &Context, reader: &mut Reader<'_>) -> Result<Vec<Difference>> {
    let mut missing = of_drawer(context, Drawer::Products, |after| {
        let named = products::pictures_unscoped(reader, ProductId::new(after), AT_A_TIME)?;
        Ok(named.into_iter().map(|(id, name)| (id.get(), name)).collect())
    })?;
    missing.extend(of_drawer(context, Drawer::Receipts, |after| {
        let named = expenses::receipts_unscoped(reader, ExpenseId::new(after), AT_A_TIME)?;
        Ok(named.into_iter().map(|(id, name)| (id.get(), name)).collect())
    })?);
    Ok(missing)
}

/// Walks through the rows that name a file of this drawer, by their ids.
fn of_drawer(
    context: &Context,
    drawer: Drawer,
    mut named_after: impl FnMut(i64) -> Result<Vec<(i64, String)>>,
) -> Result<Vec<Difference>> {
    let (table, rule) = match drawer {
        Drawer::Products => ("products", "the picture that it names is stored"),
        Drawer::Receipts => ("expenses", "the receipt that it names is stored"),
    };
    let mut missing = Vec::new();
    let mut after = 0;
    loop {
        let named = named_after(after)?;
        let Some((last, _)) = named.last() else {
            return Ok(missing);
        };
        after = *last;
        let gone = named.into_iter().filter(|(_, name)| !context.files().has(drawer, name));
        missing.extend(gone.map(|(id, name)| Difference {
            table,
            id,
            rule,
            expected: name,
            found: "nothing".to_owned(),
        }));
    }
}
