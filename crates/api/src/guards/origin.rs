//! Where a request comes from.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::USER_AGENT;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use savdo_domain::access::Origin;
use uuid::Uuid;

use crate::problem::Problem;
use crate::shell;

const USER_AGENT_MAX: usize = 300;

/// The id of a request: the caller's own if it is plain enough, else a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    /// The header that carries it both ways.
    pub const HEADER: &'static str = "x-request-id";

    /// Takes over `X-Request-Id` if it is 8 to 64 of `[A-Za-z0-9-]`, else makes one.
    #[must_use]
    pub fn take_or_make(sent: Option<&str>) -> Self {
        let is_plain = |id: &&str| {
            (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        Self(
            sent.filter(is_plain)
                .map_or_else(|| Uuid::new_v4().to_string(), str::to_owned),
        )
    }

    /// The id that this request was given when it came in.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self::take_or_make(None))
    }
}

/// Address, program and id of the request.
#[derive(Debug, Clone)]
pub struct RequestOrigin(pub Origin);

impl RequestOrigin {
    /// Reads them off a request. The address is the peer's, or that of whom a trusted
    /// proxy serves.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let user_agent = request
            .headers()
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        Self(Origin {
            ip: shell::client(request).to_string(),
            user_agent: user_agent.chars().take(USER_AGENT_MAX).collect(),
            request_id: RequestId::of(request).0,
        })
    }
}

impl FromRequest for RequestOrigin {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

#[cfg(test)]
mod tests {
    use super::RequestId;

    #[test]
    fn only_a_plain_request_id_is_taken_over() {
        assert_eq!(RequestId::take_or_make(Some("abc-12345")).0, "abc-12345");
        for other in ["short", "has space 123", "line\nbreak-123", &"x".repeat(65)] {
            assert_ne!(RequestId::take_or_make(Some(other)).0, other);
        }
    }
}
