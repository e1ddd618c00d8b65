//! A shift as its answers show it.

use anyhow::Context as _;
use savdo_domain::Refusal;
use savdo_domain::access::Workplace;
use savdo_domain::ids::ShiftId;
use savdo_domain::shift::ShiftReport;
use savdo_persistence::Reader;
use savdo_persistence::shifts::{self, ShiftView};

use crate::Result;

/// A shift with its frozen report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftSeen {
    /// The shift.
    pub shift: ShiftView,
    /// Its store.
    pub store: Workplace,
    /// Its report, once it is closed.
    pub report: Option<ShiftReport>,
}

/// One shift of the store.
pub(super) fn find(reader: &mut Reader<'_>, store: &Workplace, id: ShiftId) -> Result<ShiftSeen> {
    let shift = shifts::find(reader, store.id, id)?.ok_or(Refusal::NotFound)?;
    let frozen = shift.z_report.as_deref();
    Ok(ShiftSeen {
        report: frozen.map(|text| read_report(id, text)).transpose()?,
        store: store.clone(),
        shift,
    })
}

/// A report as it is kept.
pub(super) fn write_report(report: &ShiftReport) -> Result<String> {
    Ok(serde_json::to_string(report).context("a report of a shift is written")?)
}

/// A report as it was kept.
pub(super) fn read_report(id: ShiftId, text: &str) -> Result<ShiftReport> {
    Ok(serde_json::from_str(text).with_context(|| format!("the frozen report of shift {id} is read"))?)
}
