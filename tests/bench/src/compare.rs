//! Two runs side by side.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::bail;

use crate::figures::{FlowFigures, Results};

/// What each flow did in one run and in the other, and by how much it changed.
///
/// # Errors
/// Runs that have no flow in common.
pub(crate) fn table(one: &Results, other: &Results) -> anyhow::Result<String> {
    let before: BTreeMap<&str, &FlowFigures> = one.flows.iter().map(|flow| (flow.flow.as_str(), flow)).collect();
    let pairs: Vec<_> = other
        .flows
        .iter()
        .filter_map(|flow| Some((*before.get(flow.flow.as_str())?, flow)))
        .collect();
    if pairs.is_empty() {
        bail!("the two have no flow in common");
    }
    let mut text = String::new();
    for (name, results) in [("A", one), ("B", other)] {
        let _ = writeln!(
            text,
            "{name}: {}, {} connections, {} rounds of {} s, {}; {}",
            results.database, results.connections, results.rounds, results.seconds, results.begun_at, results.setting
        );
    }
    for difference in one.setting.differences(&other.setting) {
        let _ = writeln!(text, "Not only the server differs: {difference}");
    }
    let _ = writeln!(
        text,
        "{:<20} {:^26} {:^28} {:^28} {:^16}",
        "", "requests a second", "p99 ms", "CPU ms, server + database", "x floor"
    );
    for (before, after) in pairs {
        row(&mut text, before, after);
    }
    let _ = writeln!(
        text,
        "cold start {:.0} -> {:.0} ms; memory at most {:.1} -> {:.1} MB",
        one.cold_start_ms, other.cold_start_ms, one.memory.peak_mb, other.memory.peak_mb
    );
    Ok(text)
}

fn row(text: &mut String, before: &FlowFigures, after: &FlowFigures) {
    let cpu = |flow: &FlowFigures| flow.server.server_cpu_ms + flow.server.database_cpu_ms;
    let (a, b) = (&before.server, &after.server);
    let _ = write!(
        text,
        "{:<20} {:>8.0} {:>8.0} {:>8} {:>9.2} {:>9.2} {:>8} {:>9.3} {:>9.3} {:>8}",
        after.flow,
        a.per_second,
        b.per_second,
        change(a.per_second, b.per_second),
        a.p99_ms,
        b.p99_ms,
        change(a.p99_ms, b.p99_ms),
        cpu(before),
        cpu(after),
        change(cpu(before), cpu(after))
    );
    let ratio = |ratio: Option<f64>| ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
    let _ = writeln!(text, " {:>7} {:>7}", ratio(before.ratio), ratio(after.ratio));
}

/// By how many per cent a figure changed.
fn change(before: f64, after: f64) -> String {
    if before > 0.0 {
        format!("{:+.1} %", (after / before - 1.0) * 100.0)
    } else {
        "-".to_owned()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::figures::Figures;
    use crate::meter::Memory;
    use crate::setting::Setting;

    /// Of a run with these flows, so many requests a second each.
    pub(crate) fn results(flows: &[(&str, f64)]) -> Results {
        let figures = |per_second| Figures {
            done: 10,
            errors: 0,
            per_second,
            rounds_per_second: vec![per_second],
            p50_ms: 1.0,
            p99_ms: 2.0,
            server_cpu_ms: 0.25,
            database_cpu_ms: 0.75,
            client_cpu_ms: 0.1,
        };
        let flows = flows.iter().map(|(flow, per_second)| FlowFigures {
            flow: (*flow).to_owned(),
            server: figures(*per_second),
            floor: None,
            ratio: None,
            first_error: None,
        });
        Results {
            database: "sqlite".to_owned(),
            setting: Setting::default(),
            begun_at: "2026-11-23".to_owned(),
            connections: 16,
            rate: None,
            rounds: 3,
            seconds: 5.0,
            beside: None,
            beside_error: None,
            cold_start_ms: 80.0,
            hash_cpu_ms: Some(200.0),
            memory: Memory::default(),
            flows: flows.collect(),
        }
    }

    #[test]
    fn what_both_runs_measured_is_compared() {
        let one = results(&[("checkout", 1000.0), ("log-in", 5.0)]);
        let other = results(&[("sale", 900.0), ("checkout", 1250.0)]);

        let text = table(&one, &other).expect("one flow in common");

        let rows: Vec<&str> = text.lines().skip(3).collect();
        assert_eq!(rows.len(), 2, "{text}");
        let words: Vec<&str> = rows[0].split_whitespace().collect();
        assert_eq!(words[..5], ["checkout", "1000", "1250", "+25.0", "%"]);
        assert_eq!(words[words.len() - 6..], ["1.000", "1.000", "+0.0", "%", "-", "-"]);
    }

    #[test]
    fn runs_on_different_ground_are_compared_with_a_warning() {
        let one = results(&[("sale", 1.0)]);
        let mut other = results(&[("sale", 1.0)]);
        other.setting.products = 2_000_000;

        let text = table(&one, &other).expect("one flow in common");

        let warning = text.lines().nth(2);
        assert_eq!(warning, Some("Not only the server differs: 0 products and 2000000"));
    }

    #[test]
    fn runs_without_a_common_flow_are_not_compared() {
        let compared = table(&results(&[("sale", 1.0)]), &results(&[("log-in", 1.0)]));

        assert_eq!(
            compared.map_err(|error| error.to_string()),
            Err("the two have no flow in common".to_owned())
        );
    }

    #[test]
    fn results_are_read_as_they_were_written() {
        let results = results(&[("sale", 12.5)]);

        let text = serde_json::to_string(&results).expect("written");

        assert_eq!(serde_json::from_str::<Results>(&text).expect("read"), results);
    }
}
