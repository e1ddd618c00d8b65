//! A signed-in caller, as a handler asks for him.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use savdo_domain::access::Actor;

use crate::guards::entrance::Caller;
use crate::problem::Problem;
use crate::routes;

/// The caller, whom the entrance let in.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Actor);

/// The caller if he holds a live access token; anything else counts as nobody.
#[derive(Debug, Clone)]
pub struct MaybeSignedIn(pub Option<Actor>);

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let actor = caller(request);
        ready(actor.map(Self).ok_or_else(|| {
            let path = routes::path_of(request).unwrap_or_default();
            Problem::internal(&format!(
                "the row of {path} lets nobody in, but its handler asks for a caller"
            ))
        }))
    }
}

impl FromRequest for MaybeSignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(caller(request))))
    }
}

fn caller(request: &HttpRequest) -> Option<Actor> {
    request.extensions().get::<Caller>().map(|caller| caller.0.clone())
}
