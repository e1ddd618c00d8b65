//! The one error type of the HTTP layer.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use savdo_domain::Refusal;
use savdo_domain::account::Language;

use crate::dialect::Dialect;
use crate::guards::RequestId;
use crate::{messages, refusals};

/// A request that got no success, before it is written in a dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The trade says no.
    Refused(Refusal),
    /// The body is no acceptable JSON.
    MalformedBody,
    /// The body is of another media type.
    UnsupportedMediaType,
    /// The body is too large.
    BodyTooLarge,
    /// The body is too large for a picture.
    ImageTooLarge,
    /// The address is too long.
    UrlTooLong,
    /// The headers are too large.
    HeadersTooLarge,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// The idempotency key is none.
    KeyInvalid,
    /// The idempotency key came before, with another body.
    KeyReused,
    /// The first request with this idempotency key still runs.
    KeyInFlight,
    /// No such URL.
    NotFound,
    /// A page past the end, in the pharmacy API.
    InvalidPage,
    /// The URL has other methods, named in `Allow`.
    MethodNotAllowed {
        /// The methods, by comma.
        allow: String,
    },
    /// Done too often.
    Throttled {
        /// When there is room again, in seconds.
        retry_after_seconds: u64,
    },
    /// A phone asked for a code too soon after another, or too often.
    CodeTooSoon {
        /// When there is room again, in seconds.
        retry_after_seconds: u64,
    },
    /// The database or other slow work cannot take the request now.
    Busy,
    /// No room is left on the disk.
    StorageFull,
    /// A fault of ours, already logged.
    Internal,
}

impl Problem {
    /// A fault of ours: logged here, once; the caller learns nothing but the request id.
    #[must_use]
    pub fn internal(cause: &dyn fmt::Display) -> Self {
        tracing::error!(error = %cause, "Request failed: {cause}");
        Self::Internal
    }

    /// The stable code; `None` for field errors.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::MalformedBody => Some("malformed_body"),
            Self::UnsupportedMediaType => Some("unsupported_media_type"),
            Self::BodyTooLarge => Some("body_too_large"),
            Self::ImageTooLarge => Some("image_too_large"),
            Self::UrlTooLong => Some("url_too_long"),
            Self::HeadersTooLarge => Some("headers_too_large"),
            Self::BodyTooSlow => Some("request_timeout"),
            Self::KeyInvalid => Some("idempotency_key_invalid"),
            Self::KeyReused => Some("idempotency_key_reused"),
            Self::KeyInFlight => Some("idempotency_in_flight"),
            Self::NotFound => Some("not_found"),
            Self::InvalidPage => Some("invalid_page"),
            Self::MethodNotAllowed { .. } => Some("method_not_allowed"),
            Self::Throttled { .. } => Some("throttled"),
            Self::CodeTooSoon { .. } => Some("otp_too_soon"),
            Self::Busy => Some("busy"),
            Self::StorageFull => Some("storage_full"),
            Self::Internal => Some("internal_error"),
        }
    }

    /// The status, in every dialect the same.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => refusals::status(refusal),
            Self::MalformedBody | Self::KeyInvalid => StatusCode::BAD_REQUEST,
            Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::KeyInFlight => StatusCode::CONFLICT,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge | Self::ImageTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UrlTooLong => StatusCode::URI_TOO_LONG,
            Self::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotFound | Self::InvalidPage => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Throttled { .. } | Self::CodeTooSoon { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code().unwrap_or("validation"))
    }
}

impl From<savdo_services::Error> for Problem {
    fn from(error: savdo_services::Error) -> Self {
        use savdo_services::{Error, StorageError};
        match error {
            Error::Refused(refusal) => Self::Refused(refusal),
            Error::KeyReused => Self::KeyReused,
            Error::KeyInFlight => Self::KeyInFlight,
            Error::Throttled { retry_after_seconds } => Self::Throttled { retry_after_seconds },
            Error::CodeTooSoon { retry_after_seconds } => Self::CodeTooSoon { retry_after_seconds },
            Error::Overloaded => Self::Busy,
            Error::Storage(StorageError::Busy(cause)) => {
                tracing::warn!(%cause, "Request turned away: {cause}");
                Self::Busy
            }
            Error::Storage(StorageError::StorageFull) => Self::StorageFull,
            other @ (Error::Storage(_) | Error::Unexpected(_)) => Self::internal(&other),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// The answer in the general shape; `edge` writes it anew in the dialect of the path.
    fn error_response(&self) -> HttpResponse {
        messages::write(self, Dialect::Shop, Language::default(), &RequestId::take_or_make(None))
    }
}
