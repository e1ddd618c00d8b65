//! Work of a request: its answer is rendered, and kept where the request carried a key.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::access::Actor;
use savdo_domain::zone::Zone;
use savdo_persistence::idempotency::{self, Found, RequestKey, StoredAnswer};
use savdo_persistence::{Error as StorageError, Tx};

use super::Once;
use super::key::{Key, mark};
use crate::{Context, Error, Result};

/// An answer as it goes out. This crate keeps it and does not read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The code of the answer; one of success, or it is not kept.
    pub status: u16,
    /// What is said beside the body: names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether it was given before.
    pub is_replayed: bool,
}

type Render<V> = dyn Fn(V) -> Answer + Send + Sync;

/// Work whose outcome is rendered into an answer, once for its key.
pub struct Rendered<V> {
    key: Option<Key>,
    render: Arc<Render<V>>,
}

impl<V> Rendered<V> {
    /// Work with this key, or without any. `render` may run inside the transaction: it only computes.
    pub fn new(key: Option<Key>, render: impl Fn(V) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            key,
            render: Arc::new(render),
        }
    }
}

impl<V: Send + 'static> Once<V> for Rendered<V> {
    type Answer = Answer;

    fn earlier(&self, context: &Context, actor: &Actor) -> Result<Option<Answer>> {
        let Some(key) = &self.key else { return Ok(None) };
        let answer = stored(context, key, key.of(actor))?;
        if answer.is_some() {
            context.replayed();
        }
        Ok(answer)
    }

    fn write<F>(&self, context: &Context, actor: &Actor, name: &'static str, work: F) -> Result<Answer>
    where
        F: Fn(&mut Tx<'_>) -> Result<V> + Send + 'static,
    {
        let Some(key) = self.key.clone() else {
            return context
                .database()
                .write(name, work)
                .map(|outcome| (self.render)(outcome));
        };
        let request = key.of(actor);
        let _flight = context.in_flight().begin(&request).ok_or(Error::KeyInFlight)?;
        let render = Arc::clone(&self.render);
        let now = context.now();
        let (wanted, sent) = (request.clone(), key.clone());
        let outcome = context
            .database()
            .write(name, move |tx| match idempotency::take(tx, &wanted, mark(&wanted))? {
                Found::Answered(stored) => again(stored, &sent),
                Found::Running => Err(Error::KeyInFlight),
                Found::First => {
                    let answer = render(work(tx)?);
                    keep(tx, &wanted, &sent, &answer, now)?;
                    Ok(answer)
                }
            });
        let outcome = match outcome {
            // Another server may have answered the same request since it was looked up here: then that is the answer.
            Err(error @ (Error::Refused(_) | Error::Storage(StorageError::Refused(_)))) => {
                stored(context, &key, request)?.ok_or(error)
            }
            outcome => outcome,
        };
        outcome.inspect(|answer| {
            if answer.is_replayed {
                context.replayed();
            }
        })
    }
}

/// The answer that is kept of a request.
fn stored(context: &Context, key: &Key, request: RequestKey) -> Result<Option<Answer>> {
    let stored = context
        .database()
        .read("idempotency", move |reader| idempotency::stored(reader, &request))?;
    stored.map(|stored| again(stored, key)).transpose()
}

/// The first answer, to the letter.
fn again(stored: StoredAnswer, key: &Key) -> Result<Answer> {
    if stored.body_hash != key.body_seal() {
        return Err(Error::KeyReused);
    }
    Ok(Answer {
        status: u16::try_from(stored.status).context("a kept answer has a code")?,
        headers: serde_json::from_str(&stored.headers).context("a kept answer has headers")?,
        body: stored.body.into_bytes(),
        is_replayed: true,
    })
}

fn keep(tx: &mut Tx<'_>, request: &RequestKey, key: &Key, answer: &Answer, now: DateTime<Utc>) -> Result<()> {
    let stored = StoredAnswer {
        body_hash: key.body_seal().to_owned(),
        status: answer.status.into(),
        headers: serde_json::to_string(&answer.headers).context("headers are text")?,
        body: String::from_utf8(answer.body.clone()).context("an answer to be kept is text")?,
    };
    let day = Zone::default().day(now);
    idempotency::insert(tx, request, &stored, (day, now))?;
    Ok(())
}
