//! Rows whose file is gone: a hand in the folder, or a backup of one without the other.

use savdo_domain::ids::ProductId;
use savdo_persistence::{Reader, products};

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
    let mut missing = Vec::new();
    let mut after = ProductId::new(0);
    loop {
        let named = products::pictures_unscoped(reader, after, AT_A_TIME)?;
        let Some((last, _)) = named.last() else {
            return Ok(missing);
        };
        after = *last;
        let gone = named
            .into_iter()
            .filter(|(_, name)| !context.files().has(Drawer::Products, name));
        missing.extend(gone.map(|(id, name)| Difference {
            table: "products",
            id: id.get(),
            rule: "the picture that it names is stored",
            expected: name,
            found: "nothing".to_owned(),
        }));
    }
}
