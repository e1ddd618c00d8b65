//! The one way from a handler to a use-case.

use std::fs::File;
use std::io::{self, Read};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::rt::time::sleep;
use actix_web::web::{self, Bytes};
use futures_util::future::{Either, select};
use futures_util::stream::{self, Stream};
use savdo_services::Context;

use crate::metrics::AtWork;
use crate::problem::Problem;

/// Runs a use-case, which blocks, on a thread made for that.
///
/// Work that finds no thread within the time that a connection may be waited for is turned away and never begins, so that
/// nothing piles up behind a slow database; work that has begun is waited for. Work whose caller has gone before it began
/// is dropped too.
///
/// # Errors
/// What the use-case answers, as a [`Problem`]; [`Problem::Busy`] when it was turned away.
pub async fn run<T, F>(context: &web::Data<Context>, work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce(&Context) -> savdo_services::Result<T> + Send + 'static,
{
    let context = context.get_ref().clone();
    let patience = context.database().settings().checkout_timeout;
    let turn = Turn::default();
    let waiting = Waiting(turn.clone());
    let span = tracing::Span::current();
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one helper through which blocking work is reached"
    )]
    let job = web::block(move || {
        let _at_work = AtWork::begin();
        turn.take().then(|| span.in_scope(|| work(&context)))
    });
    let mut job = pin!(job);
    let outcome = match select(job.as_mut(), pin!(sleep(patience))).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) if waiting.0.take() => {
            tracing::warn!("Request turned away: no thread was free in time");
            return Err(Problem::Busy);
        }
        Either::Right(_) => job.await,
    };
    match outcome {
        Ok(Some(outcome)) => outcome.map_err(Problem::from),
        Ok(None) => Err(Problem::Busy),
        // It panicked, and that has been logged where it happened.
        Err(_) => Err(Problem::Internal),
    }
}

/// So many bytes of a file are in memory for each who reads it.
const PIECE: u64 = 64 * 1024;

/// The first `length` bytes of a file, piece by piece as they are asked for.
pub(crate) fn pieces(file: File, length: u64) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((file, length), |(mut file, left)| async move {
        let size = usize::try_from(left.min(PIECE)).unwrap_or_default();
        if size == 0 {
            return Ok(None);
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "a piece of a file is read on a thread made for that, and asks no use-case"
        )]
        let read = web::block(move || -> io::Result<_> {
            let mut piece = vec![0; size];
            file.read_exact(&mut piece)?;
            Ok((file, piece))
        });
        let (file, piece) = read.await.map_err(io::Error::other)??;
        Ok(Some((Bytes::from(piece), (file, left.saturating_sub(PIECE)))))
    })
}

/// Taken once: by the thread that begins the work, or by the caller who gives it up.
#[derive(Debug, Clone, Default)]
struct Turn(Arc<AtomicBool>);

impl Turn {
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::SeqCst)
    }
}

/// A caller who waits; gone, he gives up what has not begun.
struct Waiting(Turn);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.take();
    }
}
