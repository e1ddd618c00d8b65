//! The language that a caller reads.

use std::cmp::Reverse;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use actix_web::{FromRequest, HttpRequest};
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;

use crate::problem::Problem;

/// The language of messages and labels: what `Accept-Language` asks for most, Uzbek unless it is one that we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InLanguage(pub Language);

impl InLanguage {
    /// Reads it off the headers of a request.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let ranges = headers.get_all(ACCEPT_LANGUAGE).filter_map(|value| value.to_str().ok());
        Self(chosen(ranges))
    }
}

impl FromRequest for InLanguage {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request.headers())))
    }
}

/// Of the languages that we speak the one of the greatest weight, of equal ones the first; `*` stands for the default.
fn chosen<'h>(headers: impl Iterator<Item = &'h str>) -> Language {
    let ranges = headers.flat_map(|header| header.split(',')).filter_map(range);
    let mut wanted: Vec<_> = ranges.filter(|(_, weight)| *weight > 0).collect();
    wanted.sort_by_key(|(_, weight)| Reverse(*weight));
    wanted.first().map(|(language, _)| *language).unwrap_or_default()
}

/// One range such as `ru-RU;q=0.8` with its weight in thousandths; `None` for a language that we do not speak.
fn range(text: &str) -> Option<(Language, u16)> {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, ""));
    let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    let language = match primary.as_str() {
        "*" => Language::default(),
        code => Language::from_code(code)?,
    };
    let weight = match parameters.trim() {
        "" => 1000,
        parameter => thousandths(
            parameter
                .strip_prefix("q=")
                .or_else(|| parameter.strip_prefix("Q="))?
                .trim(),
        )?,
    };
    Some((language, weight))
}

/// A weight of RFC 9110: `0` to `1` with up to three decimals.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let is_plain = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let decimals: u16 = format!("{decimals:0<3}").parse().ok().filter(|_| is_plain)?;
    match (whole, decimals) {
        ("0", decimals) => Some(decimals),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use savdo_domain::account::Language::{English, Russian, Uzbek};

    use super::chosen;

    #[test]
    fn the_language_of_the_greatest_weight_is_spoken() {
        for (header, expected) in [
            ("ru", Russian),
            ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", Russian),
            ("de-DE, en;q=0.3, ru;q=0.2", English),
            ("uz;q=0.1, en;q=0.101", English),
            ("EN-gb", English),
            ("uz-Cyrl, ru", Uzbek),
            ("ru;q=0.5, en;q=0.5", Russian),
            ("ru; q=0.4, en;q=1.000", English),
        ] {
            assert_eq!(chosen([header].into_iter()), expected, "{header}");
        }
        assert_eq!(chosen(["de", "en;q=0.2"].into_iter()), English, "two headers are one");
    }

    #[test]
    fn what_cannot_be_understood_is_answered_in_uzbek() {
        for header in [
            "",
            "*",
            "de",
            "ru;q=0",
            "ru;q=0.000, *",
            "ru;q=2",
            "ru;q=x",
            "ru;q=0.1234",
            ";;;,,",
            "русский",
        ] {
            assert_eq!(chosen([header].into_iter()), Uzbek, "{header}");
        }
        assert_eq!(chosen([].into_iter()), Uzbek);
    }
}
