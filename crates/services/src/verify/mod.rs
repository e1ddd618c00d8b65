//! `savdo verify`: whether what is remembered agrees with itself, on live data.
//!
//! Everything is read in one consistent snapshot. For an operator of the installation, who needs no account.

mod histories;
mod prices;
mod receipts;

use std::fmt;

use chrono::{DateTime, Utc};
use savdo_persistence::verify::{
    Mismatch, counts_unscoped, mismatches_unscoped, stores_unscoped, substances_unscoped, summaries, texts_unscoped,
};
use savdo_persistence::{Error as StorageError, Reader};

use crate::audit::broken_seals;
use crate::files::{closed_pictures, missing_files, unnamed_files};
use crate::shifts::wrong_shifts;
use crate::{Context, Result};

/// How many rows are judged at a time.
const ROWS: i64 = 1_000;

/// What was compared and what did not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many rows were compared, by table.
    pub counts: Vec<(&'static str, i64)>,
    /// What did not agree; empty when all is well.
    pub differences: Vec<Difference>,
}

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The row.
    pub id: i64,
    /// What should be so, in words.
    pub rule: &'static str,
    /// What should stand there, as the database keeps it (tiyin, thousandths).
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            id,
            rule,
            expected,
            found,
        } = self;
        write!(formatter, "{table} {id}: {rule}: expected {expected}, found {found}")
    }
}

impl From<Mismatch> for Difference {
    fn from(mismatch: Mismatch) -> Self {
        let Mismatch {
            table,
            id,
            rule,
            expected,
            found,
        } = mismatch;
        let shown = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
        Self {
            table,
            id,
            rule,
            expected: shown(expected),
            found: shown(found),
        }
    }
}

/// Compares everything with everything it should agree with.
///
/// # Errors
/// A failed statement, or a row that cannot even be read.
pub fn verify(context: &Context) -> Result<Report> {
    context.database().read_consistent("verify", |reader| {
        let counts = counts_unscoped(reader)?;
        // Later than every write in the snapshot, which has begun.
        let now = context.now();
        let mut differences: Vec<Difference> = mismatches_unscoped(reader)?.into_iter().map(Difference::from).collect();
        differences.extend(texts_unscoped(reader)?.into_iter().map(Difference::from));
        differences.extend(substances_unscoped(reader)?.into_iter().map(Difference::from));
        differences.extend(wrong_summaries(reader, now)?);
        differences.extend(histories::wrong(reader)?);
        differences.extend(receipts::wrong(reader)?);
        differences.extend(prices::wrong(reader)?);
        differences.extend(wrong_shifts(reader)?);
        differences.extend(broken_seals(reader)?);
        differences.extend(missing_files(context, reader)?);
        differences.extend(closed_pictures(context, reader)?);
        differences.extend(unnamed_files(context, reader)?);
        Ok(Report { counts, differences })
    })
}

fn wrong_summaries(reader: &mut Reader<'_>, now: DateTime<Utc>) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    for (store_id, zone) in stores_unscoped(reader)? {
        let mismatches = summaries(reader, store_id, zone.day(now))?;
        differences.extend(mismatches.into_iter().map(Difference::from));
    }
    Ok(differences)
}

/// Judges all rows after the one with the id `first`, page by page in the order of their ids.
///
/// # Errors
/// Those of reading and judging.
pub(crate) fn walk<Id: Copy, View>(
    reader: &mut Reader<'_>,
    first: Id,
    read: impl Fn(&mut Reader<'_>, Id, i64) -> std::result::Result<Vec<View>, StorageError>,
    id_of: impl Fn(&View) -> Id,
    judge: impl Fn(&mut Reader<'_>, &[View]) -> Result<Vec<Difference>>,
) -> Result<Vec<Difference>> {
    let (mut differences, mut after) = (Vec::new(), first);
    loop {
        let page = read(reader, after, ROWS)?;
        let Some(last) = page.last() else {
            return Ok(differences);
        };
        after = id_of(last);
        differences.extend(judge(reader, &page)?);
    }
}
