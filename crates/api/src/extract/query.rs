//! Query strings.

use std::collections::HashMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_services::Page;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::dialect::Dialect;
use crate::extract::inputs::plain_number;
use crate::extract::token;
use crate::problem::Problem;

/// The query of a list. Unknown keys are ignored; an empty value counts as not sent.
///
/// All values are text; ids and flags have types of their own here (`IdFilter`, `FlagFilter`).
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

/// Which page of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageQuery(Page);

impl PageQuery {
    /// Which page, from 1.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0.number
    }

    /// How many rows a page has.
    #[must_use]
    pub const fn size(self) -> i64 {
        self.0.size
    }

    /// The page as the use-cases take it.
    #[must_use]
    pub const fn page(self) -> Page {
        self.0
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

impl FromRequest for PageQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(page(&pairs(request), Dialect::of(request.path())).map_err(|errors| Problem::Refused(errors.into())))
    }
}

/// The page of a list: shop.md 1.4 refuses a size beyond 500, pharmacy.md 1.1 caps it at 100.
fn page(pairs: &HashMap<String, String>, dialect: Dialect) -> Result<PageQuery, FieldErrors> {
    const PAGE_MAX: i64 = 1_000_000;
    let (size_default, size_max, is_capped) = match dialect {
        Dialect::Shop => (100, 500, false),
        Dialect::Pharmacy | Dialect::PharmacyUsers => (20, 100, true),
    };
    let mut errors = FieldErrors::new();
    let mut number = |key: &str, default: i64, max: i64, is_capped: bool| {
        let Some(text) = pairs.get(key) else { return default };
        let range = FieldProblem::OutOfRange {
            min: "1".to_owned(),
            max: max.to_string(),
        };
        match plain_number(text) {
            Some(number) if (1..=max).contains(&number) => number,
            Some(number) if number > max && is_capped => max,
            Some(_) => {
                errors.add(key, range);
                default
            }
            None => {
                errors.add(key, FieldProblem::NotANumber);
                default
            }
        }
    };
    let page = Page {
        number: number("page", 1, PAGE_MAX, false),
        size: number("page_size", size_default, size_max, is_capped),
    };
    errors.into_result().map(|()| PageQuery(page))
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

    use super::page;
    use crate::dialect::Dialect;

    fn asked(pairs: &[(&str, &str)], dialect: Dialect) -> Option<Page> {
        let pairs: HashMap<_, _> = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        page(&pairs, dialect).ok().map(super::PageQuery::page)
    }

    #[test]
    fn a_size_beyond_the_limit_is_refused_by_the_shop_and_capped_by_the_pharmacy() {
        assert_eq!(asked(&[("page_size", "501")], Dialect::Shop), None);
        assert_eq!(
            asked(&[("page_size", "501")], Dialect::Pharmacy),
            Some(Page { number: 1, size: 100 })
        );
        assert_eq!(asked(&[], Dialect::Shop), Some(Page { number: 1, size: 100 }));
    }

    #[test]
    fn a_page_is_a_plain_number_from_one() {
        for text in ["0", "-1", "a", "1000001", "1.0", "+1"] {
            assert_eq!(asked(&[("page", text)], Dialect::Shop), None, "{text}");
        }
    }
}
