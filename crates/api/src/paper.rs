//! What is printed: which format may be asked for, the words of paper, and how figures are written there.
//!
//! JSON is for programs, paper for people: digits stand in groups, held together by spaces that no line breaks at, and a quantity
//! or a percentage has no zeros at its end.

use std::panic::{UnwindSafe, catch_unwind};

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, ContentType, DispositionParam, DispositionType};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::{Money, Percent, Quantity, coded_enum};
use savdo_paper::PaperError;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::CodeInput;
use crate::messages;
use crate::problem::Problem;

/// A space that keeps what stands beside it on one line.
const TIE: char = '\u{a0}';
/// The sign before what is taken away.
const MINUS: char = '\u{2212}';

coded_enum! {
    /// What something can be printed as.
    pub enum PaperFormat {
        /// A PDF document.
        Pdf = "pdf",
    }
}

/// How something is wanted to be printed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PaperQuery {
    /// `pdf`, which it also is when left out.
    #[param(schema_with = CodeInput::<PaperFormat>::schema)]
    #[expect(dead_code, reason = "there is one, and another is refused where it is read")]
    format: Option<CodeInput<PaperFormat>>,
}

coded_enum! {
    /// A word that stands on paper alone.
    pub enum Word {
        /// A receipt.
        Receipt = "receipt",
        /// When it was.
        Time = "time",
        /// Who sold.
        Cashier = "cashier",
        /// The sum of the lines.
        Total = "total",
        /// What is taken off it.
        Discount = "discount",
        /// What is to be paid.
        ToPay = "to_pay",
        /// The tax that is in it.
        TaxIncluded = "tax_included",
    }
}

/// A word in the language of the paper.
pub(crate) fn word(language: Language, word: Word) -> String {
    messages::label(language, "paper", word)
}

/// `1 234 567.00`.
pub(crate) fn amount(money: Money) -> String {
    grouped(&money.to_string())
}

/// What is taken away: `−5 000.00`.
pub(crate) fn taken_off(money: Money) -> String {
    format!("{MINUS}{}", amount(money))
}

/// `1 500`, `0.25`.
pub(crate) fn quantity(quantity: Quantity) -> String {
    grouped(trimmed(&quantity.to_string()))
}

/// `12 %`, `7.5 %`.
pub(crate) fn percent(percent: Percent) -> String {
    format!("{}{TIE}%", trimmed(&percent.to_string()))
}

/// The number of a document: `№ 1042`.
pub(crate) fn number(number: i64) -> String {
    format!("№{TIE}{number}")
}

/// A decimal without zeros at its end.
fn trimmed(decimal: &str) -> &str {
    decimal.trim_end_matches('0').trim_end_matches('.')
}

fn grouped(decimal: &str) -> String {
    let (sign, digits) = match decimal.strip_prefix('-') {
        Some(digits) => (Some(MINUS), digits),
        None => (None, decimal),
    };
    let whole = digits.split('.').next().unwrap_or_default().len();
    let mut written: String = sign.into_iter().collect();
    for (place, character) in digits.chars().enumerate() {
        if place > 0 && place < whole && (whole - place).is_multiple_of(3) {
            written.push(TIE);
        }
        written.push(character);
    }
    written
}

/// A document to be looked at, under this name when it is saved.
///
/// # Errors
/// [`Problem::Internal`] when it could not be printed.
pub(crate) fn shown(pdf: Result<Vec<u8>, PaperError>, name: &str) -> Result<HttpResponse, Problem> {
    let pdf = pdf.map_err(|error| Problem::internal(&error))?;
    let content_type = "application/pdf".parse().map_err(|error| Problem::internal(&error))?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType(content_type))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Inline,
            parameters: vec![DispositionParam::Filename(format!(
                "{name}.{}",
                PaperFormat::Pdf.code()
            ))],
        })
        .body(pdf))
}

/// A document inside JSON: `data:application/pdf;base64,..`. What it is about has happened already and must not fail with it, so
/// `None` stands for one that could not be printed, whatever went wrong.
pub(crate) fn attached(print: impl FnOnce() -> Result<Vec<u8>, PaperError> + UnwindSafe) -> Option<String> {
    match catch_unwind(print) {
        Ok(Ok(pdf)) => Some(format!("data:application/pdf;base64,{}", STANDARD.encode(pdf))),
        Ok(Err(error)) => {
            tracing::error!("A paper was not printed: {error}");
            None
        }
        // It panicked, and that has been logged where it happened.
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use savdo_domain::{Money, Percent, Quantity};

    use savdo_paper::PaperError;

    use super::{amount, attached, percent, quantity, taken_off};

    #[test]
    fn figures_stand_in_groups_that_no_line_breaks() {
        let money = |text| amount(Money::parse(text).unwrap());

        assert_eq!(
            ["0", "999.99", "1000", "-1234567.5"].map(money),
            ["0.00", "999.99", "1\u{a0}000.00", "−1\u{a0}234\u{a0}567.50"]
        );
        assert_eq!(money("99999999999999.99"), "99\u{a0}999\u{a0}999\u{a0}999\u{a0}999.99");
        assert_eq!(taken_off(Money::parse("5000").unwrap()), "−5\u{a0}000.00");
    }

    #[test]
    fn what_cannot_be_printed_is_left_out_and_nothing_else_fails() {
        assert_eq!(
            attached(|| Ok(b"%PDF-".to_vec())).as_deref(),
            Some("data:application/pdf;base64,JVBERi0=")
        );
        assert_eq!(attached(|| Err(PaperError::Typeface)), None);
        assert_eq!(attached(|| panic!("a test breaks the press")), None);
    }

    #[test]
    fn quantities_and_percentages_end_with_a_digit_that_counts() {
        let many = |text| quantity(Quantity::parse(text).unwrap());

        assert_eq!(
            ["2", "100", "0.25", "1500.5", "10000"].map(many),
            ["2", "100", "0.25", "1\u{a0}500.5", "10\u{a0}000"]
        );
        let share = |text| percent(Percent::parse(text).unwrap());
        assert_eq!(
            ["12", "7.5", "0", "100"].map(share),
            ["12\u{a0}%", "7.5\u{a0}%", "0\u{a0}%", "100\u{a0}%"]
        );
    }
}
