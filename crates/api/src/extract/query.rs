//! Query strings.

use std::collections::{BTreeMap, HashMap};
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_services::{Context, Page, Position};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, Schema};

use crate::dialect::Dialect;
use crate::extract::inputs::text_schema;
use crate::extract::{TextInput, token};
use crate::pharmacy::legacy::BareArray;
use crate::problem::Problem;

/// The query of a list. Unknown keys are ignored; an empty value counts as not sent.
///
/// All values are text; ids and flags have types of their own here (`IdFilter`, `FlagFilter`).
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl TextInput {
    /// How the document shows a text that a query must hold: not empty, and not longer than `max`, where that is refused.
    pub(crate) fn needed(description: &str, max: Option<usize>) -> RefOr<Schema> {
        let text = text_schema(description).min_length(Some(1)).max_length(max);
        text.pattern(Some(r"\S")).into()
    }
}

/// Which page of a list is wanted: a number and a size, and the cursor of a link that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageQuery {
    page: Page,
    list: String,
}

impl PageQuery {
    /// The greatest number that a page of the shop can have, and that a link says.
    pub const NUMBER_MAX: i64 = 1_000_000;

    /// Which page, from 1.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.page.number
    }

    /// How many rows a page has.
    #[must_use]
    pub const fn size(&self) -> i64 {
        self.page.size
    }

    /// The page as the use-cases take it.
    #[must_use]
    pub fn page(&self) -> Page {
        self.page.clone()
    }

    /// The list with all that it is narrowed to and sorted by: what a cursor belongs to.
    #[must_use]
    pub fn list(&self) -> &str {
        &self.list
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let object: Map<String, Value> = pairs(request)
            .into_iter()
            .map(|(key, value)| (key, Value::String(value)))
            .collect();
        ready(
            serde_path_to_error::deserialize(Value::Object(object))
                .map(Self)
                .map_err(|error| {
                    let field = error.path().iter().next().map(ToString::to_string).unwrap_or_default();
                    Problem::Refused(Refusal::field(field, token::read(&error.inner().to_string())))
                }),
        )
    }
}

/// Whether the query names a page, or its size.
pub(crate) fn names_page(request: &HttpRequest) -> bool {
    let pairs = pairs(request);
    ["page", "page_size"].iter().any(|key| pairs.contains_key(*key))
}

impl FromRequest for PageQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = pairs(request);
        let list = list(request.path(), &pairs);
        if BareArray::is_asked_by(request) {
            let page = Page::new(1, BareArray::ROWS_MAX);
            return ready(Ok(Self { page, list }));
        }
        let read = |cursor: &str| request.app_data::<web::Data<Context>>()?.read_cursor(&list, cursor);
        let page = page(&pairs, Dialect::of(request.path()), read);
        ready(match page {
            Ok(page) => Ok(Self { page, list }),
            Err(errors) => Err(Problem::Refused(errors.into())),
        })
    }
}

/// What the list is: its path, and every parameter that says which rows it has in which order.
fn list(path: &str, pairs: &HashMap<String, String>) -> String {
    let of_page = ["page", "page_size", "cursor"];
    let narrowed: BTreeMap<_, _> = pairs
        .iter()
        .filter(|(key, _)| !of_page.contains(&key.as_str()))
        .collect();
    format!("{} {narrowed:?}", path.trim_end_matches('/'))
}

/// The page of a list: shop.md 1.4 refuses a size beyond 500, pharmacy.md 1.1 caps it at 100 and has no greatest number: a page
/// that lies past the end of its list is told by the list.
fn page(
    pairs: &HashMap<String, String>,
    dialect: Dialect,
    read: impl Fn(&str) -> Option<Position>,
) -> Result<Page, FieldErrors> {
    let (number_max, size_default, size_max, is_capped) = match dialect {
        Dialect::Shop | Dialect::Provider(_) => (PageQuery::NUMBER_MAX, 100, 500, false),
        Dialect::Pharmacy | Dialect::PharmacyUsers => (i64::MAX, 20, 100, true),
    };
    let mut errors = FieldErrors::new();
    let mut number = |key: &str, default: i64, max: i64, is_capped: bool| {
        let Some(text) = pairs.get(key) else { return default };
        let problem = match saturated(text) {
            Some(number) if (1..=max).contains(&number) => return number,
            Some(number) if number > max && is_capped => return max,
            Some(number) if number > max => FieldProblem::OutOfRange {
                min: "1".to_owned(),
                max: max.to_string(),
            },
            Some(_) => FieldProblem::NotPositive,
            None => FieldProblem::NotANumber,
        };
        errors.add(key, problem);
        default
    };
    let mut page = Page::new(
        number("page", 1, number_max, false),
        number("page_size", size_default, size_max, is_capped),
    );
    if let Some(cursor) = pairs.get("cursor") {
        page.position = errors.keep("cursor", read(cursor).ok_or(FieldProblem::InvalidFormat));
    }
    errors.into_result().map(|()| page)
}

/// A number of digits alone; one that no integer holds is the greatest.
fn saturated(text: &str) -> Option<i64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().unwrap_or(i64::MAX))
}

/// The parameters; of a repeated one the last counts. One slash at the very end is dropped.
fn pairs(request: &HttpRequest) -> HashMap<String, String> {
    let query = request.query_string();
    let query = query.strip_suffix('/').unwrap_or(query);
    form_urlencoded::parse(query.as_bytes())
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use savdo_services::Page;

    use super::{list, page};
    use crate::dialect::Dialect;

    fn asked(pairs: &[(&str, &str)], dialect: Dialect) -> Option<Page> {
        let pairs: HashMap<_, _> = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        page(&pairs, dialect, |_| None).ok()
    }

    #[test]
    fn a_size_beyond_the_limit_is_refused_by_the_shop_and_capped_by_the_pharmacy() {
        assert_eq!(asked(&[("page_size", "501")], Dialect::Shop), None);
        assert_eq!(
            asked(&[("page_size", "501")], Dialect::Pharmacy),
            Some(Page::new(1, 100))
        );
        assert_eq!(
            asked(&[("page_size", "99999999999999999999")], Dialect::Pharmacy),
            Some(Page::new(1, 100))
        );
        assert_eq!(asked(&[("page_size", "0")], Dialect::Pharmacy), None);
        assert_eq!(asked(&[], Dialect::Shop), Some(Page::new(1, 100)));
    }

    #[test]
    fn a_page_is_a_plain_number_from_one() {
        for text in [
            "0",
            "-1",
            "a",
            "1000001",
            "1.0",
            "+1",
            "1000000000000000000",
            "99999999999999999999",
        ] {
            assert_eq!(asked(&[("page", text)], Dialect::Shop), None, "{text}");
        }
    }

    #[test]
    fn a_page_of_the_pharmacy_has_any_number_from_one() {
        assert_eq!(asked(&[("page", "0")], Dialect::Pharmacy), None);
        for (text, number) in [("1000001", 1_000_001), ("99999999999999999999", i64::MAX)] {
            let page = asked(&[("page", text)], Dialect::Pharmacy);
            assert_eq!(page, Some(Page::new(number, 20)), "{text}");
        }
    }

    #[test]
    fn a_cursor_that_is_none_of_the_list_is_refused() {
        assert_eq!(asked(&[("cursor", "x")], Dialect::Shop), None);
    }

    #[test]
    fn a_list_is_what_it_is_narrowed_to_whichever_page_of_it_is_read() {
        let of = |path: &str, pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            list(path, &pairs.collect())
        };

        let same = of("/api/v1/sales", &[("status", "all"), ("ordering", "id")]);
        let paged = [
            ("ordering", "id"),
            ("status", "all"),
            ("page", "2"),
            ("page_size", "5"),
            ("cursor", "x"),
        ];
        assert_eq!(of("/api/v1/sales/", &paged), same);
        assert_ne!(of("/api/v1/sales/", &[("status", "all"), ("ordering", "-id")]), same);
        assert_ne!(of("/api/v1/branches/", &[("status", "all"), ("ordering", "id")]), same);
    }
}
