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

/// So long after the last request was due, answers are waited for.
const GRACE: Duration = Duration::from_secs(10);

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
    /// How many requests failed: also those without an answer, and those that were due and found no connection.
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

    /// The same lists in pages of one row.
    pub(crate) fn in_pages_of_one(&self) -> Self {
        Self::once(self.asks.iter().filter_map(Ask::in_pages_of_one).collect())
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
    /// Who has no answer by then gets none.
    given_up_at: Instant,
    started: Instant,
    rate: Option<f64>,
    noted: RefCell<Noted>,
    /// Answers, where somebody wants them.
    answers: Option<RefCell<Vec<Bytes>>>,
}

/// Sends a lot until it or the time is over.
pub(crate) async fn drive(address: SocketAddr, lot: Lot, load: Load, at_most: Duration) -> anyhow::Result<Noted> {
    Ok(run(address, lot, load, (at_most, GRACE), false).await?.0)
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
    let (noted, answers) = run(address, lot, load, (Duration::from_secs(3600), GRACE), true).await?;
    match noted.first_error {
        Some(error) => anyhow::bail!("{} requests failed, the first so: {error}", noted.errors),
        None => Ok(answers),
    }
}

async fn run(
    address: SocketAddr,
    lot: Lot,
    load: Load,
    (at_most, grace): (Duration, Duration),
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
        given_up_at: started + at_most + grace,
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
    shared.note_left_out();
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
        let answer = tokio::time::timeout_at(shared.given_up_at.into(), connection.ask(ask)).await;
        let Ok(answer) = answer else {
            shared.note_error(&anyhow::anyhow!("no answer at the end"));
            return;
        };
        match answer {
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

    /// Under an open load, what was due and nobody had the time to send has failed as well.
    fn note_left_out(&self) {
        let first = self.next.get();
        let left_out = (first..).take_while(|number| {
            self.rate.is_some() && self.lot.nth(*number).is_some() && self.due(*number) < self.until
        });
        let left_out = left_out.count();
        if left_out > 0 {
            self.note_error(&anyhow::anyhow!("no connection was free for what was due"));
            self.noted.borrow_mut().errors += left_out - 1;
        }
    }

    fn note_error(&self, error: &anyhow::Error) {
        let mut noted = self.noted.borrow_mut();
        noted.errors += 1;
        noted.first_error.get_or_insert_with(|| format!("{error:#}"));
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    /// What is noted of an open load that this server has to bear for half a second.
    fn noted(answers: bool) -> Noted {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = std::thread::spawn(move || {
            use std::io::{Read as _, Write as _};
            let mut streams: Vec<_> = listener.incoming().take(2).map(|one| one.expect("a client")).collect();
            let mut buffer = [0; 1024];
            while answers && streams[0].read(&mut buffer).is_ok_and(|read| read > 0) {
                let _ = streams[0].write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
            streams
        });
        let load = Load {
            connections: 2,
            rate: Some(20.0),
        };
        let lot = Lot::cycle(vec![Ask::get("/")]);
        let times = (Duration::from_millis(500), Duration::from_millis(300));
        let run =
            async move { tokio::time::timeout(Duration::from_secs(20), run(address, lot, load, times, false)).await };
        let noted = runtime
            .expect("a runtime")
            .block_on(run)
            .expect("an end")
            .expect("noted")
            .0;
        drop(server.join());
        noted
    }

    #[test]
    fn what_was_due_and_got_no_answer_is_an_error_and_the_turn_ends() {
        let noted = noted(false);

        assert_eq!((noted.latencies.len(), noted.errors), (0, 10));
        assert!(noted.passed >= Duration::from_millis(800), "{:?}", noted.passed);
        assert_eq!(noted.first_error.as_deref(), Some("no answer at the end"));
    }

    #[test]
    fn one_connection_that_hangs_costs_its_request_alone() {
        let noted = noted(true);

        assert_eq!((noted.latencies.len(), noted.errors), (9, 1));
    }
}
