//! Answers that anybody may keep for a moment and ask for again by their tag (pharmacy.md 1.1, RFC 9110 8.8.3 and 13.1.2).

use std::hash::{DefaultHasher, Hasher};

use actix_web::body::MessageBody;
use actix_web::http::header::{
    AUTHORIZATION, CACHE_CONTROL, ETAG, EntityTag, Header, HeaderMap, HeaderValue, IfNoneMatch,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

/// How long the public catalogue may be kept without asking again.
const FRESH: &str = "max-age=15";

/// What a page of the catalogue shows, with status 200: to all customers the same, to staff perhaps more.
#[derive(Debug, Clone)]
pub struct Shown {
    headers: HeaderMap,
    body: Bytes,
    tag: EntityTag,
}

impl Shown {
    /// What this answer shows.
    #[must_use]
    pub fn of(response: HttpResponse) -> Self {
        let (response, body) = response.into_parts();
        let body = body.try_into_bytes().unwrap_or_default();
        Self {
            headers: response.headers().clone(),
            tag: tag(&body),
            body,
        }
    }

    /// The answer to this request. Whoever is not signed in may keep it, and is told 304 where he has it already. One that was read
    /// with a token stays with its reader and is not kept.
    #[must_use]
    pub fn answer(self, request: &HttpRequest) -> HttpResponse {
        let is_public = !request.headers().contains_key(AUTHORIZATION);
        let is_known = is_public && is_known(request, &self.tag);
        let mut response = if is_known {
            HttpResponse::NotModified().finish()
        } else {
            let mut response = HttpResponse::Ok().body(self.body);
            *response.headers_mut() = self.headers;
            response
        };
        if is_public {
            let headers = response.headers_mut();
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(FRESH));
            if let Ok(value) = HeaderValue::from_str(&self.tag.to_string()) {
                headers.insert(ETAG, value);
            }
        }
        response
    }
}

/// Of the same bytes the same, in every server of one build.
fn tag(body: &[u8]) -> EntityTag {
    let mut hasher = DefaultHasher::new();
    hasher.write(body);
    EntityTag::new_weak(format!("{:016x}", hasher.finish()))
}

/// Whether the caller says that he has the answer of this tag. A header that cannot be read says nothing.
fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, ETAG, HeaderName, IF_NONE_MATCH};
    use actix_web::test::TestRequest;
    use actix_web::{HttpRequest, HttpResponse};

    use super::Shown;

    fn asked(headers: &[(HeaderName, &str)]) -> HttpRequest {
        let request = headers.iter().fold(TestRequest::default(), |request, header| {
            request.insert_header((header.0.clone(), header.1))
        });
        request.to_http_request()
    }

    fn answer(headers: &[(HeaderName, &str)]) -> HttpResponse {
        Shown::of(HttpResponse::Ok().json(["Analgin"])).answer(&asked(headers))
    }

    fn tag(answer: &HttpResponse) -> Option<&str> {
        answer.headers().get(ETAG)?.to_str().ok()
    }

    #[test]
    fn who_has_the_answer_is_told_so_without_it() {
        let first = answer(&[]);
        let known = tag(&first).unwrap();
        assert!(known.starts_with("W/\""), "{known}");
        let strong = known.trim_start_matches("W/");
        let both = format!("\"other\", {known}");

        for (sent, status) in [
            (known, 304),
            (strong, 304),
            (&both, 304),
            ("*", 304),
            ("W/\"other\"", 200),
            ("?", 200),
        ] {
            let again = answer(&[(IF_NONE_MATCH, sent)]);
            assert_eq!((again.status().as_u16(), tag(&again)), (status, Some(known)), "{sent}");
            assert_eq!(again.headers().get(CACHE_CONTROL).unwrap(), "max-age=15");
        }
    }

    #[test]
    fn what_was_read_with_a_token_is_not_for_caches() {
        let personal = answer(&[(AUTHORIZATION, "Bearer x"), (IF_NONE_MATCH, "*")]);
        assert_eq!((personal.status().as_u16(), tag(&personal)), (200, None));
        assert_eq!(personal.headers().get(CACHE_CONTROL), None);
    }
}
