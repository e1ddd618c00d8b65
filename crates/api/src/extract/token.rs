//! A field problem on its way through serde, whose errors are only texts.

use savdo_domain::FieldProblem;
use savdo_domain::decimal::DecimalError;

const MARK: char = '\u{1}';

/// Writes a problem as the text of a serde error.
pub(super) fn write(problem: &FieldProblem) -> String {
    let words: Vec<&str> = match problem {
        FieldProblem::NotANumber => vec!["not_a_number"],
        FieldProblem::NotPositive => vec!["not_positive"],
        FieldProblem::InvalidDate => vec!["invalid_date"],
        FieldProblem::InvalidMoment => vec!["invalid_moment"],
        FieldProblem::InvalidFormat => vec!["invalid_format"],
        FieldProblem::UnknownObject => vec!["unknown_object"],
        FieldProblem::OutOfRange { min, max } => vec!["out_of_range", min, max],
        FieldProblem::UnknownChoice { value } => vec!["unknown_choice", value],
        FieldProblem::TooLong { max } => return format!("{MARK}too_long{MARK}{max}{MARK}"),
        FieldProblem::TooManyDecimals { scale } => return format!("{MARK}too_many_decimals{MARK}{scale}{MARK}"),
        _ => vec!["wrong_type"],
    };
    let joined = words.join(&MARK.to_string());
    format!("{MARK}{joined}{MARK}")
}

/// The serde error of a problem.
pub(super) fn refused<E: serde::de::Error>(problem: &FieldProblem) -> E {
    E::custom(write(problem))
}

/// Reads the problem out of a serde error; any other error is a wrong type.
pub(super) fn read(message: &str) -> FieldProblem {
    let mut words = message.split(MARK).skip(1);
    let mut word = || words.next().unwrap_or_default().to_owned();
    match word().as_str() {
        "not_a_number" => FieldProblem::NotANumber,
        "not_positive" => FieldProblem::NotPositive,
        "invalid_date" => FieldProblem::InvalidDate,
        "invalid_moment" => FieldProblem::InvalidMoment,
        "invalid_format" => FieldProblem::InvalidFormat,
        "unknown_object" => FieldProblem::UnknownObject,
        "out_of_range" => FieldProblem::OutOfRange {
            min: word(),
            max: word(),
        },
        "unknown_choice" => FieldProblem::UnknownChoice { value: word() },
        "too_long" => FieldProblem::TooLong {
            max: word().parse().unwrap_or_default(),
        },
        "too_many_decimals" => FieldProblem::TooManyDecimals {
            scale: word().parse().unwrap_or_default(),
        },
        _ => FieldProblem::WrongType,
    }
}

/// The field problem of a text that is not a number of its kind.
pub(super) fn of_decimal(error: DecimalError, min: &str, max: &str) -> FieldProblem {
    match error {
        DecimalError::NotANumber => FieldProblem::NotANumber,
        DecimalError::TooManyDecimals { scale } => FieldProblem::TooManyDecimals { scale },
        DecimalError::OutOfRange => FieldProblem::OutOfRange {
            min: min.to_owned(),
            max: max.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use savdo_domain::FieldProblem;

    use super::{read, write};

    #[test]
    fn a_problem_survives_its_way_through_serde() {
        for problem in [
            FieldProblem::NotANumber,
            FieldProblem::TooManyDecimals { scale: 3 },
            FieldProblem::OutOfRange {
                min: "1".to_owned(),
                max: "100".to_owned(),
            },
            FieldProblem::UnknownChoice {
                value: "debt".to_owned(),
            },
            FieldProblem::WrongType,
        ] {
            assert_eq!(read(&format!("{} at line 1 column 2", write(&problem))), problem);
        }
    }
}
