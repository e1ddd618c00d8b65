//! `savdo verify`: whether what is remembered agrees with itself, on live data.
//!
//! Everything is read in one consistent snapshot. For an operator of the installation, who needs no account.

use std::fmt;

use chrono::{DateTime, Utc};
use savdo_domain::ids::OrderId;
use savdo_domain::order::{OrderStatus, Row};
use savdo_persistence::Reader;
use savdo_persistence::verify::{
    HistoryView, Mismatch, counts_unscoped, histories_unscoped, mismatches_unscoped, stores_unscoped, summaries,
    texts_unscoped,
};

use crate::audit::broken_seals;
use crate::files::missing_files;
use crate::shifts::wrong_shifts;
use crate::{Context, Result};

/// How many orders' histories are judged at a time.
const HISTORIES: i64 = 1_000;

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
        differences.extend(wrong_summaries(reader, now)?);
        differences.extend(wrong_histories(reader)?);
        differences.extend(wrong_shifts(reader)?);
        differences.extend(broken_seals(reader)?);
        differences.extend(missing_files(context, reader)?);
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

fn wrong_histories(reader: &mut Reader<'_>) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    let mut after = OrderId::new(0);
    loop {
        let histories = histories_unscoped(reader, after, HISTORIES)?;
        let Some(last) = histories.last() else {
            return Ok(differences);
        };
        after = last.order_id;
        differences.extend(histories.iter().filter_map(judge));
    }
}

/// An order's history is one legal path from draft to where the order stands.
fn judge(history: &HistoryView) -> Option<Difference> {
    let difference = |rule, expected: OrderStatus, found: String| Difference {
        table: "orders",
        id: history.order_id.get(),
        rule,
        expected: expected.to_string(),
        found,
    };
    let mut at = OrderStatus::Draft;
    for (from, to) in &history.steps {
        if *from != at {
            let rule = "each step of its history begins where the last one ended";
            return Some(difference(rule, at, from.to_string()));
        }
        if Row::of(*from, *to).is_none() {
            let rule = "each step of its history is a legal one";
            return Some(difference(rule, *from, format!("{from} to {to}")));
        }
        at = *to;
    }
    let rule = "its history leads from draft to where it stands";
    (at != history.status || history.steps.is_empty()).then(|| difference(rule, at, history.status.to_string()))
}
