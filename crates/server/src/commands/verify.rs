//! `savdo verify`: whether the books agree with themselves. It runs beside a serving server and changes nothing.

use std::process::ExitCode;
use std::time::Duration;

use savdo_services::verify::{Report, verify};

use super::{open, say};
use crate::settings::Settings;

pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut settings = settings.clone();
    // Whole tables are read, however long that takes.
    settings.database.statement_timeout = Duration::ZERO;
    let context = open(&settings)?;
    let report = verify(&context)?;
    for difference in &report.differences {
        say(&difference.to_string())?;
    }
    say(&summary(&report))?;
    Ok(if report.differences.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// `Compared 12 sales, 30 sale_lines: all agree`.
fn summary(report: &Report) -> String {
    let counts: Vec<String> = report
        .counts
        .iter()
        .map(|(table, count)| format!("{count} {table}"))
        .collect();
    let outcome = match report.differences.len() {
        0 => "all agree".to_owned(),
        1 => "1 difference".to_owned(),
        differences => format!("{differences} differences"),
    };
    format!("Compared {}: {outcome}", counts.join(", "))
}
