//! Measures the search of products: every query of `queries.csv` in the demo chain, first page and a later one.
//!
//! What is timed is all that a request asks of the database, with its transaction, on one connection: a page of a hundred in
//! the order of the list, and its length. A length is asked for anew, as by the first who types the word, and then as kept, as
//! it is for 30 s. The processor's time is that of the connection's process on PostgreSQL, and of this thread.
//!
//! `make bench-search` builds the database and runs it: `search <database url> [rounds]`.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use savdo_domain::access::RowStatus;
use savdo_domain::ids::StoreId;
use savdo_persistence::paging::{Counts, Listed, Page, Wanted};
use savdo_persistence::products::{ProductFilter, ProductRowView, list};
use savdo_persistence::search::Search;
use savdo_persistence::{Database, DatabaseSettings, DatabaseUrl, Error};
use savdo_services::{Clock, SystemClock};

const QUERIES: &str = include_str!("queries.csv");
/// The chain of the demo, which is made first.
const CHAIN: StoreId = StoreId::new(1);
const PAGE: i64 = 100;
/// How many pages further the later one lies, where there are so many.
const LATER: usize = 5;

struct Bench {
    database: Database,
    /// Processes whose time is the database's.
    marker: Option<String>,
}

/// What was measured in one way.
#[derive(Default)]
struct Times {
    passed: Vec<Duration>,
    on_processor: Vec<Duration>,
    own: Duration,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (url, rounds) = match arguments.as_slice() {
        [url] => (url, 20),
        [url, rounds] => (url, rounds.parse().context("rounds is no number")?),
        _ => bail!("usage: search <database url> [rounds]"),
    };
    let bench = Bench::open(url)?;
    println!("in ms: passed p50 p99 | on the processor p50 p99, of which this thread in the mean");
    println!(
        "{:<20} {:>7} {:^44} {:^44} {:^44}",
        "kind", "found", "first page, length anew", "first page, length kept", "later page"
    );
    let mut whole = [Times::default(), Times::default(), Times::default()];
    for (kind, texts) in kinds()? {
        let mut times = [Times::default(), Times::default(), Times::default()];
        let mut found = 0;
        for text in &texts {
            found = found.max(bench.ask(text, rounds, &mut times)?);
        }
        print(&kind, found, &times);
        for (sum, times) in whole.iter_mut().zip(times) {
            sum.add(times);
        }
    }
    print("all", 0, &whole);
    Ok(())
}

/// The queries by kind, in the order of the file.
fn kinds() -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let mut kinds: Vec<(String, Vec<String>)> = Vec::new();
    for line in QUERIES.lines().skip(1) {
        let (kind, text) = line.split_once(',').with_context(|| format!("{line:?} has no kind"))?;
        match kinds.last_mut() {
            Some((last, texts)) if last == kind => texts.push(text.to_owned()),
            _ => kinds.push((kind.to_owned(), vec![text.to_owned()])),
        }
    }
    Ok(kinds)
}

impl Bench {
    fn open(url: &str) -> anyhow::Result<Self> {
        let url: DatabaseUrl = url.parse()?;
        let marker = match &url {
            DatabaseUrl::Sqlite(_) => None,
            DatabaseUrl::Postgres(text) => text.rsplit('/').next().map(|name| format!(" {name} ")),
        };
        let settings = DatabaseSettings {
            pool_size: 1,
            require_fsync: false,
            ..DatabaseSettings::new(url)
        };
        let database = Database::open(settings)?;
        Ok(Self { database, marker })
    }

    /// Asks for a text over and over; answers how many products have it.
    fn ask(&self, text: &str, rounds: usize, times: &mut [Times; 3]) -> anyhow::Result<i64> {
        let [anew, kept, later] = times;
        let filter = ProductFilter {
            statuses: vec![RowStatus::Active],
            search: Search::phrase(text),
            ..ProductFilter::default()
        };
        let counts = Counts::default();
        let first = Page::new(1, PAGE);
        let listed = self.page(&filter, &first, &counts)?;
        let mut further = first.clone();
        let mut next = listed.next;
        for _ in 0..LATER {
            let Some(position) = next else { break };
            further.position = Some(position);
            next = self.page(&filter, &further, &counts)?.next;
        }
        for _ in 0..rounds {
            self.time(anew, &filter, &first, &Counts::default())?;
            self.time(kept, &filter, &first, &counts)?;
            self.time(later, &filter, &further, &counts)?;
        }
        Ok(listed.total)
    }

    fn time(&self, times: &mut Times, filter: &ProductFilter, page: &Page, counts: &Counts) -> anyhow::Result<()> {
        let (database, own, started) = (self.database_time()?, own_time()?, Instant::now());
        self.page(filter, page, counts)?;
        times.passed.push(started.elapsed());
        let own = own_time()?.saturating_sub(own);
        times.own += own;
        times
            .on_processor
            .push(own + self.database_time()?.saturating_sub(database));
        Ok(())
    }

    fn page(&self, filter: &ProductFilter, page: &Page, counts: &Counts) -> Result<Listed<ProductRowView>, Error> {
        let wanted = Wanted {
            page,
            counts,
            now: SystemClock.now(),
        };
        self.database
            .read_consistent("product_list", |reader| list(reader, CHAIN, filter, wanted))
    }

    fn database_time(&self) -> anyhow::Result<Duration> {
        let Some(marker) = &self.marker else {
            return Ok(Duration::ZERO);
        };
        let mut sum = Duration::ZERO;
        for process in std::fs::read_dir("/proc")? {
            let folder = process?.path();
            let title = std::fs::read_to_string(folder.join("cmdline")).unwrap_or_default();
            if title.starts_with("postgres: ") && title.contains(marker) {
                sum += on_processor(&folder.join("schedstat"))?;
            }
        }
        Ok(sum)
    }
}

fn own_time() -> anyhow::Result<Duration> {
    on_processor("/proc/thread-self/schedstat".as_ref())
}

/// The first number of the file: nanoseconds spent on the processor.
fn on_processor(file: &std::path::Path) -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string(file)?;
    let nanoseconds = text.split(' ').next().context("an empty schedstat")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

impl Times {
    fn add(&mut self, other: Self) {
        self.passed.extend(other.passed);
        self.on_processor.extend(other.on_processor);
        self.own += other.own;
    }

    fn told(&self) -> String {
        let count = u32::try_from(self.passed.len().max(1)).unwrap_or(u32::MAX);
        let own = milliseconds(self.own / count);
        format!(
            "{} |{} {own:>7}",
            percentiles(&self.passed),
            percentiles(&self.on_processor)
        )
    }
}

/// The middle and the last but one of a hundred.
fn percentiles(taken: &[Duration]) -> String {
    let mut taken = taken.to_vec();
    taken.sort_unstable();
    let at = |percent: usize| taken.get(taken.len() * percent / 100).copied().unwrap_or_default();
    format!("{:>8} {:>8}", milliseconds(at(50)), milliseconds(at(99)))
}

/// In milliseconds with two decimals.
fn milliseconds(time: Duration) -> String {
    let hundredths = time.as_micros() / 10;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn print(kind: &str, found: i64, times: &[Times; 3]) {
    let told: Vec<_> = times.iter().map(Times::told).collect();
    println!("{kind:<20} {found:>7} {}", told.join("  "));
}
