//! The line to Redis: connections that are kept, a bound on every wait, and a pause after a failure.
//!
//! Of all who call after a pause one tries; the others are told at once that nobody answers. What failed is logged when it begins and
//! when it ends, never its URL, which may hold a password.

use std::fmt;
use std::str::FromStr;
use std::sync::mpsc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redis::{Client, Cmd, Connection, ErrorKind, FromRedisValue, RedisError};

/// More connections than this are not kept.
const IDLE_MAX: usize = 32;

/// Where a Redis is: `redis://<user>:<password>@<host>:<port>/<number>`. Shown without user and password.
#[derive(Clone)]
pub struct RedisUrl {
    client: Client,
    written: String,
}

/// A text that names no Redis of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is redis://<host>:<port>/<number>, with <user>:<password>@ before the host where it wants a log-in")]
pub struct InvalidRedisUrl;

impl FromStr for RedisUrl {
    type Err = InvalidRedisUrl;

    fn from_str(written: &str) -> Result<Self, InvalidRedisUrl> {
        if !written.starts_with("redis://") {
            return Err(InvalidRedisUrl);
        }
        let client = Client::open(written).map_err(|_| InvalidRedisUrl)?;
        Ok(Self {
            client,
            written: written.to_owned(),
        })
    }
}

impl PartialEq for RedisUrl {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for RedisUrl {}

impl fmt::Display for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "redis://{}", self.client.get_connection_info().addr())
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// How long a Redis is waited for, and how long it is left alone then.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// For a connection, its name looked up and its log-in done.
    pub connect: Duration,
    /// For an answer.
    pub answer: Duration,
    /// After a failure.
    pub pause: Duration,
}

impl Waits {
    /// A connection within this, and an answer within as much.
    #[must_use]
    pub const fn within(timeout: Duration) -> Self {
        Self {
            connect: timeout,
            answer: timeout,
            pause: Duration::from_secs(5),
        }
    }
}

/// The line of one server to a Redis.
#[derive(Debug)]
pub struct Line {
    url: RedisUrl,
    waits: Waits,
    idle: Mutex<Vec<Kept>>,
    trouble: Mutex<Trouble>,
}

/// A connection that nobody uses now.
struct Kept(Connection);

impl fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Kept")
    }
}

#[derive(Debug, Default)]
struct Trouble {
    /// Nobody asks before this.
    until: Option<Instant>,
}

impl Line {
    /// A line to the Redis there. It is called when something is asked, not before.
    #[must_use]
    pub fn new(url: RedisUrl, waits: Waits) -> Self {
        Self {
            url,
            waits,
            idle: Mutex::default(),
            trouble: Mutex::default(),
        }
    }

    /// The answer to a command; none when there is none in time, or when Redis is left alone for now.
    #[must_use]
    pub fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        if !self.trouble().admits(self.waits.pause) {
            return None;
        }
        match self.call(command) {
            Ok(answer) => {
                self.settle();
                Some(answer)
            }
            Err(error) => {
                self.rest(&error);
                None
            }
        }
    }

    fn settle(&self) {
        if self.trouble().note_answer() {
            tracing::info!(redis = %self.url, "Redis answers again: servers count together");
        }
    }

    fn rest(&self, error: &RedisError) {
        self.idle().clear();
        if self.trouble().note_failure(self.waits.pause) {
            let why = error.category();
            tracing::warn!(redis = %self.url, why, "Redis does not answer ({why}): each server counts by itself");
        }
    }

    fn call<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let kept = self.idle().pop();
        if let Some(Kept(connection)) = kept {
            match self.say(connection, command) {
                // Redis was started anew, or has closed what was long idle: so are all the others.
                Err(error) if error.is_connection_dropped() && !error.is_timeout() => self.idle().clear(),
                outcome => return outcome,
            }
        }
        self.say(self.open()?, command)
    }

    fn say<T: FromRedisValue>(&self, mut connection: Connection, command: &Cmd) -> Result<T, RedisError> {
        let answer = command.query(&mut connection)?;
        let mut idle = self.idle();
        if idle.len() < IDLE_MAX {
            idle.push(Kept(connection));
        }
        Ok(answer)
    }

    /// On a thread of its own, since nothing else bounds how long a name is looked up.
    fn open(&self) -> Result<Connection, RedisError> {
        let (client, waits) = (self.url.client.clone(), self.waits);
        let (opened, opening) = mpsc::sync_channel(1);
        let thread = std::thread::Builder::new().name("redis".to_owned()).spawn(move || {
            let outcome = client
                .get_connection_with_timeout(waits.connect)
                .and_then(|connection| {
                    connection.set_read_timeout(Some(waits.answer))?;
                    connection.set_write_timeout(Some(waits.answer))?;
                    Ok(connection)
                });
            // Nobody may be waiting any more.
            let _ = opened.send(outcome);
        });
        thread.map_err(RedisError::from)?;
        let late = |_| RedisError::from((ErrorKind::Io, "no connection in time"));
        opening.recv_timeout(waits.connect).map_err(late)?
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trouble(&self) -> MutexGuard<'_, Trouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trouble {
    /// Whether somebody may ask now. After a pause that is one; the others wait for how he fares.
    fn admits(&mut self, pause: Duration) -> bool {
        let now = Instant::now();
        match self.until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.until = Some(now + pause);
                true
            }
        }
    }

    /// Says whether that is news.
    fn note_answer(&mut self) -> bool {
        self.until.take().is_some()
    }

    /// Says whether that is news.
    fn note_failure(&mut self, pause: Duration) -> bool {
        self.until.replace(Instant::now() + pause).is_none()
    }
}
