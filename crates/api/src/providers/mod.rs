//! Providers of payments call us: each in its own protocol, at an address that stands outside the usual layers.
//!
//! Nothing of a call is judged before its handler: no token, no content type, no limit, no idempotency key. Whatever goes wrong is said in the
//! provider's own envelope, with the status that its protocol wants. Deliberately absent: what a call does.

pub mod payme;

use crate::routes::Route;

/// The routes of all providers.
#[must_use]
pub fn routes() -> Vec<Route> {
    payme::routes()
}
