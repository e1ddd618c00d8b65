//! What the system sends to a process that shall stop.

use std::io;
use std::pin::pin;

use futures_util::future::select;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM and SIGINT, heeded from the moment this is made.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Heeds them from now on.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the first of them.
    pub(crate) async fn received(mut self) {
        let (terminated, interrupted) = (pin!(self.terminate.recv()), pin!(self.interrupt.recv()));
        select(terminated, interrupted).await;
    }
}
