//! What is told of a flow: how many, how long, at whose cost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::driver::Noted;
use crate::flow::Flow;
use crate::meter::{Memory, Spent};
use crate::setting::Setting;

/// All that a run found out, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    /// `postgres` or `sqlite`.
    pub(crate) database: String,
    /// On what.
    #[serde(default)]
    pub(crate) setting: Setting,
    /// When it began.
    pub(crate) begun_at: String,
    /// Connections that were open at once.
    pub(crate) connections: usize,
    /// Requests a second that were due, where the load was open.
    pub(crate) rate: Option<f64>,
    /// How often each flow had its turn.
    pub(crate) rounds: usize,
    /// How long a turn was.
    pub(crate) seconds: f64,
    /// What went on beside all flows.
    pub(crate) beside: Option<String>,
    /// What failed of it.
    pub(crate) beside_error: Option<String>,
    /// From the start of the server to its first answer.
    pub(crate) cold_start_ms: f64,
    /// What one hash of a password takes of the processor, in ms, where that was measured beside log-ins.
    #[serde(default)]
    pub(crate) hash_cpu_ms: Option<f64>,
    /// What the server held in memory, all flows and rounds together.
    pub(crate) memory: Memory,
    /// The flows.
    pub(crate) flows: Vec<FlowFigures>,
}

/// One flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FlowFigures {
    /// Its name.
    pub(crate) flow: String,
    /// Of the server.
    pub(crate) server: Figures,
    /// Of the floor, where it has one.
    pub(crate) floor: Option<Floor>,
    /// Requests a second for each of the floor.
    pub(crate) ratio: Option<f64>,
    /// What the first error said.
    pub(crate) first_error: Option<String>,
}

/// Requests and what they cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figures {
    /// How many were answered well.
    pub(crate) done: usize,
    /// How many were not.
    pub(crate) errors: usize,
    /// How many a second were answered well.
    pub(crate) per_second: f64,
    /// The same in each round.
    pub(crate) rounds_per_second: Vec<f64>,
    /// Half of them took no longer, in ms.
    pub(crate) p50_ms: f64,
    /// Of a hundred, 99 took no longer.
    pub(crate) p99_ms: f64,
    /// Time on the processor each, in ms: the server's.
    pub(crate) server_cpu_ms: f64,
    /// The database's, where it is not part of the server.
    pub(crate) database_cpu_ms: f64,
    /// The client's.
    pub(crate) client_cpu_ms: f64,
}

/// What the database does alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Floor {
    /// How many a second.
    pub(crate) per_second: f64,
    /// Time on the processor each, in ms: the database's.
    pub(crate) database_cpu_ms: f64,
    /// That of the program that asked.
    pub(crate) client_cpu_ms: f64,
}

/// What was measured of one flow so far.
#[derive(Debug)]
pub(crate) struct Measured {
    flow: Flow,
    latencies: Vec<Duration>,
    errors: usize,
    first_error: Option<String>,
    passed: Duration,
    spent: Spent,
    rounds: Vec<f64>,
    floor: FloorMeasured,
}

/// What was measured of its floor.
#[derive(Debug, Default)]
pub(crate) struct FloorMeasured {
    /// Transactions that were measured.
    pub(crate) done: usize,
    /// With those before that only warmed up.
    pub(crate) executed: usize,
    /// How long they took together.
    pub(crate) passed: Duration,
    /// Of the processor.
    pub(crate) spent: Spent,
}

impl FloorMeasured {
    /// Adds what came after it.
    pub(crate) fn add(&mut self, other: &Self) {
        self.done += other.done;
        self.executed += other.executed;
        self.passed += other.passed;
        self.spent.add(&other.spent);
    }
}

impl Measured {
    /// Nothing yet.
    pub(crate) fn new(flow: Flow) -> Self {
        Self {
            flow,
            latencies: Vec::new(),
            errors: 0,
            first_error: None,
            passed: Duration::ZERO,
            spent: Spent::default(),
            rounds: Vec::new(),
            floor: FloorMeasured::default(),
        }
    }

    /// The flow.
    pub(crate) const fn flow(&self) -> Flow {
        self.flow
    }

    /// A round begins.
    pub(crate) fn begin_round(&self) -> (usize, Duration) {
        (self.latencies.len(), self.passed)
    }

    /// It is over.
    pub(crate) fn end_round(&mut self, (done, passed): (usize, Duration)) {
        let done = self.latencies.len().saturating_sub(done);
        self.rounds.push(per_second(done, self.passed.saturating_sub(passed)));
    }

    /// Adds a lot.
    pub(crate) fn add(&mut self, noted: Noted, spent: &Spent) {
        self.latencies.extend(noted.latencies);
        self.errors += noted.errors;
        self.first_error = self.first_error.take().or(noted.first_error);
        self.passed += noted.passed;
        self.spent.add(spent);
    }

    /// Adds a round of the floor.
    pub(crate) fn add_floor(&mut self, round: &FloorMeasured) {
        self.floor.add(round);
    }

    /// What is told of it.
    pub(crate) fn figures(mut self) -> FlowFigures {
        self.latencies.sort_unstable();
        let done = self.latencies.len();
        let server = Figures {
            done,
            errors: self.errors,
            per_second: per_second(done, self.passed),
            rounds_per_second: self.rounds,
            p50_ms: milliseconds(percentile(&self.latencies, 50)),
            p99_ms: milliseconds(percentile(&self.latencies, 99)),
            server_cpu_ms: each(self.spent.server, done),
            database_cpu_ms: each(self.spent.database, done),
            client_cpu_ms: each(self.spent.client, done),
        };
        let floor = (self.floor.done > 0).then(|| Floor {
            per_second: per_second(self.floor.done, self.floor.passed),
            database_cpu_ms: each(self.floor.spent.database, self.floor.done),
            client_cpu_ms: each(self.floor.spent.client, self.floor.done),
        });
        FlowFigures {
            flow: self.flow.name().to_owned(),
            ratio: floor.as_ref().map(|floor| server.per_second / floor.per_second),
            server,
            floor,
            first_error: self.first_error,
        }
    }
}

/// The smallest of these, which are sorted, that so many of a hundred do not exceed.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

fn per_second(done: usize, passed: Duration) -> f64 {
    if passed.is_zero() {
        0.0
    } else {
        number(done) / passed.as_secs_f64()
    }
}

fn each(time: Duration, done: usize) -> f64 {
    if done == 0 {
        0.0
    } else {
        milliseconds(time) / number(done)
    }
}

/// In milliseconds.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(all: impl IntoIterator<Item = u64>) -> Vec<Duration> {
        all.into_iter().map(Duration::from_millis).collect()
    }

    #[test]
    fn a_percentile_is_one_of_the_times_and_no_fewer_lie_below() {
        assert_eq!(percentile(&times(1..=100), 50), Duration::from_millis(50));
        assert_eq!(percentile(&times(1..=100), 99), Duration::from_millis(99));
        assert_eq!(percentile(&times(1..=101), 99), Duration::from_millis(100));
        assert_eq!(percentile(&times([7]), 50), Duration::from_millis(7));
        assert_eq!(percentile(&times([7, 9]), 99), Duration::from_millis(9));
        assert_eq!(percentile(&[], 99), Duration::ZERO);
    }

    #[test]
    fn costs_and_ratio_are_those_of_one_operation() {
        let mut measured = Measured::new(Flow::Checkout);
        let spent = |server, database| Spent {
            server: Duration::from_millis(server),
            database: Duration::from_millis(database),
            client: Duration::ZERO,
        };
        let round = measured.begin_round();
        let noted = Noted {
            latencies: times([1, 3, 2, 2]),
            passed: Duration::from_millis(500),
            ..Noted::default()
        };
        measured.add(noted, &spent(2, 4));
        measured.end_round(round);
        measured.add_floor(&FloorMeasured {
            done: 10,
            executed: 10,
            passed: Duration::from_secs(1),
            spent: spent(0, 30),
        });

        let told = measured.figures();

        assert_eq!(told.server.rounds_per_second, [8.0]);
        assert_eq!((told.server.p50_ms, told.server.p99_ms), (2.0, 3.0));
        assert_eq!((told.server.server_cpu_ms, told.server.database_cpu_ms), (0.5, 1.0));
        assert_eq!(
            told.floor.map(|floor| (floor.per_second, floor.database_cpu_ms)),
            Some((10.0, 3.0))
        );
        assert_eq!(told.ratio, Some(0.8));
    }
}
