//! Measures the search of products: the queries of `queries.csv` in the demo chain, in the order of the file, round after round;
//! first at the counter, then in the public catalogue, as somebody who is not signed in.
//!
//! What is timed is all that a request asks of the database, with its transaction, on one connection: a page of a hundred in
//! the order that the list has by itself, and its length. Each round asks for the first page of every text and for one further on, by the
//! link to it. A length is kept as by a server, for 30 s: who asks when none is kept is told apart. The processor's time is
//! that of the connection's process on PostgreSQL, and of this thread.
//!
//! `make bench-search` fills the databases and runs it: `search <database url> [rounds]`.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use chrono::{DateTime, TimeDelta, Utc};
use savdo_domain::access::RowStatus;
use savdo_domain::ids::StoreId;
use savdo_persistence::paging::{Counts, Page, Position, Wanted};
use savdo_persistence::products::shelf::{self, ShelfFilter, ShelfOrdering};
use savdo_persistence::products::{ProductFilter, list};
use savdo_persistence::search::Search;
use savdo_persistence::{Database, DatabaseSettings, DatabaseUrl, Error, Reader};
use savdo_services::{Clock, SystemClock};

const QUERIES: &str = include_str!("../../queries.csv");
/// The chain of the demo, which is made first.
const CHAIN: StoreId = StoreId::new(1);
const PAGE: i64 = 100;
/// How many pages are read after the first before the walk begins again.
const LATER: usize = 5;
const ROUNDS: usize = 100;
/// How long a length is kept (shop.md 1.4).
const KEPT: TimeDelta = TimeDelta::seconds(30);

struct Bench {
    database: Database,
    counts: Counts,
    /// Where the time of the processes stands whose work is the database's.
    processes: Vec<PathBuf>,
}

/// Where a text is looked for.
enum Shelf {
    /// `warehouse/products/`.
    Counter(Box<ProductFilter>),
    /// `pharmacy/products/`.
    Online(Box<ShelfFilter>),
}

/// Looks for a text on a shelf.
type OnShelf = fn(&str) -> Shelf;

/// What a list answers, its rows aside.
struct Answer {
    total: i64,
    next: Option<Position>,
}

/// A text that is looked for.
struct Query {
    kind: usize,
    shelf: Shelf,
    /// When its length was counted last.
    counted_at: Option<DateTime<Utc>>,
    /// The page after the one that was read last, and how many were read since the first.
    next: Option<Position>,
    further: usize,
}

/// Requests of one kind.
#[derive(Default)]
struct Times {
    passed: Vec<Duration>,
    on_processor: Vec<Duration>,
}

/// What was measured of one kind of texts: nothing kept, first pages, later ones.
#[derive(Default)]
struct Measured {
    name: String,
    found: i64,
    times: [Times; 3],
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (url, rounds) = match arguments.as_slice() {
        [url] => (url, ROUNDS),
        [url, rounds] => (url, rounds.parse().context("rounds is no number")?),
        _ => bail!("usage: search <database url> [rounds]"),
    };
    let mut bench = Bench::open(url)?;
    bench.find_processes()?;
    println!("requests, then in ms p50 and p99 as passed | as spent on the processor");
    let shelves: [(&str, OnShelf); 2] = [("counter", Shelf::counter), ("online", Shelf::online)];
    for (name, shelf) in shelves {
        let (mut kinds, mut queries) = read(shelf)?;
        for _ in 0..rounds {
            for query in &mut queries {
                let kind = kinds.get_mut(query.kind).context("a text of no kind")?;
                bench.ask(query, kind)?;
            }
        }
        print(name, &kinds);
    }
    Ok(())
}

impl Shelf {
    fn counter(text: &str) -> Self {
        Self::Counter(Box::new(ProductFilter {
            statuses: vec![RowStatus::Active],
            search: Search::phrase(text),
            ..ProductFilter::default()
        }))
    }

    fn online(text: &str) -> Self {
        Self::Online(Box::new(ShelfFilter {
            store: None,
            category: None,
            substance: None,
            stands_in_for: None,
            manufacturer_key: None,
            price_min: None,
            price_max: None,
            in_stock: None,
            needs_prescription: None,
            search: Search::words(text),
            is_online: None,
            sort: ShelfOrdering::default().sort(),
            hidden_of: None,
        }))
    }

    fn list(&self, reader: &mut Reader<'_>, wanted: Wanted<'_>) -> Result<Answer, Error> {
        Ok(match self {
            Self::Counter(filter) => {
                let listed = list(reader, CHAIN, filter, wanted)?;
                Answer {
                    total: listed.total,
                    next: listed.next,
                }
            }
            Self::Online(filter) => {
                let listed = shelf::list(reader, wanted.now, filter, wanted)?;
                Answer {
                    total: listed.total,
                    next: listed.next,
                }
            }
        })
    }
}

/// The queries in the order of the file, and their kinds.
fn read(shelf: OnShelf) -> anyhow::Result<(Vec<Measured>, Vec<Query>)> {
    let mut kinds: Vec<Measured> = Vec::new();
    let mut queries = Vec::new();
    for line in QUERIES.lines().skip(1) {
        let (kind, text) = line.split_once(',').with_context(|| format!("{line:?} has no kind"))?;
        if kinds.last().is_none_or(|last| last.name != kind) {
            let name = kind.to_owned();
            kinds.push(Measured {
                name,
                ..Measured::default()
            });
        }
        queries.push(Query {
            kind: kinds.len() - 1,
            shelf: shelf(text),
            counted_at: None,
            next: None,
            further: 0,
        });
    }
    Ok((kinds, queries))
}

impl Bench {
    fn open(url: &str) -> anyhow::Result<Self> {
        let settings = DatabaseSettings {
            pool_size: 1,
            require_fsync: false,
            ..DatabaseSettings::new(url.parse()?)
        };
        Ok(Self {
            database: Database::open(settings)?,
            counts: Counts::default(),
            processes: Vec::new(),
        })
    }

    /// The first page of a text, and the next one of those after it.
    fn ask(&self, query: &mut Query, kind: &mut Measured) -> anyhow::Result<()> {
        let [anew, first, later] = &mut kind.times;
        let now = SystemClock.now();
        let is_kept = query.counted_at.is_some_and(|at| now - at < KEPT);
        let page = Page::new(1, PAGE);
        let mut times = Times::default();
        let listed = self.time(&mut times, &query.shelf, &page)?;
        // A short list is counted each time.
        if !is_kept && listed.total > Counts::EXACT_MAX {
            query.counted_at = Some(now);
            anew.add(&times);
        } else {
            first.add(&times);
        }
        kind.found = kind.found.max(listed.total);
        if query.further == LATER || query.next.is_none() {
            (query.next, query.further) = (listed.next, 0);
        }
        if query.next.is_some() {
            let further = Page {
                position: query.next.take(),
                ..page
            };
            query.next = self.time(later, &query.shelf, &further)?.next;
            query.further += 1;
        }
        Ok(())
    }

    fn time(&self, times: &mut Times, shelf: &Shelf, page: &Page) -> anyhow::Result<Answer> {
        let (before, started) = (self.on_processor()?, Instant::now());
        let answer = self.page(shelf, page)?;
        times.passed.push(started.elapsed());
        times.on_processor.push(self.on_processor()?.saturating_sub(before));
        Ok(answer)
    }

    fn page(&self, shelf: &Shelf, page: &Page) -> Result<Answer, Error> {
        let wanted = Wanted::new(page, &self.counts, SystemClock.now());
        self.database
            .read_consistent("product_list", |reader| shelf.list(reader, wanted))
    }

    /// The connection's process, which is there once something was asked.
    fn find_processes(&mut self) -> anyhow::Result<()> {
        self.page(&Shelf::counter(""), &Page::new(1, 1))?;
        let DatabaseUrl::Postgres(url) = &self.database.settings().url else {
            return Ok(());
        };
        let name = url.rsplit('/').next().and_then(|rest| rest.split('?').next());
        let marker = format!(" {} ", name.context("a URL without a database")?);
        for process in std::fs::read_dir("/proc")? {
            let folder = process?.path();
            let title = std::fs::read_to_string(folder.join("cmdline")).unwrap_or_default();
            if title.starts_with("postgres: ") && title.contains(&marker) {
                self.processes.push(folder.join("schedstat"));
            }
        }
        Ok(())
    }

    fn on_processor(&self) -> anyhow::Result<Duration> {
        let own = on_processor("/proc/thread-self/schedstat".as_ref())?;
        // Somebody else's of the same name may have ended.
        let theirs = self.processes.iter().filter_map(|process| on_processor(process).ok());
        Ok(own + theirs.sum::<Duration>())
    }
}

/// The first number of the file: nanoseconds spent on the processor.
fn on_processor(file: &std::path::Path) -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string(file)?;
    let nanoseconds = text.split(' ').next().context("an empty schedstat")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

impl Times {
    fn add(&mut self, other: &Self) {
        self.passed.extend(&other.passed);
        self.on_processor.extend(&other.on_processor);
    }

    fn told(&self) -> String {
        format!(
            "{:>6} {} |{}",
            self.passed.len(),
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
    format!("{:>7} {:>7}", milliseconds(at(50)), milliseconds(at(99)))
}

/// In milliseconds with two decimals.
fn milliseconds(time: Duration) -> String {
    let hundredths = time.as_micros() / 10;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn print(name: &str, kinds: &[Measured]) {
    println!(
        "{:<20} {:>7} {:^40} {:^40} {:^40} {:^40}",
        name, "found", "first page, no length kept", "first page", "later page", "all"
    );
    let mut whole = Measured {
        name: "all".to_owned(),
        ..Measured::default()
    };
    for kind in kinds {
        kind.print();
        for (sum, times) in whole.times.iter_mut().zip(&kind.times) {
            sum.add(times);
        }
    }
    whole.print();
}

impl Measured {
    fn print(&self) {
        let mut all = Times::default();
        for times in &self.times {
            all.add(times);
        }
        let told: Vec<_> = self.times.iter().chain([&all]).map(Times::told).collect();
        println!("{:<20} {:>7} {}", self.name, self.found, told.join(" "));
    }
}
