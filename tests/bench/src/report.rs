//! The table.

use std::fmt::Write as _;

use crate::figures::{FlowFigures, Results};
use crate::flow::Flow;

/// The results as people read them.
pub(crate) fn table(results: &Results) -> String {
    let mut text = String::new();
    let load = results
        .rate
        .map_or_else(String::new, |rate| format!(", {rate} due a second"));
    let beside = results
        .beside
        .as_ref()
        .map_or_else(String::new, |beside| format!(", beside {beside}"));
    let _ = writeln!(
        text,
        "{}: {} connections{load}, {} rounds of {} s{beside}; time on the processor in ms each",
        results.database, results.connections, results.rounds, results.seconds
    );
    let _ = writeln!(text, "{}: {}", results.begun_at, results.setting);
    let _ = writeln!(
        text,
        "{:<20} {:>7} {:>8} {:>8} {:>6} {:>8} {:>8} {:>8} | {:>8} {:>8} {:>7}",
        "flow", "req/s", "p50 ms", "p99 ms", "errors", "server", "database", "client", "floor/s", "database", "x floor"
    );
    for flow in &results.flows {
        row(&mut text, flow);
    }
    let _ = writeln!(
        text,
        "cold start {:.0} ms; memory of the server: {:.1} MB at most, {:.1} MB at the end",
        results.cold_start_ms, results.memory.peak_mb, results.memory.now_mb
    );
    let log_in = results.flows.iter().find(|flow| flow.flow == Flow::LogIn.name());
    if let (Some(hash), Some(log_in)) = (results.hash_cpu_ms, log_in) {
        let server = log_in.server.server_cpu_ms + log_in.server.database_cpu_ms;
        let _ = writeln!(
            text,
            "{}: one hash takes {hash:.1} ms of the processor, server and database {:.1} ms more",
            log_in.flow,
            server - hash
        );
    }
    for flow in &results.flows {
        if let Some(error) = &flow.first_error {
            let _ = writeln!(
                text,
                "{}: the first of {} errors: {error}",
                flow.flow, flow.server.errors
            );
        }
    }
    text
}

fn row(text: &mut String, flow: &FlowFigures) {
    let server = &flow.server;
    let _ = write!(
        text,
        "{:<20} {:>7.0} {:>8.2} {:>8.2} {:>6} {:>8.3} {:>8.3} {:>8.3} |",
        flow.flow,
        server.per_second,
        server.p50_ms,
        server.p99_ms,
        server.errors,
        server.server_cpu_ms,
        server.database_cpu_ms,
        server.client_cpu_ms
    );
    match (&flow.floor, flow.ratio) {
        (Some(floor), Some(ratio)) => {
            let _ = write!(
                text,
                " {:>8.0} {:>8.3} {ratio:>7.2}",
                floor.per_second, floor.database_cpu_ms
            );
        }
        _ => {
            let _ = write!(text, " {:>8} {:>8} {:>7}", "-", "-", "-");
        }
    }
    text.push('\n');
}
