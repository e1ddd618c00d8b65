//! Sends the messages of the outbox.
//!
//! A few are leased at a time, few enough that all of them are tried before the lease ends. What a message says is written
//! just before it goes. A message is settled by compare-and-set on the lease, so that one which was taken over stays with
//! whoever took it.

use chrono::{DateTime, TimeDelta, Utc};
use savdo_domain::coded::Coded;
use savdo_domain::dispatch::{DispatchStatus, Fate, Outcome, Patience};
use savdo_persistence::Error as StorageError;
use savdo_persistence::dispatches::{self, Lease, LeasedView, Settlement};

use super::held::{Held, PutDown};
use super::{Runner, Sink, Written, chance};
use crate::events::Event;
use crate::gateways::Handed;
use crate::notices;
use crate::{Error, Result};

/// As many as a gateway that takes its full time for each can try within the lease.
const LEASED_AT_ONCE: i64 = 4;
const LEASE: TimeDelta = TimeDelta::seconds(60);

impl Runner {
    /// Sends what is due to all sinks, one after the other, until nothing is, or until `is_stopping`; answers how many were tried.
    ///
    /// # Errors
    /// The messages of a sink cannot be leased, written or put down; those that were not tried are given back.
    pub fn send_due(&self, is_stopping: impl Fn() -> bool) -> Result<usize> {
        Sink::ALL.iter().try_fold(0_usize, |tried, sink| {
            Ok(tried.saturating_add(self.send_due_to(*sink, &is_stopping)?))
        })
    }

    /// As [`Runner::send_due`], to one sink.
    pub(super) fn send_due_to(&self, sink: Sink, is_stopping: impl Fn() -> bool) -> Result<usize> {
        self.put_down_rest(sink)?;
        let mut tried = 0_usize;
        while !is_stopping() {
            let leased = self.lease(sink)?;
            if leased.is_empty() {
                break;
            }
            tried = tried.saturating_add(self.work_off(sink, &leased, &is_stopping)?);
        }
        Ok(tried)
    }

    /// Puts each down, whatever becomes of the others.
    fn work_off(&self, sink: Sink, leased: &[LeasedView], is_stopping: &impl Fn() -> bool) -> Result<usize> {
        let until = self.context.now().checked_add_signed(LEASE - sink.longest_try());
        let mut tried = 0_usize;
        let mut failure = None;
        for message in leased {
            let is_over = until.is_none_or(|until| self.context.now() > until);
            let is_passed_over = failure.is_some() || is_over || is_stopping() || self.is_left_alone(sink);
            let down = if is_passed_over {
                Ok(PutDown::Back)
            } else {
                self.try_to_send(sink, message)
            };
            let down = down.unwrap_or_else(|error| {
                failure.get_or_insert(error);
                PutDown::Back
            });
            tried = tried.saturating_add(usize::from(matches!(down, PutDown::Settled(_))));
            if let Err(error) = self.put_down(sink, Held::new(message, down)) {
                failure.get_or_insert(error);
            }
        }
        failure.map_or(Ok(tried), Err)
    }

    /// Whether nothing of a sink may be tried now.
    pub(super) fn is_left_alone(&self, sink: Sink) -> bool {
        self.stations.of(sink).breaker().is_open(self.context.now())
    }

    fn lease(&self, sink: Sink) -> Result<Vec<LeasedView>> {
        let now = self.context.now();
        let count = self.stations.of(sink).breaker().admits(LEASED_AT_ONCE, now);
        let database = self.context.database();
        if count == 0
            || !database.read("dispatch_is_due", |reader| {
                dispatches::is_due_unscoped(reader, sink.code(), now)
            })?
        {
            return Ok(Vec::new());
        }
        let lease = Lease {
            sink: sink.code(),
            by: self.name.clone(),
            at: now,
            until: now.checked_add_signed(LEASE).unwrap_or(now),
        };
        Ok(database.write("dispatch_lease", move |tx| {
            dispatches::lease_unscoped(tx, &lease, count)
        })?)
    }

    /// How a message is put down that was tried.
    ///
    /// # Errors
    /// It could not be tried, and that is not its fault.
    fn try_to_send(&self, sink: Sink, message: &LeasedView) -> Result<PutDown> {
        let patience = sink.patience(Event::from_code(&message.event));
        let chance = u32::try_from(chance()? >> 32).unwrap_or_default();
        // A worker that died in the middle of each try has used them up as well.
        let handed = if patience.is_spent(message.attempts.saturating_sub(1)) {
            let why = "given up in the middle of the last try".to_owned();
            Handed::from(Outcome::Retry { why, after: None })
        } else if message.is_doubtful && !patience.repeats_unknown && !self.knows_repetitions(sink) {
            let why = "a worker that sent it died before it knew the answer".to_owned();
            Handed::from(Outcome::Unknown { why })
        } else {
            match self.hand_over(sink, message)? {
                Some(handed) => handed,
                None => return Ok(PutDown::Back),
            }
        };
        let now = self.context.now();
        let Handed {
            outcome,
            receipt,
            is_repeatable,
        } = handed;
        // Of Click each call says it, of which a message makes several.
        if sink != Sink::Click {
            self.note(sink, &outcome, now);
        }
        let patience = Patience {
            repeats_unknown: patience.repeats_unknown || is_repeatable,
            ..patience
        };
        let (status, due_at) = match patience.after(message.attempts, &outcome, now, chance) {
            Fate::Over(status) => (sink.end(status), now),
            Fate::Again(due_at) => (DispatchStatus::Waiting, due_at),
        };
        report(message, status, &outcome);
        Ok(PutDown::Settled(Settlement {
            status,
            due_at,
            why: outcome.why().to_owned(),
            is_doubtful: match outcome {
                Outcome::Unknown { .. } => true,
                Outcome::Sent => false,
                Outcome::Retry { .. } | Outcome::Permanent { .. } | Outcome::Pointless { .. } => message.is_doubtful,
            },
            receipt: receipt.map(|receipt| (receipt.provider.code(), receipt.id)),
            at: now,
        }))
    }

    /// What the end of a try says of its sink.
    pub(super) fn note(&self, sink: Sink, outcome: &Outcome, now: DateTime<Utc>) {
        let mut breaker = self.stations.of(sink).breaker();
        match outcome {
            Outcome::Retry { .. } | Outcome::Unknown { .. } => breaker.note_failure(now),
            Outcome::Sent | Outcome::Permanent { .. } => breaker.note_answer(),
            Outcome::Pointless { .. } => {}
        }
    }

    fn knows_repetitions(&self, sink: Sink) -> bool {
        match sink {
            // A mailbox shows the same letter twice.
            Sink::Mail => false,
            Sink::Codes | Sink::Notices | Sink::Click => true,
            Sink::Sms => self.gateways.sms.knows_repetitions(),
        }
    }

    fn hand_over(&self, sink: Sink, message: &LeasedView) -> Result<Option<Handed>> {
        match sink {
            Sink::Mail => self.write_and_send(message, self.write_letter(message), |mail| {
                self.gateways.mail.send(mail).into()
            }),
            Sink::Codes | Sink::Notices => self.tell(message).map(Some),
            Sink::Sms => self.write_and_send(message, self.write_text(message), |sms| self.gateways.sms.send(sms)),
            Sink::Click => Ok(self.ask_click(message)?.map(Handed::from)),
        }
    }

    /// Sends what was written, once the database knows that a try begins; none when the lease was over by then.
    ///
    /// # Errors
    /// The database is away: no fault of the message.
    fn write_and_send<Message>(
        &self,
        message: &LeasedView,
        written: Result<Written<Message>>,
        send: impl FnOnce(&Message) -> Handed,
    ) -> Result<Option<Handed>> {
        let outcome = match written {
            Ok(Written::Ready(written)) => {
                let (id, by, now) = (message.id, self.name.clone(), self.context.now());
                let is_held = self
                    .context
                    .database()
                    .write("dispatch_begin", move |tx| dispatches::begin(tx, id, &by, now))?;
                return Ok(is_held.then(|| send(&written)));
            }
            Ok(Written::Pointless(why)) => Outcome::Pointless { why: why.to_owned() },
            Err(error) => fault(error)?,
        };
        Ok(Some(outcome.into()))
    }

    /// Writes the messages of an event; nothing leaves the process.
    fn tell(&self, message: &LeasedView) -> Result<Handed> {
        let outcome = match notices::tell(&self.context, message) {
            Ok(true) => Outcome::Sent,
            Ok(false) => Outcome::Pointless {
                why: "nobody is told of this event".to_owned(),
            },
            Err(error) => fault(error)?,
        };
        Ok(outcome.into())
    }
}

/// What a fault of ours means for the message.
///
/// # Errors
/// The database is away: no fault of the message.
pub(super) fn fault(error: Error) -> Result<Outcome> {
    match error {
        Error::Storage(StorageError::Busy(_)) => Err(error),
        Error::Storage(error) => Ok(Outcome::Retry {
            why: error.to_string(),
            after: None,
        }),
        error => Ok(Outcome::Permanent { why: error.to_string() }),
    }
}

/// What the sink said goes to the log; what the message says and to whom does not.
fn report(message: &LeasedView, status: DispatchStatus, outcome: &Outcome) {
    match status {
        DispatchStatus::Failed | DispatchStatus::Dead | DispatchStatus::Unknown => report_end(message, status, outcome),
        DispatchStatus::Waiting | DispatchStatus::Leased => report_failure(message, outcome),
        DispatchStatus::Sent | DispatchStatus::Dismissed => {}
    }
}

fn report_end(message: &LeasedView, status: DispatchStatus, outcome: &Outcome) {
    let (id, tries, event, why) = (message.id, message.attempts, message.event.as_str(), outcome.why());
    tracing::error!(dispatch.id = %id, event, tries, why, "Message {id} is {status}: {why}");
}

fn report_failure(message: &LeasedView, outcome: &Outcome) {
    let (id, tries, event, why) = (message.id, message.attempts, message.event.as_str(), outcome.why());
    tracing::warn!(dispatch.id = %id, event, tries, why, "Message {id} will be tried again: {why}");
}
