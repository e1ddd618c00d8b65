//! The currency of a price. There is only one until the store's books know others.

use savdo_domain::{FieldErrors, FieldProblem};

const SOM_ID: i64 = 1;
const SOM_CODE: &str = "UZS";

/// The currency that a request names, by id or by code; the id wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceCurrency {
    /// Its id.
    pub id: Option<i64>,
    /// Its code.
    pub code: Option<String>,
}

impl PriceCurrency {
    /// Notes a problem at the key that names a currency we do not know.
    pub(super) fn check(&self, errors: &mut FieldErrors) {
        match (self.id, &self.code) {
            (Some(SOM_ID), _) | (None, None) => {}
            (Some(_), _) => errors.add("price_currency", FieldProblem::UnknownObject),
            (None, Some(code)) if code.eq_ignore_ascii_case(SOM_CODE) || code.is_empty() => {}
            (None, Some(_)) => errors.add("currency_code", FieldProblem::UnknownObject),
        }
    }
}

#[cfg(test)]
mod tests {
    use savdo_domain::{FieldErrors, FieldProblem};

    use super::PriceCurrency;

    fn problems(id: Option<i64>, code: Option<&str>) -> FieldErrors {
        let mut errors = FieldErrors::new();
        let code = code.map(str::to_owned);
        PriceCurrency { id, code }.check(&mut errors);
        errors
    }

    #[test]
    fn the_som_is_the_only_currency_and_its_id_wins() {
        for (id, code) in [
            (None, None),
            (Some(1), None),
            (None, Some("UZS")),
            (Some(1), Some("USD")),
        ] {
            assert!(problems(id, code).is_empty(), "{id:?} {code:?}");
        }
        let unknown = FieldProblem::UnknownObject;
        assert_eq!(
            problems(Some(2), None),
            FieldErrors::one("price_currency", unknown.clone())
        );
        assert_eq!(problems(None, Some("USD")), FieldErrors::one("currency_code", unknown));
    }
}
