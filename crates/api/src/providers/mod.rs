//! Providers of payments call us: each in its own protocol, at an address that stands outside the usual layers.
//!
//! Nothing of a call is judged before its handler: no token, no content type, no limit, no idempotency key. Whatever goes wrong is said in the
//! provider's own envelope, with the status that its protocol wants. Deliberately absent: what a call does.

pub mod click;
mod object;
pub mod payme;

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::rt::time::timeout;
use actix_web::web::{self, Bytes, Payload};
use savdo_services::Context;
use savdo_services::desks::Desks;

use crate::blocking;
use crate::dialect::Protocol;
use crate::extract::{BodyLimits, read_body};
use crate::routes::Route;

/// The most bytes of a call.
const BYTES_MAX: usize = 64 * 1024;
/// A longer value is not logged.
const LOGGED_MAX: usize = 300;
/// What a log has in the place of a value that it must not or need not know.
const MASKED: &str = "***";

/// A call is answered within this, counted from when its head is here: its body, the desks and its work take that long together.
#[derive(Debug, Clone, Copy)]
pub struct Within(pub Duration);

impl Within {
    /// That of the application, which is the contract's unless a test wants another.
    fn of(request: &HttpRequest) -> Duration {
        request.app_data::<Self>().copied().unwrap_or_default().0
    }
}

impl Default for Within {
    fn default() -> Self {
        Self(Duration::from_secs(10))
    }
}

/// The routes of all providers.
#[must_use]
pub fn routes() -> Vec<Route> {
    [payme::routes(), click::routes()].into_iter().flatten().collect()
}

/// What is said where a failure of ours left nothing of the call; `None` where that may have told of a debit, after which no code fits.
pub(crate) fn failure(protocol: Protocol) -> Option<String> {
    match protocol {
        Protocol::Payme => Some(payme::failure()),
        Protocol::ClickPrepare => Some(click::failure()),
        Protocol::ClickComplete => None,
    }
}

/// The body of a call; `None` for one that is too large, or is not here whole in time.
async fn arrived(request: &HttpRequest, payload: Payload) -> Option<Bytes> {
    let limits = BodyLimits::of(request, BYTES_MAX);
    let arrived = timeout(Within::of(request), read_body(payload.into_inner(), limits)).await;
    arrived.ok()?.ok()
}

/// The desks that a call is judged by. `None` where the database does not tell them in time: that is a failure of ours, whoever calls.
async fn desks(context: &web::Data<Context>, within: Duration) -> Option<Arc<Desks>> {
    if let Some(desks) = context.desks_at_hand() {
        return Some(desks);
    }
    timeout(within, blocking::run(context, Context::desks)).await.ok()?.ok()
}
