//! The floor of PostgreSQL, by its own pgbench.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use savdo_domain::zone::Zone;
use savdo_services::{Clock as _, SystemClock};

use super::{recorded, script};
use crate::driver::{self, Lot};
use crate::figures::FloorMeasured;
use crate::flow::{CART_LINES, Flow};
use crate::meter::{self, Meter};
use crate::server::{Purpose, Server, Setup};
use crate::stage::{Method, Person, Stage};

/// More turns than these do not make a round longer.
const TURNS_MAX: usize = 50;
/// How many orders are packed at a time.
const ORDERS_MAX: i64 = 4_000;
/// Until processes that have ended are counted by their mother.
const SETTLING: Duration = Duration::from_millis(20);
/// After so long each connection has its statements prepared and planned; pgbench tells then how far it is.
const WARMING: Duration = Duration::from_secs(1);

/// pgbench, and what its scripts are told.
pub(crate) struct Pgbench {
    url: String,
    folder: PathBuf,
    connections: usize,
    variables: Vec<(String, String)>,
    flows: Vec<Steps>,
    /// Buyers whose ids, and whose sessions' ids, follow one another.
    buyers: Vec<Person>,
}

/// The floor of one flow.
struct Steps {
    flow: Flow,
    scripts: Vec<PathBuf>,
    /// What it alone is told.
    told: Vec<(String, String)>,
}

/// A turn that everything is ready for.
pub(crate) struct Turn<'a> {
    scripts: &'a [PathBuf],
    told: Vec<(String, String)>,
    until: Until,
}

/// How long pgbench runs.
#[derive(Debug, Clone, Copy)]
enum Until {
    /// So many seconds.
    Seconds(u64),
    /// So many transactions of each connection.
    Each(usize),
}

impl Pgbench {
    /// Writes the scripts, and learns what stands in the rows: one request of each flow is sent, and looked at.
    pub(crate) async fn prepare(
        setup: &Setup,
        stage: &mut Stage,
        flows: &[Flow],
        connections: usize,
    ) -> anyhow::Result<Self> {
        let folder = setup.folder.join("floor");
        std::fs::create_dir_all(&folder)?;
        let buyers = neighbours(&stage.buyers, follows)?.to_vec();
        let mut made = Self {
            url: setup.database.clone(),
            connections,
            variables: variables(stage, &buyers)?,
            flows: Vec::new(),
            buyers,
            folder,
        };
        let server = Server::start(setup, Purpose::Measure).await?;
        for flow in flows.iter().copied() {
            if let Some(script) = script(flow) {
                let told = told(flow, stage, &server).await?;
                let file = made.write(&format!("{flow:?}.sql"), script)?;
                made.flows.push(Steps {
                    flow,
                    scripts: vec![file],
                    told,
                });
            }
        }
        drop(server);
        for (flow, scripts) in recorded::scripts(setup, stage, flows).await? {
            let files = scripts.iter().enumerate();
            let files = files.map(|(number, script)| made.write(&format!("{flow:?}-{number}.sql"), script));
            made.flows.push(Steps {
                flow,
                scripts: files.collect::<anyhow::Result<_>>()?,
                told: Vec::new(),
            });
        }
        Ok(made)
    }

    /// A round of a flow; `None` where it has no floor.
    pub(crate) async fn round(
        &self,
        flow: Flow,
        stage: &mut Stage,
        meter: &Meter,
        wanted: Duration,
    ) -> anyhow::Result<Option<FloorMeasured>> {
        let mut sum = FloorMeasured::default();
        for _ in 0..TURNS_MAX {
            let Some(turn) = self.make_ready(flow, stage, Some(wanted))? else {
                return Ok(None);
            };
            sum.add(&self.run(&turn, meter).await?);
            if sum.passed >= wanted || matches!(turn.until, Until::Seconds(_)) {
                break;
            }
        }
        Ok(Some(sum))
    }

    /// A turn of a flow, with what it finds when it begins: carts, orders that wait. Without a time, few transactions.
    pub(crate) fn make_ready(
        &self,
        flow: Flow,
        stage: &mut Stage,
        wanted: Option<Duration>,
    ) -> anyhow::Result<Option<Turn<'_>>> {
        let Some(steps) = self.flows.iter().find(|steps| steps.flow == flow) else {
            return Ok(None);
        };
        let mut told = steps.told.clone();
        let enough = |all: usize| match wanted {
            Some(_) => (all / self.connections).max(1),
            None => 1,
        };
        let each = match flow {
            Flow::Checkout => {
                stage.checkouts(&self.buyers, Method::Cash)?;
                Some(enough(self.buyers.len()))
            }
            Flow::CartAdd => {
                let empty: Vec<_> = self.buyers.iter().map(|buyer| (buyer.id, Vec::new())).collect();
                stage.store.fill_carts(stage.store_id, &empty)?;
                Some(enough(self.buyers.len()) * CART_LINES)
            }
            Flow::StatusChange => {
                let (first, count) = stage.store.orders_to_pack(stage.store_id, ORDERS_MAX)?;
                told.push(("orders".to_owned(), first.to_string()));
                Some(enough(usize::try_from(count)?))
            }
            Flow::PaymeCreate | Flow::ClickPrepare => {
                let (first, count) = stage.store.orders_to_pay(stage.store_id, ORDERS_MAX)?;
                told.push(("orders".to_owned(), first.to_string()));
                Some(enough(usize::try_from(count)?))
            }
            Flow::PaymePerform => Some(enough(confirmable(stage, "payme", &mut told)?)),
            Flow::ClickComplete => Some(enough(confirmable(stage, "click", &mut told)?)),
            _ => None,
        };
        told.extend(each.map(|each| ("each".to_owned(), each.to_string())));
        let until = match (each, wanted) {
            (Some(each), _) => Until::Each(each),
            (None, Some(wanted)) => Until::Seconds(whole_seconds(wanted)),
            (None, None) => Until::Each(CART_LINES),
        };
        Ok(Some(Turn {
            scripts: &steps.scripts,
            told,
            until,
        }))
    }

    /// Runs a turn.
    pub(crate) async fn run(&self, turn: &Turn<'_>, meter: &Meter) -> anyhow::Result<FloorMeasured> {
        let mut command = Command::new("pgbench");
        command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]);
        command.arg(format!("--client={}", self.connections));
        match turn.until {
            Until::Seconds(seconds) => command.arg(format!("--time={seconds}")),
            Until::Each(count) => command.arg(format!("--transactions={count}")),
        };
        for (name, value) in self.variables.iter().chain(&turn.told) {
            command.arg(format!("--define={name}={value}"));
        }
        for file in turn.scripts {
            command.arg("--file").arg(file);
        }
        command.arg("--progress=1").arg(&self.url);
        let begun = meter.read()?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().context("pgbench cannot be started")?;
        let (mut warm, mut errors) = (None, String::new());
        for line in BufReader::new(child.stderr.take().context("what pgbench says")?).lines() {
            let line = line?;
            if let Some(done) = parse_progress(&line).filter(|_| warm.is_none()) {
                warm = Some((done, meter.read()?.with_client(meter::spent(child.id())?)));
            } else if line.contains("error") {
                errors.push_str(&line);
            }
        }
        let output = child.wait_with_output()?;
        tokio::time::sleep(SETTLING).await;
        let ended = meter.read()?;
        if !output.status.success() {
            bail!("pgbench failed: {errors}");
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let (done, passed) = parse(&text).with_context(|| format!("pgbench said: {text}"))?;
        // What came later than its first second is what counts, unless nothing did.
        Ok(
            match warm.filter(|(before, _)| *before < done && passed > 2 * WARMING) {
                Some((before, spent)) => FloorMeasured {
                    done: done - before,
                    executed: done,
                    passed: passed - WARMING,
                    spent: ended.since(&spent),
                },
                None => FloorMeasured {
                    done,
                    executed: done,
                    passed,
                    spent: ended.since(&begun),
                },
            },
        )
    }

    fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let file = self.folder.join(Path::new(name));
        std::fs::write(&file, text)?;
        Ok(file)
    }
}

/// How many transactions there were, and how long they took.
fn parse(text: &str) -> Option<(usize, Duration)> {
    let after = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let done = after("number of transactions actually processed: ")?;
    let done: u32 = done.split('/').next()?.trim().parse().ok()?;
    let rate: f64 = after("tps = ")?.split(' ').next()?.parse().ok()?;
    let passed = Duration::try_from_secs_f64(f64::from(done) / rate).ok()?;
    Some((usize::try_from(done).ok()?, passed))
}

/// How many transactions the first second saw, by `progress: 1.0 s, 535.2 tps, ..`.
fn parse_progress(line: &str) -> Option<usize> {
    let (_, after) = line.strip_prefix("progress: ")?.split_once(" s, ")?;
    let (whole, _) = after.split_once(" tps")?.0.split_once('.')?;
    whole.parse().ok()
}

/// With the first one, which does not count.
fn whole_seconds(wanted: Duration) -> u64 {
    (wanted + WARMING).as_secs() + u64::from(wanted.subsec_nanos() > 0)
}

/// The longest run of those of whom each follows the one before him: a script counts them.
fn neighbours<T>(all: &[T], follows: impl FnMut(&T, &T) -> bool) -> anyhow::Result<&[T]> {
    let runs = all.chunk_by(follows);
    runs.max_by_key(|run| run.len()).context("nobody is there")
}

/// Whether their ids, and those of their sessions, do.
const fn follows(one: &Person, next: &Person) -> bool {
    one.id + 1 == next.id && one.session + 1 == next.session
}

/// What all scripts are told.
fn variables(stage: &Stage, buyers: &[Person]) -> anyhow::Result<Vec<(String, String)>> {
    let first = buyers.first().context("no buyers")?;
    let sellers = neighbours(&stage.sellers, |one, next| {
        one.worker_id + 1 == next.worker_id && follows(&one.person, &next.person)
    })?;
    let seller = sellers.first().context("no sellers")?;
    let day = Zone::TASHKENT.day(SystemClock.now()).to_string();
    let numbers = [
        ("store", stage.store_id),
        ("branch", stage.branch_id),
        ("counter", stage.counter_id),
        ("buyer", first.id),
        ("buyer_session", first.session),
        ("sellers", i64::try_from(sellers.len())?),
        ("seller", seller.person.id),
        ("seller_session", seller.person.session),
        ("worker", seller.worker_id),
        ("operator", stage.operator.id),
        ("operator_session", stage.operator.session),
        ("owner", stage.owner.id),
        ("owner_session", stage.owner.session),
        ("shelf", stage.shelf.first),
        ("arrivals", stage.arrivals.first),
        ("step", stage.shelf.step),
        ("third", stage.shelf.count / 3),
        ("turn", 0),
    ];
    let numbers = numbers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_string()));
    Ok(numbers.chain([("day".to_owned(), day)]).collect())
}

/// What the texts of a flow's rows are: those of a real one.
async fn told(flow: Flow, stage: &mut Stage, server: &Server) -> anyhow::Result<Vec<(String, String)>> {
    let mut one: Vec<Lot> = flow.lot(stage, server.address).await?.singly(1).collect();
    let lot = one
        .pop()
        .with_context(|| format!("{}: nothing to ask for", flow.name()))?;
    let answer = driver::answers(server.address, lot, 1)
        .await?
        .pop()
        .context("no answer")?;
    let mut told = vec![("answer".to_owned(), String::from_utf8(answer.to_vec())?)];
    let rows = [
        ("payload", "outbox", "payload"),
        ("description", "audit_entries", "description"),
        ("details", "audit_entries", "details"),
        ("request", "payment_logs", "request"),
        ("response", "payment_logs", "response"),
    ];
    for (name, table, column) in rows {
        let statement = format!("SELECT {column} AS text FROM {table} ORDER BY id DESC LIMIT 1");
        let text = stage.store.text(&statement)?;
        // pgbench knows no empty ones; a script that wants it says so itself.
        told.extend((!text.is_empty()).then(|| (name.to_owned(), text)));
    }
    Ok(told)
}

/// Orders whose attempt is open; how many.
fn confirmable(stage: &mut Stage, provider: &str, told: &mut Vec<(String, String)>) -> anyhow::Result<usize> {
    let (first, count) = stage.store.orders_to_confirm(stage.store_id, provider, ORDERS_MAX)?;
    told.push(("orders".to_owned(), first.to_string()));
    Ok(usize::try_from(count)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pgbench_says_is_read() {
        let text = "pgbench (15.18)\nnumber of transactions actually processed: 4000/4000\nlatency average = 13.1 ms\n\
            initial connection time = 40.2 ms\ntps = 2000.000000 (without initial connection time)\n";

        assert_eq!(parse(text), Some((4000, Duration::from_secs(2))));
        assert_eq!(parse("pgbench: error: connection failed"), None);
        let progress = "progress: 1.0 s, 535.9 tps, lat 13.1 ms stddev 4.0, 0 failed";
        assert_eq!(parse_progress(progress), Some(535));
        assert_eq!(parse_progress("pgbench: error: 1.0 s, 5.0 tps"), None);
    }
}
