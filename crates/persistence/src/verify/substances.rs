//! Active substances: the keys and search texts beside their names.

use diesel::prelude::*;
use savdo_domain::text;

use super::Mismatch;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::substances;

/// How many substances are compared at a time.
const BATCH: i64 = 5_000;

/// Substances whose key or search text is not that of their name. Of all stores, for an operator of the installation.
///
/// # Errors
/// A failed statement.
pub fn substances_unscoped(reader: &mut Reader<'_>) -> Result<Vec<Mismatch>, Error> {
    let mut mismatches = Vec::new();
    let mut after = 0;
    loop {
        let rows: Vec<(i64, String, String, String)> = reader.statement("verify_substances", |on| {
            substances::table
                .filter(substances::id.gt(after))
                .select((
                    substances::id,
                    substances::name,
                    substances::name_key,
                    substances::search,
                ))
                .order(substances::id)
                .limit(BATCH)
                .load(on)
        })?;
        let Some((last, ..)) = rows.last() else {
            return Ok(mismatches);
        };
        after = *last;
        for (id, name, name_key, search) in rows {
            let compared = [
                ("its key is that of its name", name_key, text::name_key(&name)),
                ("it is found by its name", search, text::search_text(&[&name])),
            ];
            let differing = compared.into_iter().filter(|(_, found, expected)| found != expected);
            mismatches.extend(differing.map(|(rule, found, expected)| Mismatch {
                table: "substances",
                id,
                rule,
                expected: Some(format!("{expected:?}")),
                found: Some(format!("{found:?}")),
            }));
        }
    }
}
