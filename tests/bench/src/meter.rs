//! Time on the processor, and memory, as Linux counts them for processes.

use std::fs;
use std::time::Duration;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// What a tick of `/proc/<pid>/stat` is on every Linux that Rust knows: a hundredth of a second.
const TICK: Duration = Duration::from_millis(10);

/// Whose time is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    /// Our server.
    pub(crate) server: u32,
    /// The process whose children work for the database; none where the database works in the server.
    pub(crate) postmaster: Option<u32>,
}

/// Time spent on the processor since the processes began, or between two readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    /// By the server.
    pub(crate) server: Duration,
    /// By the database, where it is not part of the server.
    pub(crate) database: Duration,
    /// By the client: this process, and those that it started and that have ended.
    pub(crate) client: Duration,
}

/// Memory of the server in MB.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Memory {
    /// The most that it held.
    pub(crate) peak_mb: f64,
    /// What it holds now.
    pub(crate) now_mb: f64,
}

/// The numbers of a process that are looked at.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    parent: u32,
    own: Duration,
    /// Of its children that have ended.
    ended: Duration,
}

impl Meter {
    /// Where the time stands.
    pub(crate) fn read(&self) -> anyhow::Result<Spent> {
        let own = stat(std::process::id())?;
        Ok(Spent {
            server: stat(self.server)?.own,
            database: self.postmaster.map_or(Ok(Duration::ZERO), of_database)?,
            client: own.own + own.ended,
        })
    }
}

impl Spent {
    /// Since another reading.
    pub(crate) fn since(&self, before: &Self) -> Self {
        Self {
            server: self.server.saturating_sub(before.server),
            database: self.database.saturating_sub(before.database),
            client: self.client.saturating_sub(before.client),
        }
    }

    /// The same, with what a program has spent that still runs for the client.
    pub(crate) fn with_client(self, spent: Duration) -> Self {
        Self {
            client: self.client + spent,
            ..self
        }
    }

    /// Adds another span.
    pub(crate) fn add(&mut self, other: &Self) {
        self.server += other.server;
        self.database += other.database;
        self.client += other.client;
    }
}

/// What a process has spent.
pub(crate) fn spent(process: u32) -> anyhow::Result<Duration> {
    Ok(stat(process)?.own)
}

/// The process that a process is a child of.
pub(crate) fn parent(process: u32) -> anyhow::Result<u32> {
    Ok(stat(process)?.parent)
}

/// All processes of a PostgreSQL, those that have ended as well.
fn of_database(postmaster: u32) -> anyhow::Result<Duration> {
    let mother = stat(postmaster)?;
    let mut sum = mother.own + mother.ended;
    for entry in fs::read_dir("/proc")? {
        let process = entry?.file_name().to_str().and_then(|name| name.parse().ok());
        // One that ends meanwhile is counted by its mother the next time.
        let child = process.and_then(|process| stat(process).ok());
        sum += child
            .filter(|child| child.parent == postmaster)
            .map_or(Duration::ZERO, |child| child.own);
    }
    Ok(sum)
}

fn stat(process: u32) -> anyhow::Result<Stat> {
    let text =
        fs::read_to_string(format!("/proc/{process}/stat")).with_context(|| format!("process {process} is gone"))?;
    parse_stat(&text).with_context(|| format!("/proc/{process}/stat cannot be read"))
}

/// The name of a process stands in brackets and may hold anything, brackets too.
fn parse_stat(text: &str) -> Option<Stat> {
    let (_, fields) = text.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u32>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        own: TICK * (ticks(11)? + ticks(12)?),
        ended: TICK * (ticks(13)? + ticks(14)?),
    })
}

/// What a process holds and held in memory.
pub(crate) fn memory(process: u32) -> anyhow::Result<Memory> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    parse_status(&text).context("a process without memory")
}

fn parse_status(text: &str) -> Option<Memory> {
    let megabytes = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: u32 = line.split_whitespace().next()?.parse().ok()?;
        Some(f64::from(kibibytes) * 1024.0 / 1_000_000.0)
    };
    Some(Memory {
        peak_mb: megabytes("VmHWM:")?,
        now_mb: megabytes("VmRSS:")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_numbers() {
        let text = "41 (a ) b) S 7 41 41 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 1 0 100 0 0";

        let read = parse_stat(text);

        let wanted = Stat {
            parent: 7,
            own: Duration::from_secs(2),
            ended: Duration::from_millis(500),
        };
        assert_eq!(read, Some(wanted));
    }

    #[test]
    fn memory_is_told_in_megabytes() {
        let read = parse_status("Name:\tsavdo\nVmHWM:\t   62500 kB\nVmRSS:\t   31250 kB\n");

        let wanted = Memory {
            peak_mb: 64.0,
            now_mb: 32.0,
        };
        assert_eq!(read, Some(wanted));
    }

    #[test]
    fn of_two_readings_only_what_lies_between_counts() {
        let at = |seconds| Spent {
            server: Duration::from_secs(seconds),
            database: Duration::from_secs(2 * seconds),
            client: Duration::ZERO,
        };
        let mut sum = at(1);

        sum.add(&at(9).since(&at(4)));

        assert_eq!(sum, at(6));
    }
}
