//! What the log says of a request: one span, and one event when it has been answered.
//!
//! Method, route pattern, status, latency, request id and the address of the client. Deliberately absent: the path with its ids, the query, headers and
//! bodies, which may hold secrets and contact data.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

use crate::guards::RequestId;
use crate::metrics::Traffic;
use crate::{routes, shell};

/// Builds the span of a request and gives the request its id.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let sent = request
            .headers()
            .get(RequestId::HEADER)
            .and_then(|value| value.to_str().ok());
        let id = RequestId::take_or_make(sent);
        let asked = Asked {
            received: Instant::now(),
            method: request.method().clone(),
            route: route(request),
            traffic: request.app_data::<Data<Traffic>>().cloned(),
        };
        let span = tracing::info_span!(
            "request",
            request_id = %id.0,
            method = %asked.method,
            route = asked.route,
            client = %shell::client(request.request()),
        );
        request.extensions_mut().insert(id);
        request.extensions_mut().insert(asked);
        span
    }

    fn on_request_end<B: MessageBody>(_span: Span, _outcome: &Result<ServiceResponse<B>, Error>) {
        // The event of the answer is `edge`'s, which also sees what panicked.
    }
}

/// The path of the route that the address belongs to.
fn route(request: &ServiceRequest) -> String {
    routes::path_of(request.request()).unwrap_or_else(|| "unknown".to_owned())
}

/// What may be said of a request.
pub(crate) struct Asked {
    received: Instant,
    method: Method,
    route: String,
    traffic: Option<Data<Traffic>>,
}

impl Asked {
    /// That of a request, which is noted once.
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        let noted = request.extensions_mut().remove::<Self>();
        noted.unwrap_or_else(|| Self {
            received: Instant::now(),
            method: request.method().clone(),
            route: route(request),
            traffic: request.app_data::<Data<Traffic>>().cloned(),
        })
    }

    /// Logs and counts that it has been answered.
    pub(crate) fn answered(&self, status: StatusCode) {
        let Self {
            received,
            method,
            route,
            traffic,
        } = self;
        let elapsed = received.elapsed();
        if let Some(traffic) = traffic {
            traffic.note(method, route, status, elapsed);
        }
        let latency_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        let status = status.as_u16();
        tracing::info!(target: "savdo_api::access", status, latency_us, "{method} {route} answered {status}");
    }
}
