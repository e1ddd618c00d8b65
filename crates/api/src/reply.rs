//! The shapes of a success (shop.md 1.2, pharmacy.md 1.1).

mod caching;
mod pages;

use actix_web::body::MessageBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use savdo_domain::Quantity;
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_services::once::Answer;
use serde::{Serialize, Serializer};
use serde_json::Number;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::edge::NO_STORE;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::shell::Shell;

/// Says that an answer was given before.
const REPLAYED: &str = "idempotent-replayed";

pub use caching::Shown;
pub(crate) use pages::address;
pub use pages::{Frame, PageReply, listed, paged};

/// A write of the shop API: what was done, and the thing as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Written<T> {
    /// What was done, in the caller's language.
    pub message: String,
    /// The thing as it is now.
    pub data: T,
}

/// A write of the shop API that leaves nothing to show.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageReply {
    /// What was done, in the caller's language.
    pub message: String,
}

/// A success of the pharmacy's users family.
#[derive(Debug, Serialize, ToSchema)]
pub struct FamilyReply<T> {
    /// What was done, in the caller's language; null where there is nothing to say.
    pub message: Option<String>,
    /// What was asked for, or null.
    pub data: Option<T>,
}

/// A key of a part that is not built yet: always null.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Absent;

/// How many there are of what nobody can make yet (subcategories, shop.md 9 \[full\]): always 0, because the database has no
/// place for one. It becomes a count when they are built.
#[derive(Debug, Clone, Copy)]
pub struct NoneYet;

impl Serialize for NoneYet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(0)
    }
}

/// A JSON number written from an exact decimal, for the few figures that are no strings (shop.md 1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct JsonNumber(Number);

impl JsonNumber {
    /// A quantity, without zeros at its end.
    #[must_use]
    pub fn of_quantity(quantity: Quantity) -> Self {
        let text = quantity.to_string();
        let text = text.trim_end_matches('0').trim_end_matches('.');
        Self(text.parse().unwrap_or_else(|_| Number::from(quantity.whole_pieces())))
    }
}

impl utoipa::PartialSchema for JsonNumber {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Number)).into()
    }
}

impl ToSchema for JsonNumber {}

/// 201 with the new thing, in the shop's manner.
pub fn created<T: Serialize>(language: Language, done: Done, thing: T) -> HttpResponse {
    let written = Written {
        message: messages::done(language, done),
        data: thing,
    };
    spoken(HttpResponse::Created().json(written), language)
}

/// 200 with the changed thing, in the shop's manner.
pub fn changed<T: Serialize>(language: Language, done: Done, thing: T) -> HttpResponse {
    let written = Written {
        message: messages::done(language, done),
        data: thing,
    };
    spoken(HttpResponse::Ok().json(written), language)
}

/// 200 with nothing but what was done.
pub fn message(language: Language, done: Done) -> HttpResponse {
    HttpResponse::Ok().json(MessageReply {
        message: messages::done(language, done),
    })
}

/// Says in which language an answer is: kept with it, where it may be given again to whoever reads another.
pub fn spoken(mut response: HttpResponse, language: Language) -> HttpResponse {
    let language = HeaderValue::from_static(language.code());
    response.headers_mut().insert(CONTENT_LANGUAGE, language);
    response
}

/// 200 with the bare thing.
pub fn found<T: Serialize>(thing: T) -> HttpResponse {
    HttpResponse::Ok().json(thing)
}

/// 200 with a bare array that has no pages.
pub fn all<T: Serialize>(rows: Vec<T>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("x-total-count", rows.len()))
        .json(rows)
}

/// Keeps an answer that holds tokens out of every cache.
pub fn unstored(mut response: HttpResponse) -> HttpResponse {
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    response
}

/// An answer as it is kept beside the effect: its code, its media type and language, its body.
pub(crate) fn kept(response: HttpResponse) -> Answer {
    let header = |name: HeaderName| {
        let value = response.headers().get(&name)?.to_str().ok()?.to_owned();
        Some((name.to_string(), value))
    };
    Answer {
        status: response.status().as_u16(),
        headers: [CONTENT_TYPE, CONTENT_LANGUAGE]
            .into_iter()
            .filter_map(header)
            .collect(),
        body: response.into_body().try_into_bytes().unwrap_or_default().into(),
        is_replayed: false,
    }
}

/// Sends what a keyed request is answered with, the first time or again.
///
/// # Errors
/// [`Problem::Internal`] when what was kept is no answer.
pub fn once(answer: Answer) -> Result<HttpResponse, Problem> {
    let status = StatusCode::from_u16(answer.status).map_err(|error| Problem::internal(&error))?;
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers {
        response.insert_header((name, value));
    }
    if answer.is_replayed {
        response.insert_header((REPLAYED, "true"));
    }
    Ok(response.body(answer.body))
}

/// The scheme and the host that clients use.
pub(crate) fn origin(request: &HttpRequest) -> String {
    Shell::of(request).origin(request)
}

#[cfg(test)]
mod tests {
    use savdo_domain::Quantity;

    use super::JsonNumber;

    #[test]
    fn a_quantity_is_a_number_of_its_own_digits() {
        let written = |text: &str| {
            let number = JsonNumber::of_quantity(Quantity::parse(text).unwrap());
            serde_json::to_string(&number).unwrap()
        };

        assert_eq!(
            ["0", "15", "100", "2.5", "9999999.999"].map(written),
            ["0", "15", "100", "2.5", "9999999.999"]
        );
    }
}
