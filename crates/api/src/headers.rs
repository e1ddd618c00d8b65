//! What every answer says beside its body: to browsers, to caches, to pages of other origins.
//!
//! A handler may say more strictly or more loosely for its own answer (the viewer of the documentation is a page, a public
//! list may be cached): what it set stays.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CACHE_CONTROL,
    CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;

use crate::dialect::Dialect;
use crate::edge::NO_STORE;
use crate::guards::RequestId;
use crate::problem::Problem;
use crate::shell::Shell;

/// Longer addresses are refused: the longest of ours is a list with all its filters.
const URL_MAX: usize = 8 * 1024;
/// More bytes of headers are refused; the largest of ours is a token.
const HEADERS_MAX: usize = 32 * 1024;

/// An answer that is no page: nothing in it is to be run or framed.
const INERT: &str = "default-src 'none'; frame-ancestors 'none'";
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const TLS_ONLY: &str = "max-age=31536000";

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
const TAKEN: &str = "Authorization, Content-Type, Idempotency-Key, X-Idempotency-Key, X-Request-Id, Accept-Language, \
                     If-None-Match, Last-Event-ID";
const EXPOSED: &str = "Link, X-Total-Count, Retry-After, X-Request-Id, Idempotent-Replayed, ETag, Content-Disposition";
const PREFLIGHT_SECONDS: &str = "86400";

/// What a request decides about the headers of its answer.
#[derive(Debug, Clone)]
pub(crate) struct Framing {
    request_id: RequestId,
    is_signed_in: bool,
    /// The origin of the calling page, if it is one of those that may.
    origin: Option<HeaderValue>,
    demands_tls: bool,
    /// The language of its words, where it may hold some.
    language: Option<Language>,
}

impl Framing {
    /// Of a request that was given this id and reads this language.
    pub(crate) fn of(request: &ServiceRequest, request_id: RequestId, language: Language) -> Self {
        let shell = Shell::of(request.request());
        let origin = request.headers().get(ORIGIN).cloned();
        Self {
            request_id,
            is_signed_in: request.headers().contains_key(AUTHORIZATION),
            origin: origin.filter(|origin| origin.to_str().is_ok_and(|origin| shell.admits(origin))),
            demands_tls: shell.demands_tls && shell.is_secure(request.request()),
            language: Dialect::speaks(request.path()).then_some(language),
        }
    }

    /// Whether it asks, before the real request, if that may be sent.
    pub(crate) fn is_preflight(&self, request: &ServiceRequest) -> bool {
        self.origin.is_some()
            && request.method() == Method::OPTIONS
            && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Says what a page of the calling origin may send.
    pub(crate) fn permit(headers: &mut HeaderMap) {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(TAKEN));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_SECONDS));
    }

    /// Adds what every answer says.
    pub(crate) fn frame(&self, headers: &mut HeaderMap) {
        if let Ok(id) = HeaderValue::from_str(&self.request_id.0) {
            headers.insert(HeaderName::from_static(RequestId::HEADER), id);
        }
        let mut unless_said = |name: HeaderName, value: &'static str| {
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        };
        unless_said(X_CONTENT_TYPE_OPTIONS, "nosniff");
        unless_said(REFERRER_POLICY, "no-referrer");
        unless_said(CONTENT_SECURITY_POLICY, INERT);
        unless_said(OPENER_POLICY, "same-origin");
        unless_said(RESOURCE_POLICY, "same-origin");
        if self.is_signed_in {
            unless_said(CACHE_CONTROL, NO_STORE);
        }
        if self.demands_tls {
            unless_said(STRICT_TRANSPORT_SECURITY, TLS_ONLY);
        }
        if let Some(language) = self.language {
            unless_said(CONTENT_LANGUAGE, language.code());
        }
        // A cache must not hand the answer to one origin to another, nor the words of one language to who reads another.
        let varies = self.language.map_or("Origin", |_| "Accept-Language, Origin");
        headers.append(VARY, HeaderValue::from_static(varies));
        if let Some(origin) = self.origin.clone() {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        }
    }
}

/// Refuses an address or headers that are longer than any of ours.
pub(crate) fn too_long(request: &ServiceRequest) -> Option<Problem> {
    let of_url = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    let of_headers = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len());
    if of_url > URL_MAX {
        Some(Problem::UrlTooLong)
    } else {
        (of_headers.sum::<usize>() > HEADERS_MAX).then_some(Problem::HeadersTooLarge)
    }
}
