//! Compares the attempts of past days with what Click says of them, some at a time.
//!
//! How far a day is stands in the database, so that whoever runs the job next goes on from there. A Click that fails is left alone as the
//! sink is; an attempt that it says nothing of, while it speaks of the next, counts as one that it does not know.

use chrono::{DateTime, TimeDelta, Utc};
use savdo_domain::dispatch::Outcome;
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
struct Budget {
    left: i64,
    until: DateTime<Utc>,
}

impl Runner {
    /// Goes on comparing the days that are not done, of each desk that is on.
    ///
    /// # Errors
    /// Failed statements.
    pub(super) fn compare_with_click(&self) -> Result<Compared> {
        let now = self.context.now();
        let mut budget = Budget {
            left: ASKED_AT_ONCE,
            until: now.checked_add_signed(RUN).unwrap_or(now),
        };
        let mut done = Compared::default();
        for (name, desk) in self.context.desks().click_on() {
            for day in merchant::days_under_way(&self.context, &name)? {
                self.compare_day((&name, desk), day, &mut budget, &mut done)?;
            }
        }
        Ok(done)
    }

    fn compare_day(
        &self,
        (name, desk): (&str, &ClickDesk),
        day: DayUnderWay,
        budget: &mut Budget,
        done: &mut Compared,
    ) -> Result<()> {
        let wanted = budget.left;
        let attempts = merchant::attempts(&self.context, name, day, wanted)?;
        let is_all = i64::try_from(attempts.len()).is_ok_and(|count| count < wanted);
        let mut unsaid: Option<(&AttemptView, AskedPayment)> = None;
        for attempt in &attempts {
            if budget.left == 0 || self.context.now() > budget.until || self.is_left_alone(Sink::Click) {
                return Ok(());
            }
            budget.left = budget.left.saturating_sub(1);
            let order = (attempt.order_id, &attempt.transaction);
            let asked = merchant::ask(&self.context, self.gateways.click.as_ref(), desk, order);
            self.note_silence(&asked);
            let told = match (asked, &unsaid) {
                (Clicked::Told(told), _) => told,
                (Clicked::NotNow { why, .. } | Clicked::Unknown { why }, None) => {
                    unsaid = Some((attempt, AskedPayment::NotFound { why }));
                    continue;
                }
                // It says nothing at all: another time.
                (Clicked::NotNow { .. } | Clicked::Unknown { .. }, Some(_)) => return Ok(()),
            };
            for (attempt, told) in unsaid.take().into_iter().chain([(attempt, told)]) {
                let differs = merchant::note(&self.context, Place::from(attempt), told, Some((name, day.day)))?;
                done.compared = done.compared.saturating_add(1);
                done.differing = done.differing.saturating_add(usize::from(differs));
            }
        }
        if is_all && unsaid.is_none() {
            merchant::finish(&self.context, name, day.day)?;
        }
        Ok(())
    }

    fn note_silence(&self, asked: &Clicked<AskedPayment>) {
        let outcome = match asked {
            Clicked::Told(_) => Outcome::Sent,
            Clicked::NotNow { why, after } => Outcome::Retry {
                why: why.clone(),
                after: *after,
            },
            Clicked::Unknown { why } => Outcome::Unknown { why: why.clone() },
        };
        self.note(Sink::Click, &outcome, self.context.now());
    }
}
