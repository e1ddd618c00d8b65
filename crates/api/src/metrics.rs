//! What the installation tells of itself, in the text format of Prometheus.
//!
//! Labels are names of ours: route patterns, transaction names, codes. No path, no id, no client stands in one. The crates for
//! this carry floats and a registry of the whole process; what is counted here are integers of one application.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use savdo_domain::coded::Coded;
use savdo_services::Context;
use savdo_services::jobs::DeadLettersView;
use savdo_services::metrics::{BOUNDS_MICROS, Durations, Histogram, ProviderCall, ReplicaReads};
use savdo_services::payments::{MoneyStanding, PAYMENTS};

use crate::pharmacy::Readings;

/// The requests of an application, by method, route pattern and status.
#[derive(Debug, Default)]
pub struct Traffic(Durations<(&'static str, String, u16)>);

/// How many blocking threads of this process work for requests.
static BLOCKING: AtomicU64 = AtomicU64::new(0);

/// A blocking thread at work, until dropped.
pub(crate) struct AtWork(());

impl AtWork {
    pub(crate) fn begin() -> Self {
        BLOCKING.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        BLOCKING.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Traffic {
    pub(crate) fn note(&self, method: &Method, route: &str, status: StatusCode, elapsed: Duration) {
        self.0.note((known(method), route.to_owned(), status.as_u16()), elapsed);
    }
}

/// A method by its name; those that no route has are one.
fn known(method: &Method) -> &'static str {
    let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    all.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

/// What the database tells when it is asked, and where it does not, nobody is told.
#[derive(Debug, Default)]
pub struct Asked {
    /// Messages that somebody should look after.
    pub dead: Option<Vec<DeadLettersView>>,
    /// Where the money stands.
    pub money: Option<MoneyStanding>,
}

/// Everything, as text.
#[must_use]
pub fn text(context: &Context, traffic: &Traffic, readings: &Readings, asked: Asked) -> String {
    let mut page = Page::default();
    page.family("savdo_build_info", "gauge", "The version that runs.");
    page.sample("savdo_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.family("savdo_http_request_duration_seconds", "histogram", "Requests by route.");
    for ((method, route, status), histogram) in traffic.0.all() {
        let status = status.to_string();
        let labels = [
            ("method", method),
            ("route", route.as_str()),
            ("status", status.as_str()),
        ];
        page.histogram("savdo_http_request_duration_seconds", &labels, &histogram);
    }
    of_database(&mut page, context);
    page.family(
        "savdo_blocking_threads_busy",
        "gauge",
        "Threads that work for requests.",
    );
    page.sample("savdo_blocking_threads_busy", &[], BLOCKING.load(Ordering::Relaxed));
    page.family(
        "savdo_throttled_total",
        "counter",
        "Requests turned away because there were too many.",
    );
    for (limit, count) in context.throttled() {
        page.sample("savdo_throttled_total", &[("limit", limit)], count);
    }
    page.family(
        "savdo_idempotent_replays_total",
        "counter",
        "Requests that got their first answer again.",
    );
    page.sample("savdo_idempotent_replays_total", &[], context.replays());
    of_payments(&mut page, context);
    page.family(
        "savdo_public_readings_total",
        "counter",
        "Pages of the public catalogue that were read.",
    );
    page.sample("savdo_public_readings_total", &[], readings.readings());
    page.family(
        "savdo_public_readings_joined_total",
        "counter",
        "Requests answered by a reading that another brought.",
    );
    page.sample("savdo_public_readings_joined_total", &[], readings.joined());
    of_money(&mut page, context, asked.money);
    if let Some(dead) = asked.dead {
        page.family(
            "savdo_dead_letters",
            "gauge",
            "Messages that somebody should look after.",
        );
        for DeadLettersView { sink, status, count } in dead {
            let labels = [("sink", sink.as_str()), ("status", status.as_str())];
            page.sample("savdo_dead_letters", &labels, u64::try_from(count).unwrap_or_default());
        }
    }
    if let Some(bytes) = resident_bytes() {
        page.family("process_resident_memory_bytes", "gauge", "Memory of the process.");
        page.sample("process_resident_memory_bytes", &[], bytes);
    }
    page.0
}

fn of_payments(page: &mut Page, context: &Context) {
    page.family(
        "savdo_reversals_total",
        "counter",
        "Times that a provider was asked to give money back.",
    );
    for (outcome, count) in context.reversals() {
        page.sample("savdo_reversals_total", &[("outcome", outcome)], count);
    }
    page.family(
        "savdo_differing_payments_total",
        "counter",
        "Payments that a provider knew otherwise.",
    );
    page.sample("savdo_differing_payments_total", &[], context.differing_payments());
    page.family(
        "savdo_comparison_failures_total",
        "counter",
        "Times that payments of a desk could not be compared.",
    );
    page.sample("savdo_comparison_failures_total", &[], context.comparison_failures());
}

fn of_database(page: &mut Page, context: &Context) {
    let database = context.database();
    let probe = database.probe();
    page.family(
        "savdo_transaction_duration_seconds",
        "histogram",
        "Transactions that write, by name.",
    );
    for (name, histogram) in probe.transactions() {
        page.histogram("savdo_transaction_duration_seconds", &[("name", name)], &histogram);
    }
    page.family(
        "savdo_transaction_retries_total",
        "counter",
        "Transactions that were run again.",
    );
    page.sample("savdo_transaction_retries_total", &[], probe.retries());
    page.family("savdo_statements_total", "counter", "Statements sent to the database.");
    page.sample("savdo_statements_total", &[], probe.statements());
    let pool = database.pool_state();
    page.family("savdo_pool_connections", "gauge", "Connections of the pool.");
    page.sample("savdo_pool_connections", &[("state", "busy")], pool.busy.into());
    page.sample("savdo_pool_connections", &[("state", "idle")], pool.idle.into());
    page.family(
        "savdo_pool_wait_seconds",
        "histogram",
        "Waits for a connection of the pool.",
    );
    page.histogram("savdo_pool_wait_seconds", &[], &probe.waits());
    if database.has_replica() {
        of_replica(page, probe.replica());
    }
    page.family(
        "savdo_writer_queue",
        "gauge",
        "Transactions that wait for the one writer of SQLite.",
    );
    page.sample("savdo_writer_queue", &[], probe.queued());
}

fn of_money(page: &mut Page, context: &Context, money: Option<MoneyStanding>) {
    page.family(
        "savdo_provider_call_duration_seconds",
        "histogram",
        "Calls between providers of payments and us, by what was answered.",
    );
    for (call, histogram) in context.provider_calls() {
        let ProviderCall {
            provider,
            direction,
            method,
            code,
        } = call;
        let code = code.to_string();
        let labels = [
            ("provider", provider.code()),
            ("direction", direction.code()),
            ("method", method),
            ("code", code.as_str()),
        ];
        page.histogram("savdo_provider_call_duration_seconds", &labels, &histogram);
    }
    page.family("savdo_payments_total", "counter", "Payments that came to a state.");
    for ([provider, outcome], count) in context.database().probe().counted(PAYMENTS) {
        page.sample(
            "savdo_payments_total",
            &[("provider", provider), ("outcome", outcome)],
            count,
        );
    }
    let Some(money) = money else { return };
    page.family(
        "savdo_open_transactions",
        "gauge",
        "Transactions of providers that may still be performed.",
    );
    for (provider, count) in money.open {
        let count = u64::try_from(count).unwrap_or_default();
        page.sample("savdo_open_transactions", &[("provider", provider.code())], count);
    }
    page.family(
        "savdo_late_payments",
        "gauge",
        "Money that came late and was not given back.",
    );
    page.sample(
        "savdo_late_payments",
        &[],
        u64::try_from(money.late).unwrap_or_default(),
    );
}

fn of_replica(page: &mut Page, reads: &ReplicaReads) {
    page.family(
        "savdo_replica_reads_total",
        "counter",
        "Lists and reports that the replica answered.",
    );
    page.sample("savdo_replica_reads_total", &[], reads.answered());
    page.family(
        "savdo_replica_fallbacks_total",
        "counter",
        "Lists and reports that the database answered in its place.",
    );
    for (why, count) in reads.fallbacks() {
        page.sample("savdo_replica_fallbacks_total", &[("reason", why.code())], count);
    }
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a text does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        let _ = writeln!(self.0, "{name}{} {value}", written(labels));
    }

    fn histogram(&mut self, name: &str, labels: &[(&str, &str)], histogram: &Histogram) {
        let bounds = BOUNDS_MICROS.iter().map(|bound| seconds(*bound));
        let counts = histogram.at_most.into_iter().chain([histogram.count]);
        for (bound, count) in bounds.chain(["+Inf".to_owned()]).zip(counts) {
            let labels: Vec<_> = labels.iter().copied().chain([("le", bound.as_str())]).collect();
            self.sample(&format!("{name}_bucket"), &labels, count);
        }
        let _ = writeln!(
            self.0,
            "{name}_sum{} {}",
            written(labels),
            seconds(histogram.sum_micros)
        );
        self.sample(&format!("{name}_count"), labels, histogram.count);
    }
}

fn written(labels: &[(&str, &str)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs: Vec<_> = labels
        .iter()
        .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
        .collect();
    format!("{{{}}}", pairs.join(","))
}

/// Microseconds as a decimal number of seconds.
fn seconds(micros: u64) -> String {
    let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
    let text = format!("{whole}.{rest:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What the system says of this process; nothing where it says nothing.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::{Page, seconds, written};
    use savdo_services::metrics::Durations;
    use std::time::Duration;

    #[test]
    fn a_histogram_is_written_with_cumulative_buckets_and_seconds() {
        let durations = Durations::default();
        durations.note("a", Duration::from_micros(2_500));
        durations.note("a", Duration::from_secs(20));
        let mut page = Page::default();

        page.histogram("work", &[("name", "a")], &durations.all()["a"]);

        let lines: Vec<_> = page.0.lines().collect();
        assert_eq!(lines.len(), 15);
        assert_eq!(lines[0], "work_bucket{name=\"a\",le=\"0.001\"} 0");
        assert_eq!(lines[1], "work_bucket{name=\"a\",le=\"0.0025\"} 1");
        assert_eq!(lines[11], "work_bucket{name=\"a\",le=\"10\"} 1");
        assert_eq!(
            lines[12..],
            [
                "work_bucket{name=\"a\",le=\"+Inf\"} 2",
                "work_sum{name=\"a\"} 20.0025",
                "work_count{name=\"a\"} 2"
            ]
        );
    }

    #[test]
    fn labels_cannot_break_a_line() {
        assert_eq!(written(&[("route", "a\"b\\c\nd")]), r#"{route="a\"b\\c\nd"}"#);
        assert_eq!(
            [0, 1, 1_000_000, 10_500_000].map(seconds),
            ["0", "0.000001", "1", "10.5"]
        );
    }
}
