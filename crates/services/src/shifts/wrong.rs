//! Whether shifts are what their documents say: part of `savdo verify`.

use anyhow::Context as _;
use chrono::TimeDelta;
use savdo_domain::ids::{ShiftId, StoreId};
use savdo_domain::shift::{ShiftDocuments, ShiftReport};
use savdo_persistence::Reader;
use savdo_persistence::shifts::{self, ShiftSpan};
use savdo_persistence::verify::stores_unscoped;
use serde_json::{Map, Value, json};

use super::seen::read_report;
use crate::Result;
use crate::verify::{Difference, walk};

/// By how much the clocks of two servers may differ, and how long a document may wait for its turn.
const TOLERANCE: TimeDelta = TimeDelta::minutes(1);

/// Every shift whose frozen report is not that of its documents as of its end, or that something joined before or after it.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub(crate) fn wrong_shifts(reader: &mut Reader<'_>) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    for (store_id, _) in stores_unscoped(reader)? {
        let spans = |reader: &mut Reader<'_>, after: ShiftId, most: i64| shifts::spans(reader, store_id, after, most);
        let id_of = |span: &ShiftSpan| span.id;
        let of_store = walk(reader, ShiftId::new(0), spans, id_of, |reader, page| {
            judge(reader, store_id, page)
        })?;
        differences.extend(of_store);
    }
    Ok(differences)
}

fn judge(reader: &mut Reader<'_>, store_id: StoreId, page: &[ShiftSpan]) -> Result<Vec<Difference>> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else {
        return Ok(Vec::new());
    };
    let documents = shifts::documents_between(reader, store_id, (first.id, last.id))?;
    let nothing = ShiftDocuments::default();
    let mut differences = Vec::new();
    for span in page {
        differences.extend(judge_times(span));
        if !span.z_report.is_empty() {
            differences.extend(judge_report(span, documents.get(&span.id).unwrap_or(&nothing))?);
        }
    }
    Ok(differences)
}

fn difference(span: &ShiftSpan, rule: &'static str, expected: String, found: String) -> Difference {
    Difference {
        table: "shifts",
        id: span.id.get(),
        rule,
        expected,
        found,
    }
}

fn judge_times(span: &ShiftSpan) -> Option<Difference> {
    let rule = "what joined it was written between its beginning and its end";
    let told = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339();
    match (span.first_at, span.last_at, span.closed_at) {
        (Some(first), _, _) if first < span.opened_at - TOLERANCE => {
            Some(difference(span, rule, told(span.opened_at), told(first)))
        }
        (_, Some(last), Some(end)) if last > end + TOLERANCE => Some(difference(span, rule, told(end), told(last))),
        _ => None,
    }
}

/// The figures that are not those of the documents; workers and categories may be called otherwise since.
fn judge_report(span: &ShiftSpan, documents: &ShiftDocuments) -> Result<Option<Difference>> {
    let id = span.id;
    let found = read_report(id, &span.z_report)?.figures();
    let expected = ShiftReport::of(documents, span.drawer).with_context(|| format!("the sums of shift {id} fit"))?;
    let expected = expected.figures();
    if expected == found {
        return Ok(None);
    }
    let written = |report: &ShiftReport| serde_json::to_value(report).context("a report of a shift is written");
    let (expected, found) = (written(&expected)?, written(&found)?);
    let only = |report: &Value, other: &Value| {
        let keys = report.as_object().into_iter().flatten();
        let differing = keys.filter(|(key, value)| other.get(key.as_str()) != Some(value));
        let differing: Map<_, _> = differing.map(|(key, value)| (key.clone(), value.clone())).collect();
        json!(differing).to_string()
    };
    let rule = "its frozen report is that of its documents";
    Ok(Some(difference(
        span,
        rule,
        only(&expected, &found),
        only(&found, &expected),
    )))
}
