//! Marks that several servers share of who wrote last where.
//!
//! A mark that could not be written there is known to the server that made it alone. So whoever had no answer takes nothing for known for
//! as long as a mark lives: the others had most likely none either. Each keeps its own marks beside those in Redis, in case it was
//! started anew. What remains: a server that cannot reach Redis while another can, and one that wrote before Redis was started anew
//! without the other noticing. There somebody who goes from one to the other may miss what he wrote, for as long as the replica is behind.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use redis::{Cmd, FromRedisValue};
use savdo_services::LogPosition;
use savdo_services::marks::{InMemoryMarks, KEPT, Latest, Marks};

use super::line::Line;
use super::name_of;

/// Of two marks the later stays, whichever comes first. As texts, since a script's numbers are too short for them.
const NOTE: &str = "
local known = redis.call('GET', KEYS[1])
if not known or known < ARGV[1] then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 0";

/// Marks in a Redis, and those of this process in its memory as well.
pub struct SharedMarks {
    line: Arc<Line>,
    seal: [u8; 32],
    own: InMemoryMarks,
    failed: Mutex<Option<Instant>>,
}

impl SharedMarks {
    /// Marks over this line, of writers that are sealed by this key.
    #[must_use]
    pub fn new(line: Arc<Line>, seal: [u8; 32]) -> Self {
        Self {
            line,
            seal,
            own: InMemoryMarks::default(),
            failed: Mutex::default(),
        }
    }

    fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        let answer = self.line.ask(command);
        if answer.is_none() {
            *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        answer
    }

    /// Whether a mark may be missing in Redis.
    fn may_miss_one(&self) -> bool {
        let failed = *self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_some_and(|at| at.elapsed() < KEPT)
    }

    fn key(&self, writer: &str) -> String {
        name_of(&self.seal, "mark", writer)
    }
}

impl Marks for SharedMarks {
    fn note(&self, writer: &str, position: LogPosition) {
        self.own.note(writer, position);
        let mut command = redis::cmd("EVAL");
        command.arg(NOTE).arg(1).arg(self.key(writer));
        // All of one length, so that the later text is the later place.
        command
            .arg(format!("{:019}", position.get()))
            .arg(u64::try_from(KEPT.as_millis()).unwrap_or(u64::MAX));
        let _: Option<i64> = self.ask(&command);
    }

    fn latest(&self, writers: &[String]) -> Latest {
        if writers.is_empty() {
            return Latest::Known(None);
        }
        let mut command = redis::cmd("MGET");
        writers.iter().for_each(|writer| {
            command.arg(self.key(writer));
        });
        let (Some(marks), Latest::Known(own)) = (self.ask::<Vec<Option<i64>>>(&command), self.own.latest(writers))
        else {
            return Latest::Unknown;
        };
        if self.may_miss_one() {
            return Latest::Unknown;
        }
        Latest::Known(marks.into_iter().flatten().map(LogPosition::new).max().max(own))
    }
}
