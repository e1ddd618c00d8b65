//! Putting down the messages that this worker holds.
//!
//! What the database does not take is kept and put down first of all at the next look for work: so that a message that went out is not
//! sent again, and one that did not waits for no lease. A worker that dies in between leaves its messages to whoever finds
//! their lease over; such a message may come twice, and the try counts, so that one which kills every worker is given up.

use std::sync::PoisonError;

use savdo_domain::coded::Coded;
use savdo_domain::dispatch::DispatchStatus;
use savdo_domain::ids::{DispatchId, EventId};
use savdo_persistence::dispatches::{self, LeasedView, Settlement};

use super::{Runner, Sink};
use crate::events::{self, Event, News};
use crate::{Error, Result};

/// What people are told when a message of such an event is given up.
const ALARMS: [(Event, Event); 2] = [
    (Event::ReversalRequested, Event::ReversalFailed),
    (Event::FiscalDue, Event::FiscalFailed),
];

/// A message that this worker holds, and how it is put down.
#[derive(Clone)]
pub(super) struct Held {
    id: DispatchId,
    event_id: EventId,
    down: PutDown,
    /// What people are told along with it.
    alarm: Option<News>,
}

/// How a message is put down.
#[derive(Clone)]
pub(super) enum PutDown {
    /// It was not tried.
    Back,
    /// It was tried.
    Settled(Settlement),
}

impl Held {
    /// A message, to be put down so.
    pub(super) fn new(message: &LeasedView, down: PutDown) -> Self {
        let is_given_up = matches!(&down, PutDown::Settled(settled) if settled.status == DispatchStatus::Dead);
        Self {
            id: message.id,
            event_id: message.event_id,
            down,
            alarm: is_given_up.then(|| alarm(message)).flatten(),
        }
    }
}

impl Runner {
    /// Puts down what the database did not take before of a sink's messages.
    pub(super) fn put_down_rest(&self, sink: Sink) -> Result<()> {
        let held = &self.stations.of(sink).held;
        let rest = std::mem::take(&mut *held.lock().unwrap_or_else(PoisonError::into_inner));
        let done: Vec<_> = rest.into_iter().map(|held| self.put_down(sink, held)).collect();
        done.into_iter().collect()
    }

    /// Puts a message down, or keeps it in mind.
    pub(super) fn put_down(&self, sink: Sink, held: Held) -> Result<()> {
        let done = match &held.down {
            PutDown::Back => self.give_back(held.id),
            PutDown::Settled(settlement) => self.settle(&held, settlement.clone()),
        };
        let rest = &self.stations.of(sink).held;
        done.inspect_err(|_| rest.lock().unwrap_or_else(PoisonError::into_inner).push(held))
    }

    fn settle(&self, held: &Held, settlement: Settlement) -> Result<()> {
        let (id, event_id, by, alarm) = (held.id, held.event_id, self.name.clone(), held.alarm.clone());
        let is_held = self.context.database().write("dispatch_settle", move |tx| {
            let is_held = dispatches::settle(tx, id, &by, &settlement)?;
            match settlement.status {
                DispatchStatus::Sent | DispatchStatus::Failed | DispatchStatus::Dismissed if is_held => {
                    dispatches::forget_secret(tx, event_id)?;
                }
                // What was given up may be sent again by hand, as long as the secret lives.
                DispatchStatus::Sent
                | DispatchStatus::Failed
                | DispatchStatus::Dismissed
                | DispatchStatus::Waiting
                | DispatchStatus::Leased
                | DispatchStatus::Dead
                | DispatchStatus::Unknown => {}
            }
            if let Some(alarm) = alarm.as_ref().filter(|_| is_held) {
                events::publish(tx, settlement.at, alarm)?;
            }
            Ok::<_, Error>(is_held)
        })?;
        if !is_held {
            tracing::warn!(dispatch.id = %id, "Message {id} was taken over while it was being sent");
        }
        Ok(())
    }

    fn give_back(&self, id: DispatchId) -> Result<()> {
        let (by, now) = (self.name.clone(), self.context.now());
        Ok(self
            .context
            .database()
            .write("dispatch_give_back", move |tx| dispatches::give_back(tx, id, &by, now))?)
    }
}

/// What people are told of a message that is given up: that money did not go back, that a sale is not registered.
fn alarm(message: &LeasedView) -> Option<News> {
    let asked = Event::from_code(&message.event)?;
    let (_, event) = ALARMS.into_iter().find(|(of, _)| *of == asked)?;
    Some(News {
        store_id: message.store_id?,
        event,
        subject: ("provider_transaction", message.subject_id),
        payload: serde_json::from_str(&message.payload).unwrap_or_default(),
    })
}
