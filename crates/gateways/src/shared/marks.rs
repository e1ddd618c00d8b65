//! Marks that several servers share of who wrote last where.

use std::sync::Arc;

use savdo_services::LogPosition;
use savdo_services::marks::{KEPT, Latest, Marks};

use super::line::Line;
use super::name_of;

/// Of two marks the later stays, whichever comes first. As texts, since a script's numbers are too short for them.
const NOTE: &str = "
local known = redis.call('GET', KEYS[1])
if not known or known < ARGV[1] then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 0";

/// Marks in a Redis.
pub struct SharedMarks {
    line: Arc<Line>,
    seal: [u8; 32],
}

impl SharedMarks {
    /// Marks over this line, of writers that are sealed by this key.
    #[must_use]
    pub fn new(line: Arc<Line>, seal: [u8; 32]) -> Self {
        Self { line, seal }
    }

    fn key(&self, writer: &str) -> String {
        name_of(&self.seal, "mark", writer)
    }
}

impl Marks for SharedMarks {
    fn note(&self, writer: &str, position: LogPosition) {
        let mut command = redis::cmd("EVAL");
        command.arg(NOTE).arg(1).arg(self.key(writer));
        // All of one length, so that the later text is the later place.
        command
            .arg(format!("{:019}", position.get()))
            .arg(u64::try_from(KEPT.as_millis()).unwrap_or(u64::MAX));
        // Whoever cannot write it down cannot read it either, and asks no replica.
        let _: Option<i64> = self.line.ask(&command);
    }

    fn latest(&self, writers: &[String]) -> Latest {
        if writers.is_empty() {
            return Latest::Known(None);
        }
        let mut command = redis::cmd("MGET");
        writers.iter().for_each(|writer| {
            command.arg(self.key(writer));
        });
        let Some(marks) = self.line.ask::<Vec<Option<i64>>>(&command) else {
            return Latest::Unknown;
        };
        Latest::Known(marks.into_iter().flatten().max().map(LogPosition::new))
    }
}
