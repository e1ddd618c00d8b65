//! Load: how many connections ask at once, and what is noted of it.
//!
//! Closed, each connection asks again as soon as it was answered. Open, requests are due at a rate whatever the answers take, and
//! a latency counts from when its request was due, so that one who has to wait for a connection is not left out.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use tokio::task::LocalSet;

use crate::client::{Ask, Connection};

/// Requests to be sent, in their order.
#[derive(Debug, Default)]
pub(crate) struct Lot {
    asks: Vec<Ask>,
    /// Whether they can be sent again from the start; what writes cannot.
    repeats: bool,
}

/// How requests are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Connections that are open at once.
    pub(crate) connections: usize,
    /// Requests a second, where they come whatever the answers take.
    pub(crate) rate: Option<f64>,
}

/// What was noted.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// Of each good answer.
    pub(crate) latencies: Vec<Duration>,
    /// How many requests failed.
    pub(crate) errors: usize,
    /// What the first of them said.
    pub(crate) first_error: Option<String>,
    /// From the first request to the last answer.
    pub(crate) passed: Duration,
}

impl Lot {
    /// Requests that can be sent again and again.
    pub(crate) fn cycle(asks: Vec<Ask>) -> Self {
        Self { asks, repeats: true }
    }

    /// Requests of which each is sent once.
    pub(crate) fn once(asks: Vec<Ask>) -> Self {
        Self { asks, repeats: false }
    }

    /// The first so many, each alone.
    pub(crate) fn singly(self, count: usize) -> impl Iterator<Item = Self> {
        self.asks.into_iter().take(count).map(|ask| Self::once(vec![ask]))
    }

    fn nth(&self, number: usize) -> Option<&Ask> {
        let number = match self.asks.len() {
            0 => return None,
            length if self.repeats => number % length,
            _ => number,
        };
        self.asks.get(number)
    }
}

/// What the connections share.
struct Shared {
    lot: Lot,
    next: Cell<usize>,
    until: Instant,
    started: Instant,
    rate: Option<f64>,
    noted: RefCell<Noted>,
    /// Answers, where somebody wants them.
    answers: Option<RefCell<Vec<Bytes>>>,
}

/// Sends a lot until it or the time is over.
pub(crate) async fn drive(address: SocketAddr, lot: Lot, load: Load, at_most: Duration) -> anyhow::Result<Noted> {
    Ok(run(address, lot, load, at_most, false).await?.0)
}

/// Sends a whole lot, and gives the answers in no order.
///
/// # Errors
/// Any request that fails.
pub(crate) async fn answers(address: SocketAddr, lot: Lot, connections: usize) -> anyhow::Result<Vec<Bytes>> {
    let load = Load {
        connections,
        rate: None,
    };
    let (noted, answers) = run(address, lot, load, Duration::from_secs(3600), true).await?;
    match noted.first_error {
        Some(error) => anyhow::bail!("{} requests failed, the first so: {error}", noted.errors),
        None => Ok(answers),
    }
}

async fn run(
    address: SocketAddr,
    lot: Lot,
    load: Load,
    at_most: Duration,
    wants_answers: bool,
) -> anyhow::Result<(Noted, Vec<Bytes>)> {
    let mut connections = Vec::new();
    for _ in 0..load.connections {
        connections.push(Connection::open(address).await?);
    }
    let started = Instant::now();
    let shared = Rc::new(Shared {
        lot,
        next: Cell::new(0),
        until: started + at_most,
        started,
        rate: load.rate,
        noted: RefCell::default(),
        answers: wants_answers.then(RefCell::default),
    });
    let tasks = LocalSet::new();
    for connection in connections {
        tasks.spawn_local(work(address, connection, Rc::clone(&shared)));
    }
    tasks.await;
    let passed = started.elapsed();
    let noted = shared.noted.take();
    let answers = shared.answers.as_ref().map(RefCell::take).unwrap_or_default();
    Ok((Noted { passed, ..noted }, answers))
}

async fn work(address: SocketAddr, mut connection: Connection, shared: Rc<Shared>) {
    loop {
        let number = shared.next.get();
        let Some(ask) = shared.lot.nth(number) else { return };
        shared.next.set(number + 1);
        let due = shared.due(number);
        if due >= shared.until {
            return;
        }
        // Nobody sleeps for less than a timer can tell.
        if due > Instant::now() + Duration::from_millis(1) {
            tokio::time::sleep_until(due.into()).await;
        }
        match connection.ask(ask).await {
            Ok(body) => shared.note(due, body),
            Err(error) => {
                shared.note_error(&error);
                // What was sent in part leaves the connection of no use.
                let Ok(another) = Connection::open(address).await else {
                    return;
                };
                connection = another;
            }
        }
    }
}

impl Shared {
    /// When a request is to be sent: now, or when its turn comes.
    fn due(&self, number: usize) -> Instant {
        let Some(rate) = self.rate else { return Instant::now() };
        let number = u32::try_from(number).map_or(f64::INFINITY, f64::from);
        let after = Duration::try_from_secs_f64(number / rate);
        after.map_or(self.until, |after| self.started + after)
    }
    fn note(&self, due: Instant, answer: Bytes) {
        self.noted.borrow_mut().latencies.push(due.elapsed());
        if let Some(answers) = &self.answers {
            answers.borrow_mut().push(answer);
        }
    }

    fn note_error(&self, error: &anyhow::Error) {
        let mut noted = self.noted.borrow_mut();
        noted.errors += 1;
        noted.first_error.get_or_insert_with(|| format!("{error:#}"));
    }
}
