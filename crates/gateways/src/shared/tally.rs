//! Counts that several servers share.
//!
//! A window slides in steps as in memory, and a count is one script, so that of two servers that ask at once one sees the other. The
//! time is that of the server that asks: their clocks may differ by less than a window.
//!
//! Each process counts its own beside that: what it let pass itself is never more than all did, so that it refuses a flood without asking,
//! and knows where it stands when Redis goes away.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use savdo_services::limits::{InMemory, Limit, Rate, STEPS, Step, Tally};

use super::line::Line;
use super::name_of;

/// Keeps the steps of a window around now, sums them, and adds one where there is room; else answers the step in which there is.
/// A step ahead by less than a window was counted by a clock that goes before ours.
const TAKE: &str = "
local now, most, steps = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local all, kept, sum = redis.call('HGETALL', KEYS[1]), {}, 0
for i = 1, #all, 2 do
  local step, count = tonumber(all[i]), tonumber(all[i + 1])
  if step < now - steps or step > now + steps then
    redis.call('HDEL', KEYS[1], all[i])
  else
    kept[#kept + 1] = {step, count}
    sum = sum + count
  end
end
if sum < most then
  redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return false
end
table.sort(kept, function(a, b) return a[1] < b[1] end)
for _, it in ipairs(kept) do
  sum = sum - it[2]
  if sum < most then return it[1] + steps + 1 end
end
return now + steps + 1";

/// Counts the last step one less.
const GIVE_BACK: &str = "
local all, last = redis.call('HGETALL', KEYS[1]), nil
for i = 1, #all, 2 do
  if not last or tonumber(all[i]) > tonumber(last) then last = all[i] end
end
if last and redis.call('HINCRBY', KEYS[1], last, -1) < 1 then redis.call('HDEL', KEYS[1], last) end
return 0";

/// Counts in the memory of this process, and of all together in a Redis while it answers.
pub struct SharedTally {
    line: Arc<Line>,
    seal: [u8; 32],
    alone: InMemory,
}

impl SharedTally {
    /// Counts over this line, of subjects that are sealed by this key.
    #[must_use]
    pub fn new(line: Arc<Line>, seal: [u8; 32]) -> Self {
        Self {
            line,
            seal,
            alone: InMemory::default(),
        }
    }

    fn key(&self, limit: Limit, subject: &str) -> String {
        name_of(&self.seal, limit.code(), subject)
    }
}

impl Tally for SharedTally {
    fn take(&self, limit: Limit, subject: &str, rate: Rate, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        self.alone.take(limit, subject, rate, now)?;
        let step = Step::of(rate, now);
        // Redis goes by its own time: a window after the last count nothing of it is wanted by anybody.
        let kept_ms = rate.window.num_milliseconds().saturating_mul(2);
        let mut command = redis::cmd("EVAL");
        command.arg(TAKE).arg(1).arg(self.key(limit, subject));
        command.arg(step.number).arg(rate.most).arg(STEPS).arg(kept_ms);
        match self.line.ask::<Option<i64>>(&command) {
            Some(None) | None => Ok(()),
            Some(Some(room_at)) => {
                self.alone.give_back(limit, subject, now);
                Err(step.begin_of(room_at))
            }
        }
    }

    fn refused_already(
        &self,
        limit: Limit,
        subject: &str,
        rate: Rate,
        now: DateTime<Utc>,
    ) -> Result<(), DateTime<Utc>> {
        self.alone.refused_already(limit, subject, rate, now)
    }

    fn give_back(&self, limit: Limit, subject: &str, now: DateTime<Utc>) {
        self.alone.give_back(limit, subject, now);
        let mut command = redis::cmd("EVAL");
        command.arg(GIVE_BACK).arg(1).arg(self.key(limit, subject));
        // What Redis does not hear it forgets with the window.
        let _: Option<i64> = self.line.ask(&command);
    }

    fn makes_wait(&self) -> bool {
        true
    }
}
