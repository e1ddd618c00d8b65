//! What the log says of a request: one span, and one event when it has been answered.
//!
//! Method, route pattern, status, latency and request id. Deliberately absent: the path with its ids, the query, headers and
//! bodies, which may hold secrets and contact data.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::{Error, HttpMessage};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

use crate::guards::RequestId;

/// Builds the span of a request and gives the request its id.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let sent = request
            .headers()
            .get(RequestId::HEADER)
            .and_then(|value| value.to_str().ok());
        let id = RequestId::take_or_make(sent);
        let span = tracing::info_span!(
            "request",
            request_id = %id.0,
            method = %request.method(),
            route = route(request),
        );
        request.extensions_mut().insert(id);
        span
    }

    fn on_request_end<B: MessageBody>(_span: Span, _outcome: &Result<ServiceResponse<B>, Error>) {
        // The event of the answer is `edge`'s, which also sees what panicked.
    }
}

/// The pattern that the address belongs to, the same with and without its last slash.
fn route(request: &ServiceRequest) -> String {
    request.match_pattern().unwrap_or_else(|| "unknown".to_owned())
}

/// Logs that the request of the current span has been answered.
pub(crate) fn answered(received: Instant, status: StatusCode) {
    let latency_us = u64::try_from(received.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = status.as_u16();
    tracing::info!(target: "savdo_api::access", status, latency_us, "Answered {status}");
}
