//! A copy of the database that follows it, a moment behind: for lists, which nobody decides by.
//!
//! It is asked only while it is known to follow closely: it has replayed a place at which the log of the database ended a short while ago,
//! by this process's own clock. Somebody who wrote asks it only once it has what he wrote. One looks how far it is, the others go by what
//! is known. One that hangs while its machine takes what is sent holds up who asks it then: at most half as many as the database may
//! serve. Whatever goes wrong with it, the database itself is asked instead; what failed is logged when it begins and when it ends.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::log_position::{LogPosition, replayed};
use super::manager::{Manager, Pool};
use super::{DatabaseSettings, Reader, consistent, postgres};
use crate::error::Error;
use crate::probe::Probe;
use crate::replica_reads::Fallback;
use crate::url::DatabaseUrl;

/// The longest wait for a connection: the database itself is near.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long one that failed is left alone.
const PAUSE: Duration = Duration::from_secs(5);
/// How long it is believed to be as far as it was.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// The longest that a look may take; then the replica hangs.
const LOOK_MAX: Duration = Duration::from_secs(1);
/// So many ends of the log are remembered that it has not reached yet: enough for the longest lag.
const AWAITED_MAX: usize = 256;

#[derive(Debug)]
pub(super) struct Replica {
    url: DatabaseUrl,
    pool: Pool,
    lag_max: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Nobody asks it before this.
    left_alone_until: Option<Instant>,
    replayed: Option<LogPosition>,
    looked_at: Option<Instant>,
    /// Since when somebody looks how far it is.
    looking_since: Option<Instant>,
    /// Where the log ended and when that was asked, the oldest first, as far as it is not replayed.
    awaited: VecDeque<(LogPosition, Instant)>,
    /// It has all that was written before this.
    is_as_of: Option<Instant>,
    /// What was told of it last.
    told: Option<Told>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Follows,
    Lags,
    LeftAlone,
}

/// What is known before it is asked.
#[derive(Debug, PartialEq, Eq)]
enum Known {
    Enough,
    TooLittle,
    /// Somebody has to look: whoever is told so.
    Look,
}

/// The look of somebody, which ends with it.
struct Look<'r>(&'r Replica);

impl Drop for Look<'_> {
    fn drop(&mut self) {
        self.0.state().looking_since = None;
    }
}

impl Replica {
    pub(super) fn new(url: DatabaseUrl, settings: &DatabaseSettings) -> Self {
        let of_replica = DatabaseSettings {
            url: with_short_timeouts(&url),
            pool_size: (settings.pool_size / 2).max(1),
            ..settings.clone()
        };
        Self {
            url,
            pool: Manager::new(&of_replica).into_pool_of_replica(),
            lag_max: settings.replica_lag,
            state: Mutex::default(),
        }
    }

    /// What `work` reads there at one moment, with all that was written up to `least`; or why the database itself is to be asked.
    pub(super) fn read<T, E: From<Error>>(
        &self,
        (name, probe): (&'static str, &Probe),
        least: Option<LogPosition>,
        end: impl Fn() -> Result<LogPosition, Error>,
        mut work: impl FnMut(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, Fallback> {
        if self.state().hangs(Instant::now()) {
            self.rest("it does not answer", "");
            return Err(Fallback::LeftAlone);
        }
        if !self.state().admits(Instant::now()) {
            return Err(Fallback::LeftAlone);
        }
        let mut connection = match self.pool.get_timeout(PATIENCE) {
            Ok(connection) => connection,
            Err(error) => {
                // Where all of them are busy it is as well as it can be, unless nothing came of them for long.
                if self.pool.state().connections == 0 || !self.state().follows(Instant::now(), self.lag_max) {
                    self.rest("it takes no connection", &error.to_string());
                }
                return Err(Fallback::Busy);
            }
        };
        connection.in_use(|open| {
            let mut reader = Reader::new(open, name, probe);
            let follows = self.follows(&mut reader, least, end);
            let outcome = follows.then(|| consistent(&mut reader, &self.url, &mut work));
            if !reader.is_usable() {
                self.rest("its connection was lost", "");
            }
            // Whatever it could not say, such as rows that it had to drop or what it does not know yet, the database can.
            let has_failed = reader.fault().is_some();
            let answer = match outcome {
                Some(Ok(answer)) if !has_failed => Ok(answer),
                None if self.state().left_alone_until.is_some() => Err(Fallback::LeftAlone),
                None if !has_failed => Err(Fallback::Behind),
                Some(_) | None => Err(Fallback::Failed),
            };
            (answer, reader.is_usable())
        })
    }

    /// Asks before the transaction begins: what it had then, the transaction sees.
    fn follows(
        &self,
        reader: &mut Reader<'_>,
        least: Option<LogPosition>,
        end: impl Fn() -> Result<LogPosition, Error>,
    ) -> bool {
        let known = self.state().knows(least, Instant::now(), self.lag_max);
        match known {
            Known::Enough => return true,
            Known::TooLittle => return false,
            Known::Look => {}
        }
        let _look = Look(self);
        let asked_at = Instant::now();
        // Without it nothing new is learnt, and soon it counts as lagging.
        let end = end().ok().map(|end| (end, asked_at));
        let Ok(found) = replayed(reader) else {
            return false;
        };
        let Some(replayed) = found else {
            self.rest("it is no replica", "");
            return false;
        };
        let mut state = self.state();
        let now = Instant::now();
        state.note(end, replayed, now);
        state.left_alone_until = None;
        if let Some(news) = state.news(now, self.lag_max) {
            let replica = &self.url;
            tracing::warn!(%replica, "The replica {news}");
        }
        state.follows(now, self.lag_max) && state.replayed >= least
    }

    fn rest(&self, why: &'static str, cause: &str) {
        let mut state = self.state();
        state.forget();
        state.left_alone_until = Some(Instant::now() + PAUSE);
        if state.told.replace(Told::LeftAlone) != Some(Told::LeftAlone) {
            let replica = &self.url;
            tracing::warn!(%replica, why, cause, "The replica is left alone, {why}: lists are read from the database");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether it has not answered for too long.
    fn hangs(&self, now: Instant) -> bool {
        self.looking_since
            .is_some_and(|since| now.duration_since(since) > LOOK_MAX)
    }

    /// Whether somebody may ask now. After a failure that is one; the others wait for how he fares.
    fn admits(&mut self, now: Instant) -> bool {
        match self.left_alone_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.left_alone_until = Some(now + PAUSE);
                true
            }
        }
    }

    /// Whether it has enough for somebody who wrote up to `least`. Who is to look, looks.
    fn knows(&mut self, least: Option<LogPosition>, now: Instant, lag_max: Duration) -> Known {
        let follows = self.follows(now, lag_max);
        let known = if follows && self.replayed >= least {
            Known::Enough
        } else {
            Known::TooLittle
        };
        let again = LOOK_AGAIN.min(lag_max / 2);
        let is_fresh = self.looked_at.is_some_and(|at| now.duration_since(at) < again);
        // Somebody who just wrote looks at once: it may have that by now.
        let is_settled = is_fresh && (known == Known::Enough || !follows);
        if is_settled || self.looking_since.is_some() {
            return known;
        }
        self.looking_since = Some(now);
        Known::Look
    }

    /// Whether it had everything a short while ago.
    fn follows(&self, now: Instant, lag_max: Duration) -> bool {
        self.is_as_of.is_some_and(|at| now.duration_since(at) <= lag_max)
    }

    /// Notes how far it is, and where the log of the database ended before that was asked.
    fn note(&mut self, end: Option<(LogPosition, Instant)>, replayed: LogPosition, now: Instant) {
        if self.awaited.len() < AWAITED_MAX {
            self.awaited.extend(end);
        }
        while let Some((_, at)) = self.awaited.pop_front_if(|(end, _)| *end <= replayed) {
            self.is_as_of = Some(at);
        }
        self.looked_at = Some(now);
        self.replayed = Some(replayed);
    }

    /// Another one may be there next time, or the same from another moment.
    fn forget(&mut self) {
        self.replayed = None;
        self.looked_at = None;
        self.awaited.clear();
        self.is_as_of = None;
    }

    /// What is to be told of it, where it was not told last.
    fn news(&mut self, now: Instant, lag_max: Duration) -> Option<&'static str> {
        let is_late = |(_, at): &(LogPosition, Instant)| now.duration_since(*at) > lag_max;
        let (told, news) = if self.follows(now, lag_max) {
            (Told::Follows, "follows: lists are read from it")
        } else if self.awaited.front().is_some_and(is_late) {
            (Told::Lags, "is too far behind: lists are read from the database")
        } else {
            return None;
        };
        (self.told.replace(told) != Some(told)).then_some(news)
    }
}

/// Nobody waits long for one whose machine is gone.
fn with_short_timeouts(url: &DatabaseUrl) -> DatabaseUrl {
    let DatabaseUrl::Postgres(text) = url else {
        return url.clone();
    };
    let short = [("connect_timeout", "2"), ("tcp_user_timeout", "2000")];
    DatabaseUrl::Postgres(postgres::with_parameters(text, &short))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Known, LOOK_MAX, LogPosition, State};

    const LAG_MAX: Duration = Duration::from_secs(5);

    /// Looks at so many milliseconds after the beginning, where it is at `replayed` and the log at `end`.
    fn look(state: &mut State, began: Instant, millis: u64, (end, replayed): (Option<i64>, i64)) {
        let now = began + Duration::from_millis(millis);
        assert_eq!(state.knows(None, now, LAG_MAX), Known::Look);
        state.note(
            end.map(|end| (LogPosition::new(end), now)),
            LogPosition::new(replayed),
            now,
        );
        state.looking_since = None;
    }

    fn follows(state: &State, began: Instant, millis: u64) -> bool {
        state.follows(began + Duration::from_millis(millis), LAG_MAX)
    }

    #[test]
    fn it_follows_while_it_has_what_there_was_a_short_while_ago() {
        let (mut state, began) = (State::default(), Instant::now());
        look(&mut state, began, 0, (Some(10), 9));
        assert!(!follows(&state, began, 0), "nothing is known yet");

        look(&mut state, began, 1000, (Some(20), 10));
        assert!(follows(&state, began, 5000) && !follows(&state, began, 5001));

        look(&mut state, began, 5500, (Some(30), 10));
        assert!(!follows(&state, began, 5500), "it stands still");
        look(&mut state, began, 6000, (Some(30), 30));
        assert!(follows(&state, began, 11_000));
    }

    #[test]
    fn a_quiet_shop_says_nothing_of_the_lag_and_neither_does_a_database_that_does_not_answer() {
        let (mut state, began) = (State::default(), Instant::now());
        look(&mut state, began, 0, (Some(10), 10));
        let hours = 7_200_000;

        // An hour later it is where it was: only the database knows whether that is far behind.
        look(&mut state, began, hours, (None, 10));
        assert!(!follows(&state, began, hours));
        look(&mut state, began, hours + 300, (Some(90), 10));
        assert!(!follows(&state, began, hours + 300));
        look(&mut state, began, hours + 600, (Some(90), 90));
        assert!(follows(&state, began, hours + 600));
    }

    #[test]
    fn one_looks_and_the_others_go_by_what_is_known() {
        let (mut state, began) = (State::default(), Instant::now());
        look(&mut state, began, 0, (Some(10), 10));
        let later = began + Duration::from_secs(1);

        assert_eq!(state.knows(None, later, LAG_MAX), Known::Look);
        assert_eq!(state.knows(Some(LogPosition::new(10)), later, LAG_MAX), Known::Enough);
        assert_eq!(
            state.knows(Some(LogPosition::new(11)), later, LAG_MAX),
            Known::TooLittle
        );
        assert!(!state.hangs(later + LOOK_MAX));
        assert!(state.hangs(later + LOOK_MAX + Duration::from_millis(1)));
    }

    #[test]
    fn one_that_was_set_back_does_not_have_what_it_had() {
        let (mut state, began) = (State::default(), Instant::now());
        look(&mut state, began, 0, (Some(10), 10));

        look(&mut state, began, 500, (Some(10), 7));

        let at = began + Duration::from_millis(550);
        assert_ne!(state.knows(Some(LogPosition::new(10)), at, LAG_MAX), Known::Enough);
    }
}
