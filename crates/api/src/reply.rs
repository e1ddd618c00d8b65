//! The shapes of a success (shop.md 1.2, pharmacy.md 1.1).

use actix_web::body::MessageBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue, LINK};
use actix_web::{HttpRequest, HttpResponse};
use savdo_domain::Quantity;
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_services::Listed;
use savdo_services::once::Answer;
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::edge::NO_STORE;
use crate::extract::PageQuery;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::shell::Shell;

/// Says that an answer was given before.
const REPLAYED: &str = "idempotent-replayed";

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

/// A page of the pharmacy API.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageReply<T> {
    /// All rows that match.
    pub count: i64,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The rows.
    pub results: Vec<T>,
}

/// A key of a part that is not built yet: always null.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Absent;

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

/// 200 with a bare array, page data in the headers (shop.md 1.4). `path_and_query` is that of the request.
pub fn listed<T: Serialize>(listed: &Listed<T>, page: PageQuery, path_and_query: &str) -> HttpResponse {
    let mut response = HttpResponse::Ok().json(&listed.rows);
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("x-total-count"),
        HeaderValue::from(listed.total),
    );
    if let Ok(links) = HeaderValue::from_str(&links(listed.total, page, path_and_query)) {
        headers.insert(LINK, links);
    }
    response
}

/// Lets anybody keep an answer of the public catalogue for a moment.
pub fn public(mut response: HttpResponse) -> HttpResponse {
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("max-age=15"));
    response
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

/// A page of the pharmacy API, with links to those around it.
///
/// # Errors
/// [`Problem::InvalidPage`] past the end; the first page of nothing is empty.
pub fn paged<T>(listed: Listed<T>, page: PageQuery, request: &HttpRequest) -> Result<PageReply<T>, Problem> {
    let last = last_page(listed.total, page.size());
    if page.number() > last {
        return Err(Problem::InvalidPage);
    }
    let address = address(request);
    let to = |number: i64| with_page(&address, number);
    Ok(PageReply {
        count: listed.total,
        next: (page.number() < last).then(|| to(page.number().saturating_add(1))),
        previous: (page.number() > 1).then(|| to(page.number().saturating_sub(1))),
        results: listed.rows,
    })
}

/// The absolute address of a request, as its client wrote it.
fn address(request: &HttpRequest) -> String {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    format!("{}{path}", origin(request))
}

/// The scheme and the host that clients use.
pub(crate) fn origin(request: &HttpRequest) -> String {
    Shell::of(request).origin(request)
}

fn links(total: i64, page: PageQuery, path_and_query: &str) -> String {
    let last = last_page(total, page.size());
    let before = page.number().saturating_sub(1).min(last);
    let after = page.number().saturating_add(1);
    let mut wanted = vec![("first", 1)];
    wanted.extend((before >= 1).then_some(("prev", before)));
    wanted.extend((after <= last).then_some(("next", after)));
    wanted.push(("last", last));
    let link = |(rel, number)| format!("<{}>; rel=\"{rel}\"", with_page(path_and_query, number));
    wanted.into_iter().map(link).collect::<Vec<_>>().join(", ")
}

fn last_page(total: i64, size: i64) -> i64 {
    total
        .saturating_add(size)
        .saturating_sub(1)
        .checked_div(size)
        .unwrap_or(1)
        .max(1)
}

/// The same address with another page number; all other parameters stay.
fn with_page(address: &str, number: i64) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let query = query.strip_suffix('/').unwrap_or(query);
    let others = query
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("page"));
    let pairs: Vec<_> = others.map(str::to_owned).chain([format!("page={number}")]).collect();
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use savdo_domain::Quantity;

    use super::{JsonNumber, last_page, with_page};

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

    #[test]
    fn a_link_keeps_every_other_parameter() {
        assert_eq!(
            with_page("/api/v1/sales/?status=all&page=2&page_size=5", 3),
            "/api/v1/sales/?status=all&page_size=5&page=3"
        );
        assert_eq!(with_page("/api/v1/sales/", 2), "/api/v1/sales/?page=2");
    }

    #[test]
    fn the_last_page_of_nothing_is_the_first() {
        assert_eq!(
            [(0, 20), (20, 20), (21, 20)].map(|(total, size)| last_page(total, size)),
            [1, 1, 2]
        );
    }
}
