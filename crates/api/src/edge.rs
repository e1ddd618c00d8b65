//! The outermost layer of the application: request id, caught panics, errors written in the dialect of their path, and the
//! one line that the log gets of every request.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError, web};
use futures_util::FutureExt;
use savdo_domain::account::Language;
use savdo_services::health;

use crate::dialect::Dialect;
use crate::extract::InLanguage;
use crate::guards::RequestId;
use crate::headers::{self, Framing};
use crate::messages;
use crate::pharmacy::legacy;
use crate::problem::Problem;
use crate::trace::Asked;

/// Of an answer that no cache may keep.
pub(crate) const NO_STORE: &str = "no-store";

/// Gives the request its id, runs it, and writes whatever went wrong in the dialect of its path.
///
/// # Errors
/// None of ours: an error that is no [`Problem`] is actix's own and passes through.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = Asked::of(&request);
    let dialect = Dialect::of(request.path());
    let id = request.extensions().get::<RequestId>().cloned();
    let id = id.unwrap_or_else(|| {
        let sent = request
            .headers()
            .get(RequestId::HEADER)
            .and_then(|value| value.to_str().ok());
        RequestId::take_or_make(sent)
    });
    request.extensions_mut().insert(id.clone());
    let watch = request.app_data::<web::Data<health::Watch>>().cloned();
    let language = InLanguage::of(request.headers()).0;
    let framing = Framing::of(&request, id.clone(), language);
    let mut response = if let Some(problem) = headers::too_long(&request) {
        request.into_response(messages::write(&problem, dialect, language, &id))
    } else if !dialect.is_a_providers() && framing.is_preflight(&request) {
        let mut response = HttpResponse::NoContent().finish();
        Framing::permit(response.headers_mut());
        request.into_response(response)
    } else {
        match AssertUnwindSafe(next.call(request)).catch_unwind().await {
            Ok(response) => rewritten(response?, dialect, language, &id),
            Err(_) => {
                // The panic has been logged where it happened.
                let problem = Problem::Internal;
                asked.answered(dialect.status(&problem));
                return Err(Panicked {
                    problem,
                    dialect,
                    language,
                    id,
                    framing,
                }
                .into());
            }
        }
    };
    framing.frame(response.headers_mut());
    // Whoever kept a connection learns in time that it will not last.
    if watch.is_some_and(|watch| watch.is_draining()) {
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    asked.answered(response.status());
    Ok(response)
}

/// Replaces an error's body by that of its dialect, actix's own errors included.
fn rewritten(
    response: ServiceResponse<impl MessageBody + 'static>,
    dialect: Dialect,
    language: Language,
    id: &RequestId,
) -> ServiceResponse<BoxBody> {
    let problem = response
        .response()
        .error()
        .map(|error| match error.as_error::<Problem>() {
            Some(problem) => problem.clone(),
            None if response.status().is_client_error() => Problem::MalformedBody,
            None => Problem::internal(error),
        });
    let Some(problem) = problem else {
        return response.map_into_boxed_body();
    };
    let answer = messages::write(&problem, dialect, language, id);
    let answer = legacy::refused(response.request(), &problem, answer);
    response.into_response(answer)
}

/// A panic in a handler: the request it belonged to is gone, so the answer is carried in the error.
#[derive(Debug)]
struct Panicked {
    problem: Problem,
    dialect: Dialect,
    language: Language,
    id: RequestId,
    framing: Framing,
}

impl std::fmt::Display for Panicked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a handler panicked")
    }
}

impl ResponseError for Panicked {
    fn status_code(&self) -> actix_web::http::StatusCode {
        self.dialect.status(&self.problem)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = messages::write(&self.problem, self.dialect, self.language, &self.id);
        self.framing.frame(response.headers_mut());
        response
    }
}
