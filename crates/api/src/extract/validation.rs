//! What `validator` found, as our field problems.

use std::collections::HashMap;

use savdo_domain::{FieldErrors, FieldProblem};
use serde_json::Value;
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

/// Translates all of it, lists element by element: as many as there are in what was sent.
pub(super) fn errors(found: &ValidationErrors, sent: &Value) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (field, kind) in found.errors() {
        match kind {
            ValidationErrorsKind::Field(problems) => {
                for problem in problems {
                    errors.add(field.to_string(), of(problem));
                }
            }
            ValidationErrorsKind::Struct(inner) => {
                errors.merge(self::errors(inner, sent.get(field.as_ref()).unwrap_or(&Value::Null)));
            }
            ValidationErrorsKind::List(elements) => {
                let of_element = |index| {
                    let sent = sent.get(field.as_ref()).and_then(|list| list.get(index));
                    elements
                        .get(&index)
                        .map(|inner| self::errors(inner, sent.unwrap_or(&Value::Null)))
                        .unwrap_or_default()
                };
                let length = length_of(sent, field);
                errors.add_elements(field.to_string(), (0..length).map(of_element).collect());
            }
        }
    }
    errors
}

/// How many elements the list `field` of an object has.
pub(super) fn length_of(sent: &Value, field: &str) -> usize {
    sent.get(field).and_then(Value::as_array).map_or(0, Vec::len)
}

fn of(problem: &ValidationError) -> FieldProblem {
    let number = |name| parameter(&problem.params, name);
    match problem.code.as_ref() {
        "required" => FieldProblem::Required,
        "length" => {
            let length = number("value").unwrap_or_default();
            match (number("min"), number("max")) {
                (Some(1), _) if length == 0 => FieldProblem::Blank,
                (Some(min), _) if length < min => FieldProblem::TooShort { min },
                (_, Some(max)) => FieldProblem::TooLong { max },
                (Some(min), None) => FieldProblem::TooShort { min },
                (None, None) => FieldProblem::InvalidFormat,
            }
        }
        "range" => FieldProblem::OutOfRange {
            min: number("min").map(|min| min.to_string()).unwrap_or_default(),
            max: number("max").map(|max| max.to_string()).unwrap_or_default(),
        },
        _ => FieldProblem::InvalidFormat,
    }
}

/// A number among the parameters. `length` of a text gives the text itself as its value.
fn parameter(parameters: &HashMap<std::borrow::Cow<'static, str>, Value>, name: &str) -> Option<usize> {
    match parameters.get(name)? {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => Some(text.chars().count()),
        Value::Array(elements) => Some(elements.len()),
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}
