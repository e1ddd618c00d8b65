//! Rows whose file is gone: a hand in the folder, or a backup of one without the other.

use savdo_domain::ids::{ExpenseId, PrescriptionImageId, ProductId};
use savdo_persistence::{Reader, expenses, prescriptions, products};

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
    missing.extend(of_drawer(context, Drawer::Prescriptions, |after| {
        let named = prescriptions::files::kept_unscoped(reader, PrescriptionImageId::new(after), AT_A_TIME)?;
        Ok(named.into_iter().map(|image| (image.id.get(), image.file)).collect())
    })?);
    Ok(missing)
}

/// The pictures of prescriptions whose key does not open under any key of the installation.
///
/// # Errors
/// A failed statement.
pub(crate) fn closed_pictures(context: &Context, reader: &mut Reader<'_>) -> Result<Vec<Difference>> {
    let (mut closed, mut after) = (Vec::new(), PrescriptionImageId::new(0));
    loop {
        let kept = prescriptions::files::kept_unscoped(reader, after, AT_A_TIME)?;
        let Some(last) = kept.last() else { return Ok(closed) };
        after = last.id;
        closed.extend(kept.into_iter().filter_map(|image| {
            let sealed = image.sealed_key.as_deref()?;
            let of = (image.prescription_id, image.id);
            let opened = context.file_keys().open(of, (&image.key_id, sealed));
            opened.is_err().then(|| Difference {
                table: "prescription_images",
                id: image.id.get(),
                rule: "its key opens under a key of the installation",
                expected: context.file_keys().current().to_owned(),
                found: image.key_id.clone(),
            })
        }));
    }
}

/// Stored files of prescriptions that are old enough to have a row, and have none that can still be shown.
///
/// # Errors
/// A disk that cannot be read, a failed statement.
pub(crate) fn unnamed_files(context: &Context, reader: &mut Reader<'_>) -> Result<Vec<Difference>> {
    let settled = super::sweep::swept(context.now());
    let names = context.files().older_than(Drawer::Prescriptions, settled)?;
    let mut unnamed = Vec::new();
    for names in names.chunks(500) {
        let known = prescriptions::files::named_unscoped(reader, names)?;
        unnamed.extend(
            names
                .iter()
                .filter(|name| !known.contains(name))
                .map(|name| Difference {
                    table: "prescription_images",
                    id: 0,
                    rule: "each stored file belongs to a picture that can be shown",
                    expected: "nothing".to_owned(),
                    found: name.clone(),
                }),
        );
    }
    Ok(unnamed)
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
        Drawer::Prescriptions => ("prescription_images", "the file that it names is stored"),
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
