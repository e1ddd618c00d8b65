//! Compares the attempts of past days with what Click says of them, some at a time.
//!
//! How far a day is stands in the database, so that whoever runs the job next goes on from there. A Click that fails is left alone as the
//! sink is; a desk that it does not let in holds up no other. An attempt that it says nothing of, asked twice while it speaks of the next, counts
//! as one that it does not know; the last of a day is asked for until the day is given up. One that may still be paid is waited for.

use chrono::{DateTime, TimeDelta, Utc};
use savdo_domain::payment::click::ClickDesk;
use savdo_persistence::payments::AttemptView;

use super::{Runner, Sink};
use crate::Result;
use crate::gateways::{AskedPayment, Clicked};
use crate::payments::merchant::{self, DayUnderWay, Place};

/// The most that one run asks.
const ASKED_AT_ONCE: i64 = 100;
/// A run that took so long stops: other jobs wait for their turn.
const RUN: TimeDelta = TimeDelta::seconds(30);

/// What one run came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) compared: usize,
    pub(super) differing: usize,
}

/// What a run may still do.
struct Budget<'a> {
    left: i64,
    until: DateTime<Utc>,
    is_stopping: &'a dyn Fn() -> bool,
}

/// How it goes on.
enum Course {
    /// With what comes next.
    On,
    /// With another day: it says nothing of the last attempt of this one.
    Day(String),
    /// With another desk.
    Desk(String),
    /// With nothing: the run is over.
    Over,
}

/// What Click said of an attempt.
enum Word {
    Told(AskedPayment),
    /// Nothing, though it may of others.
    Silent(String),
    /// It is asked no more: it does not let the desk in, is left alone, or the run is over.
    None(Course),
}

impl Budget<'_> {
    fn is_spent(&self, now: DateTime<Utc>) -> bool {
        self.left <= 0 || now > self.until || (self.is_stopping)()
    }
}

impl Runner {
    /// Goes on comparing the days that are not done, of each desk that is on, until `is_stopping`.
    ///
    /// # Errors
    /// Failed statements.
    pub(super) fn compare_with_click(&self, is_stopping: &dyn Fn() -> bool) -> Result<Compared> {
        if !self.gateways.click.is_there() {
            return Ok(Compared::default());
        }
        let now = self.context.now();
        let mut budget = Budget {
            left: ASKED_AT_ONCE,
            until: now.checked_add_signed(RUN).unwrap_or(now),
            is_stopping,
        };
        let mut done = Compared::default();
        let desks = self.context.desks()?;
        for (name, desk) in desks.click_on() {
            self.give_up_days(&name)?;
            match self.compare_desk((&name, desk), &mut budget, &mut done)? {
                Course::On => {}
                Course::Day(why) | Course::Desk(why) => {
                    self.context.counters().comparison_failed();
                    tracing::warn!(
                        desk = name,
                        why,
                        "Payments of desk {name} are not compared with Click now: {why}"
                    );
                }
                Course::Over => break,
            }
        }
        Ok(done)
    }

    fn give_up_days(&self, name: &str) -> Result<()> {
        for day in merchant::given_up(&self.context, name)? {
            self.context.counters().comparison_failed();
            tracing::error!(desk = name, %day, "Payments of desk {name} of {day} were not all compared with Click, and will not be");
        }
        Ok(())
    }

    fn compare_desk(&self, desk: (&str, &ClickDesk), budget: &mut Budget<'_>, done: &mut Compared) -> Result<Course> {
        if budget.is_spent(self.context.now()) {
            return Ok(Course::Over);
        }
        let mut course = Course::On;
        for day in merchant::days_under_way(&self.context, desk.0)? {
            match self.compare_day(desk, day, budget, done)? {
                Course::On => {}
                Course::Day(why) => course = Course::Day(why),
                over => return Ok(over),
            }
        }
        Ok(course)
    }

    fn compare_day(
        &self,
        (name, desk): (&str, &ClickDesk),
        day: DayUnderWay,
        budget: &mut Budget<'_>,
        done: &mut Compared,
    ) -> Result<Course> {
        if budget.is_spent(self.context.now()) {
            return Ok(Course::Over);
        }
        let wanted = budget.left;
        let attempts = merchant::attempts(&self.context, name, day, wanted)?;
        let is_all = i64::try_from(attempts.len()).is_ok_and(|count| count < wanted);
        let mut unsaid: Option<(&AttemptView, String)> = None;
        for attempt in &attempts {
            // It will be over soon, and Click be asked of it then.
            if attempt.transaction.state.is_prepared() {
                return Ok(Course::On);
            }
            let told = match (self.word_on(desk, attempt, budget), unsaid.take()) {
                (Word::Told(told), None) => [None, Some((attempt, told))],
                (Word::Told(told), Some((silent, _))) => match self.word_on(desk, silent, budget) {
                    Word::Told(at_last) => [Some((silent, at_last)), Some((attempt, told))],
                    Word::Silent(why) => [Some((silent, self.pass_over(silent, why))), Some((attempt, told))],
                    Word::None(course) => return Ok(course),
                },
                (Word::Silent(why), None) => {
                    unsaid = Some((attempt, why));
                    continue;
                }
                // It says nothing at all: another time.
                (Word::Silent(why), Some(_)) => return Ok(Course::Desk(why)),
                (Word::None(course), _) => return Ok(course),
            };
            for (attempt, told) in told.into_iter().flatten() {
                let differs = merchant::note(&self.context, Place::from(attempt), told, Some((name, day.day)))?;
                done.compared = done.compared.saturating_add(1);
                done.differing = done.differing.saturating_add(usize::from(differs));
            }
        }
        if let Some((_, why)) = unsaid {
            return Ok(Course::Day(why));
        }
        if is_all {
            merchant::finish(&self.context, name, day.day)?;
        }
        Ok(Course::On)
    }

    /// What Click says of an attempt, if it may be asked once more.
    fn word_on(&self, desk: &ClickDesk, attempt: &AttemptView, budget: &mut Budget<'_>) -> Word {
        if budget.is_spent(self.context.now()) {
            return Word::None(Course::Over);
        }
        if self.is_left_alone(Sink::Click) {
            let why = "Click keeps failing and is left alone for a while";
            return Word::None(Course::Desk(why.to_owned()));
        }
        budget.left = budget.left.saturating_sub(1);
        let order = (attempt.order_id, &attempt.transaction);
        match merchant::ask(&self.context, &self.click(), desk, order) {
            Clicked::Told(told) => Word::Told(told),
            Clicked::NotNow { why, .. } | Clicked::Unknown { why } => Word::Silent(why),
            Clicked::LogInRefused { why } => Word::None(Course::Desk(why)),
        }
    }

    fn pass_over(&self, attempt: &AttemptView, why: String) -> AskedPayment {
        self.context.counters().comparison_failed();
        let id = attempt.transaction.id;
        tracing::error!(transaction.id = %id, why, "Click says nothing of transaction {id} while it speaks of the next, which counts as unknown to it: {why}");
        AskedPayment::NotFound { why }
    }
}
