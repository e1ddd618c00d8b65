//! The id in a path.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::extract::inputs::plain_number;
use crate::problem::Problem;

/// The `{id}` of the path: decimal digits, 1 to 2^63-1; anything else is no such object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathId(pub i64);

/// The `{image_id}` of the path, alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathImageId(pub i64);

impl FromRequest for PathId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(named(request, "id").map(Self))
    }
}

impl FromRequest for PathImageId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(named(request, "image_id").map(Self))
    }
}

fn named(request: &HttpRequest, name: &str) -> Result<i64, Problem> {
    request.match_info().get(name).and_then(parse).ok_or(Problem::NotFound)
}

fn parse(text: &str) -> Option<i64> {
    plain_number(text).filter(|id| *id >= 1)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_plain_positive_numbers_are_ids() {
        assert_eq!(parse("9223372036854775807"), Some(i64::MAX));
        for text in ["0", "-1", "+1", "9223372036854775808", "1;drop", "", "1.0", "١"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
