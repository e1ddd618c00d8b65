//! Providers of payments call us: each in its own protocol, at an address that stands outside the usual layers.
//!
//! Nothing of a call is judged before its handler: no token, no content type, no limit, no idempotency key. Whatever goes wrong is said in the
//! provider's own envelope, with the status that its protocol wants. Deliberately absent: what a call does.

pub mod payme;

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::time::timeout;
use actix_web::web;
use savdo_services::Context;
use savdo_services::desks::Desks;

use crate::blocking;
use crate::routes::Route;

/// The routes of all providers.
#[must_use]
pub fn routes() -> Vec<Route> {
    payme::routes()
}

/// The desks that a call is judged by. `None` where the database does not tell them in time: that is a failure of ours, whoever calls.
async fn desks(context: &web::Data<Context>, within: Duration) -> Option<Arc<Desks>> {
    if let Some(desks) = context.desks_at_hand() {
        return Some(desks);
    }
    timeout(within, blocking::run(context, Context::desks)).await.ok()?.ok()
}
