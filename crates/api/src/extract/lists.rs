//! What the query of a list is made of: sorting, codes, a text to search for.

use savdo_domain::coded::Coded;
use savdo_domain::{FieldProblem, text};
use savdo_services::SortBy;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::extract::inputs::text_schema;
use crate::extract::token::refused;

const SEARCH_LENGTH_MAX: usize = 100;

fn coded<T: Coded, E: serde::de::Error>(code: &str) -> Result<T, E> {
    T::from_input(code).ok_or_else(|| unknown(code))
}

fn unknown<E: serde::de::Error>(code: &str) -> E {
    refused(&FieldProblem::UnknownChoice { value: code.to_owned() })
}

/// `ordering=column,-column`: the columns that a list is sorted by, the first counts most.
///
/// Every order ends with the id; of lists that are not `BY_ID` nobody asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordering<C, const BY_ID: bool = true>(pub Vec<SortBy<C>>);

/// The code of the id, in whatever list.
const ID: &str = "id";

impl<'de, C: Coded, const BY_ID: bool> Deserialize<'de> for Ordering<C, BY_ID> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let sort = |word: &str| {
            let name = word.strip_prefix('-');
            let column = match name.unwrap_or(word) {
                ID if !BY_ID => Err(unknown(ID)),
                column => coded(column),
            }?;
            Ok(SortBy {
                column,
                is_descending: name.is_some(),
            })
        };
        text.split(',')
            .map(str::trim)
            .map(sort)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl<C: Coded, const BY_ID: bool> Ordering<C, BY_ID> {
    /// How the document shows it.
    #[must_use]
    pub fn schema() -> RefOr<Schema> {
        let columns = C::ALL.iter().map(|column| column.code());
        let columns: Vec<_> = columns.filter(|code| BY_ID || *code != ID).collect();
        let description = format!(
            "Columns by comma, `-` before one for descending: {}",
            columns.join(", ")
        );
        let column = format!(r"\s*-?({})\s*", columns.join("|"));
        text_schema(&description)
            .pattern(Some(format!("^({column}(,{column})*)?$")))
            .into()
    }
}

/// One code, several by comma, or `all`; each value once, in the order of the codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesFilter<T>(pub Vec<T>);

impl<'de, T: Coded> Deserialize<'de> for CodesFilter<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim() == "all" {
            return Ok(Self(T::ALL.to_vec()));
        }
        let asked: Vec<T> = text.split(',').map(str::trim).map(coded).collect::<Result<_, _>>()?;
        let values = T::ALL.iter().copied().filter(|value| asked.contains(value));
        Ok(Self(values.collect()))
    }
}

impl<T: Coded> CodesFilter<T> {
    /// How the document shows it.
    #[must_use]
    pub fn schema() -> RefOr<Schema> {
        let description = format!("`all`, or codes by comma: {}", codes::<T>(", "));
        let code = format!(r"\s*({})\s*", codes::<T>("|"));
        text_schema(&description)
            .pattern(Some(format!(r"^(\s*all\s*|{code}(,{code})*)?$")))
            .into()
    }
}

/// A text to search for: up to 100 characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchFilter(pub String);

impl<'de> Deserialize<'de> for SearchFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let typed = String::deserialize(deserializer)?;
        let text = text::clean(&typed).map_err(|problem| refused(&problem))?;
        if text.chars().count() > SEARCH_LENGTH_MAX {
            let max = SEARCH_LENGTH_MAX;
            return Err(refused(&FieldProblem::TooLong { max }));
        }
        Ok(Self(text))
    }
}

impl PartialSchema for SearchFilter {
    fn schema() -> RefOr<Schema> {
        let description = "Part of a text, 1 to 100 characters; of 1 or 2 the beginning of a word";
        text_schema(description)
            .max_length(Some(SEARCH_LENGTH_MAX))
            .pattern(Some(r"^[^\x00]*$"))
            .into()
    }
}

impl ToSchema for SearchFilter {}

fn codes<T: Coded>(separator: &str) -> String {
    let codes: Vec<_> = T::ALL.iter().map(|value| value.code()).collect();
    codes.join(separator)
}

#[cfg(test)]
mod tests {
    use savdo_domain::FieldProblem;
    use savdo_domain::access::RowStatus;
    use savdo_services::SortBy;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::{CodesFilter, Ordering, SearchFilter};
    use crate::extract::token;

    fn read<T: DeserializeOwned>(text: &str) -> Result<T, FieldProblem> {
        serde_json::from_value(json!(text)).map_err(|error| token::read(&error.to_string()))
    }

    #[test]
    fn a_list_is_sorted_by_known_columns_alone() {
        let by = |column, is_descending| SortBy { column, is_descending };

        assert_eq!(
            read("-active,inactive"),
            Ok(Ordering::<_, true>(vec![
                by(RowStatus::Active, true),
                by(RowStatus::Inactive, false)
            ]))
        );
        let unknown = FieldProblem::UnknownChoice {
            value: "password".to_owned(),
        };
        assert_eq!(read::<Ordering<RowStatus>>("active,password"), Err(unknown));
    }

    #[test]
    fn codes_come_alone_by_comma_or_all() {
        assert_eq!(read("inactive"), Ok(CodesFilter(vec![RowStatus::Inactive])));
        let both = CodesFilter(vec![RowStatus::Active, RowStatus::Inactive]);
        assert_eq!(read("all"), Ok(both.clone()));
        assert_eq!(read("inactive, active,inactive"), Ok(both));
        assert!(read::<CodesFilter<RowStatus>>("gone").is_err());
    }

    #[test]
    fn a_code_that_is_repeated_counts_once() {
        assert_eq!(read("active,active"), Ok(CodesFilter(vec![RowStatus::Active])));
    }

    #[test]
    fn a_text_to_search_for_has_at_most_a_hundred_characters() {
        assert_eq!(read(" дори "), Ok(SearchFilter("дори".to_owned())));
        assert_eq!(
            read::<SearchFilter>(&"x".repeat(101)),
            Err(FieldProblem::TooLong { max: 100 })
        );
    }
}
