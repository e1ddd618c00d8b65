//! A run: the stage is set, then round after round each flow has its turn.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use savdo_services::{Clock as _, SystemClock};

use crate::beside::Going;
use crate::check;
use crate::driver::{self, Load};
use crate::figures::{Measured, Results, milliseconds};
use crate::floor::Floor;
use crate::floor::pgbench::Pgbench;
use crate::floor::sqlite::Loop;
use crate::flow::{Flow, visitors};
use crate::hashing::Hashing;
use crate::meter::{self, Meter};
use crate::options::RunOptions;
use crate::server::{Purpose, Server, Setup};
use crate::setting::Setting;
use crate::stage::{Extent, Stage};
use crate::store::Store;

/// How much longer a turn may take than it measures, for what is made ready in between.
const PATIENCE: u32 = 10;
/// How often a flow is asked for before it is measured.
const WARMING: Duration = Duration::from_millis(500);

/// A server and what it is measured with.
struct Bench<'a> {
    options: &'a RunOptions,
    server: Server,
    stage: Stage,
    meter: Meter,
    floor: Option<Floor>,
    hashing: Option<Hashing>,
    setting: Setting,
    load: Load,
}

/// Runs all flows.
pub(crate) async fn run(options: &RunOptions) -> anyhow::Result<Results> {
    let begun_at = SystemClock.now().to_rfc3339();
    let mut bench = Bench::prepare(options).await?;
    let mut all: Vec<Measured> = options.wanted().into_iter().map(Measured::new).collect();
    bench.warm(&all).await?;
    let beside = match options.beside {
        Some(what) => Some(Going::begin(what, &mut bench.stage, bench.server.address).await?),
        None => None,
    };
    for round in 1..=options.rounds {
        for measured in &mut all {
            bench.turn(measured).await?;
            bench.floor_turn(measured).await?;
        }
        println!("round {round} of {}", options.rounds);
    }
    let is_postgres = bench.meter.postmaster.is_some();
    Ok(Results {
        database: if is_postgres { "postgres" } else { "sqlite" }.to_owned(),
        setting: bench.setting,
        begun_at,
        connections: options.connections,
        rate: options.rate,
        rounds: options.rounds,
        seconds: options.seconds,
        beside: beside.as_ref().map(Going::told),
        beside_error: beside.as_ref().and_then(Going::error),
        cold_start_ms: milliseconds(bench.server.cold_start),
        hash_cpu_ms: bench.hashing.and_then(|hashing| hashing.each()).map(milliseconds),
        memory: meter::memory(bench.server.process())?,
        flows: all.into_iter().map(Measured::figures).collect(),
    })
}

/// Refuses results with errors in them, once they are printed and kept.
pub(crate) fn judge(results: &Results) -> anyhow::Result<()> {
    let errors: usize = results.flows.iter().map(|flow| flow.server.errors).sum();
    let idle: Vec<&str> = results
        .flows
        .iter()
        .filter(|flow| flow.server.done == 0)
        .map(|flow| flow.flow.as_str())
        .collect();
    if let Some(error) = &results.beside_error {
        bail!("{error}");
    }
    match (errors, idle.as_slice()) {
        (0, []) => Ok(()),
        (0, idle) => bail!("nothing was measured of {}", idle.join(", ")),
        (errors, _) => bail!("{errors} requests failed"),
    }
}

impl<'a> Bench<'a> {
    /// Sets the stage, and starts the server that is measured after it.
    async fn prepare(options: &'a RunOptions) -> anyhow::Result<Self> {
        let setup = Setup {
            binary: options.server.canonicalize()?,
            database: options.database.clone(),
            folder: options.folder.clone(),
            has_worker: options.worker,
            is_small: options.small,
            secret: format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple()),
        };
        let extent = if options.small { Extent::SMALL } else { Extent::FULL };
        let store = Store::open(&options.database)?;
        let postmaster = store.postmaster();
        let preparing = Server::start(&setup, Purpose::Prepare).await?;
        let mut stage = Stage::set(store, preparing.address, extent).await?;
        drop(preparing);
        let flows = options.wanted();
        let mut floor = match postmaster {
            _ if !options.has_floor() && !options.check => None,
            Some(_) => Some(Floor::Pgbench(
                Pgbench::prepare(&setup, &mut stage, &flows, options.connections).await?,
            )),
            None => Some(Floor::Loop(Loop::open(&options.database, &stage)?)),
        };
        if let Some(floor) = floor.as_mut().filter(|_| options.check) {
            check::check(&setup, &mut stage, floor, &flows).await?;
        }
        let floor = floor.filter(|_| options.has_floor());
        let setting = Setting::find(&setup, &mut stage.store)?;
        let server = Server::start(&setup, Purpose::Measure).await?;
        Ok(Self {
            setting,
            hashing: None,
            meter: Meter {
                server: server.process(),
                postmaster,
            },
            load: Load {
                connections: options.connections,
                rate: options.rate,
            },
            options,
            server,
            stage,
            floor,
        })
    }

    /// Every connection has its statements prepared before anything counts.
    async fn warm(&mut self, all: &[Measured]) -> anyhow::Result<()> {
        for measured in all {
            measured.flow().warm(&mut self.stage, self.server.address).await?;
            if measured.flow() == Flow::LogIn && self.options.has_floor() {
                let visitor = visitors(&self.stage).first().context("nobody signs in")?.id;
                self.hashing = Some(Hashing::of(&mut self.stage.store, visitor)?);
            }
            let lot = measured.flow().lot(&mut self.stage, self.server.address).await?;
            let load = measured.flow().bounded(self.load);
            driver::drive(self.server.address, lot, load, WARMING).await?;
        }
        Ok(())
    }

    /// Measures a flow for the time of a turn, lot after lot. What is made ready in between does not count.
    async fn turn(&mut self, measured: &mut Measured) -> anyhow::Result<()> {
        let wanted = Duration::try_from_secs_f64(self.options.seconds)?;
        let (begun, before_round) = (Instant::now(), measured.begin_round());
        let load = measured.flow().bounded(self.load);
        let mut passed = Duration::ZERO;
        while passed < wanted && begun.elapsed() < wanted * PATIENCE {
            let lot = measured.flow().lot(&mut self.stage, self.server.address).await?;
            let before = self.meter.read()?;
            let noted = driver::drive(self.server.address, lot, load, wanted.saturating_sub(passed)).await?;
            let spent = self.meter.read()?.since(&before);
            passed += noted.passed;
            measured.add(noted, &spent);
        }
        measured.end_round(before_round);
        Ok(())
    }

    /// The same of its floor, where it has one; that of a log-in is a hash.
    async fn floor_turn(&mut self, measured: &mut Measured) -> anyhow::Result<()> {
        let wanted = Duration::try_from_secs_f64(self.options.seconds)?;
        if let Some(hashing) = self.hashing.as_mut().filter(|_| measured.flow() == Flow::LogIn) {
            hashing.round(wanted)?;
        }
        if let Some(floor) = &mut self.floor {
            let round = floor
                .round(measured.flow(), &mut self.stage, &self.meter, wanted)
                .await?;
            if let Some(round) = round {
                measured.add_floor(&round);
            }
        }
        Ok(())
    }
}
