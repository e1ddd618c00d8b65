//! The words of an answer: errors, confirmations and labels, in the caller's language.
//!
//! Codes are stable and never translated; texts live in `locales/`, one file a language. Field problems and refusals bring
//! their figures along as extra keys.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use rust_i18n::t;
use savdo_domain::account::{AccountRefusal, Language};
use savdo_domain::coded::Coded;
use savdo_domain::fields::FieldIssue;
use savdo_domain::{FieldErrors, FieldProblem, Refusal, coded_enum};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::dialect::Dialect;
use crate::guards::RequestId;
use crate::problem::Problem;
use crate::providers;
use crate::refusals::extras;

coded_enum! {
    /// What a write did.
    pub enum Done {
        /// An account was registered.
        Registered = "registered",
        /// A session was ended.
        LoggedOut = "logged_out",
        /// Something new was made.
        Created = "created",
        /// Something was changed.
        Updated = "updated",
        /// Something was put aside.
        Deleted = "deleted",
        /// A sale was made.
        Sold = "sold",
        /// A sale was cancelled.
        SaleCancelled = "sale_cancelled",
        /// A shift was opened.
        ShiftOpened = "shift_opened",
        /// A shift was closed.
        ShiftClosed = "shift_closed",
        /// A return was written down.
        ReturnWritten = "return_written",
        /// A return was confirmed.
        ReturnConfirmed = "return_confirmed",
        /// A return was dropped.
        ReturnCancelled = "return_cancelled",
        /// Goods were moved.
        StockMoved = "stock_moved",
        /// A link for a new password was sent, if the address is known.
        ResetSent = "reset_sent",
        /// A new password was set.
        PasswordReset = "password_reset",
        /// A code was sent, if there is an account that waits for one.
        CodeSent = "code_sent",
        /// A phone was proven.
        PhoneVerified = "phone_verified",
        /// Another password was set by who knew the one before.
        PasswordChanged = "password_changed",
        /// A message was read.
        NoticeRead = "notice_read",
        /// All messages were read.
        NoticesRead = "notices_read",
        /// A message that failed will be sent again.
        NoticeRetried = "notice_retried",
        /// A prescription was accepted.
        PrescriptionApproved = "prescription_approved",
        /// A prescription was refused.
        PrescriptionRejected = "prescription_rejected",
    }
}

/// The confirmation of a write.
#[must_use]
pub fn done(language: Language, done: Done) -> String {
    translate("done", done.code(), language)
}

/// The label of a code, such as `unit` `dona`.
#[must_use]
pub fn label<T: Coded>(language: Language, family: &str, value: T) -> String {
    translate(&format!("label.{family}"), value.code(), language)
}

/// The label of a code that is kept as a text; the code itself where it has none.
#[must_use]
pub fn label_of(language: Language, family: &str, code: &str) -> String {
    let label = translate(&format!("label.{family}"), code, language);
    // A missing text is answered by its own key.
    if label.ends_with(&format!("label.{family}.{code}")) {
        code.to_owned()
    } else {
        label
    }
}

/// A text in every language, for who speaks to people of each.
#[derive(Debug, Serialize)]
pub(crate) struct InAll {
    ru: String,
    uz: String,
    en: String,
}

/// The text of a code in every language.
pub(crate) fn in_all(family: &str, code: &str) -> InAll {
    let text = |language| translate(family, code, language);
    InAll {
        ru: text(Language::Russian),
        uz: text(Language::Uzbek),
        en: text(Language::English),
    }
}

fn translate(family: &str, code: &str, language: Language) -> String {
    t!(format!("{family}.{code}"), locale = language.code()).into_owned()
}

/// Writes a problem in a dialect and a language.
#[must_use]
pub fn write(problem: &Problem, dialect: Dialect, language: Language, id: &RequestId) -> HttpResponse {
    if let Dialect::Provider(protocol) = dialect {
        let mut response = HttpResponse::build(dialect.status(problem));
        return match providers::failure(protocol) {
            Some(text) => response.content_type("application/json").body(text),
            None => response.finish(),
        };
    }
    let status = problem.status();
    let body = match (problem, dialect) {
        (Problem::Refused(Refusal::Fields(errors)), Dialect::Shop | Dialect::Pharmacy) => fields(errors, language),
        (Problem::Refused(Refusal::Account(refusal)), Dialect::Shop) if status == StatusCode::BAD_REQUEST => {
            match at_log_in(*refusal) {
                Some(errors) => fields(&errors, language),
                None => general(problem, dialect, language, id),
            }
        }
        (problem, Dialect::PharmacyUsers)
            if [StatusCode::BAD_REQUEST, StatusCode::TOO_MANY_REQUESTS].contains(&status) =>
        {
            users_family(problem, language)
        }
        _ => general(problem, dialect, language, id),
    };
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, "Bearer"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE || *problem == Problem::KeyInFlight {
        response.insert_header((RETRY_AFTER, "1"));
    }
    if let Problem::Throttled { retry_after_seconds } | Problem::CodeTooSoon { retry_after_seconds } = problem {
        response.insert_header((RETRY_AFTER, *retry_after_seconds));
    }
    if let Problem::MethodNotAllowed { allow } = problem {
        response.insert_header((ALLOW, allow.as_str()));
    }
    response.json(body)
}

/// What the shop API answers at logging in and out: field errors, without a code.
fn at_log_in(refusal: AccountRefusal) -> Option<FieldErrors> {
    match refusal {
        AccountRefusal::ResetLinkInvalid => None,
        AccountRefusal::RefreshNotLive => Some(FieldErrors::one("refresh", FieldProblem::InvalidToken)),
        AccountRefusal::NotAuthenticated
        | AccountRefusal::TokenNotValid
        | AccountRefusal::UserInactive
        | AccountRefusal::TokenReused
        | AccountRefusal::TokenRotated
        | AccountRefusal::InvalidCredentials
        | AccountRefusal::CodeInvalid
        | AccountRefusal::ResetCodeInvalid
        | AccountRefusal::NotVerified => Some(FieldErrors::across(FieldProblem::InvalidCredentials)),
    }
}

/// `{"detail", "code", ...}`.
fn general(problem: &Problem, dialect: Dialect, language: Language, id: &RequestId) -> Value {
    let code = problem.code().unwrap_or("validation");
    let mut body = Map::from_iter([
        ("detail".to_owned(), Value::String(translate("refusal", code, language))),
        ("code".to_owned(), Value::String(code.to_owned())),
    ]);
    match problem {
        Problem::Refused(refusal) => body.extend(extras(refusal, dialect)),
        Problem::Internal => {
            body.insert("request_id".to_owned(), Value::String(id.0.clone()));
        }
        _ => {}
    }
    Value::Object(body)
}

/// A bad request in the manner of the pharmacy's users family, a body that cannot be read included: the stable code is `error_code`, every field stands at the top once more.
fn users_family(problem: &Problem, language: Language) -> Value {
    let (errors, code) = match problem {
        Problem::Refused(Refusal::Fields(errors)) => (fields(errors, language), "validation"),
        other => {
            let code = other.code().unwrap_or("validation");
            let words = [translate("refusal", code, language)];
            let errors = match other {
                Problem::Refused(Refusal::Account(AccountRefusal::CodeInvalid)) => json!({ "code": words }),
                Problem::Refused(Refusal::Account(AccountRefusal::ResetCodeInvalid)) => {
                    json!({ "code": words, FieldErrors::NON_FIELD: words })
                }
                _ => json!({ FieldErrors::NON_FIELD: words }),
            };
            (errors, code)
        }
    };
    let detail = translate("refusal", code, language);
    let mut body = errors.as_object().cloned().unwrap_or_default();
    body.insert("message".to_owned(), Value::String(detail.clone()));
    body.insert("detail".to_owned(), Value::String(detail));
    body.insert("error_code".to_owned(), Value::String(code.to_owned()));
    body.insert("errors".to_owned(), errors);
    Value::Object(body)
}

/// `{"field": ["..."]}`, lists of objects element by element.
fn fields(errors: &FieldErrors, language: Language) -> Value {
    let entry = |issue: &FieldIssue| match issue {
        FieldIssue::Value(problems) => problems
            .iter()
            .map(|problem| Value::String(words(problem, language)))
            .collect(),
        FieldIssue::Elements(elements) => elements.iter().map(|errors| fields(errors, language)).collect(),
    };
    Value::Object(
        errors
            .iter()
            .map(|(field, issue)| (field.to_owned(), Value::Array(entry(issue))))
            .collect(),
    )
}

/// What is wrong with one field, in words.
fn words(problem: &FieldProblem, language: Language) -> String {
    let (names, figures): (Vec<_>, Vec<_>) = problem.figures().into_iter().unzip();
    rust_i18n::replace_patterns(&translate("field", problem.code(), language), &names, &figures)
}

#[cfg(test)]
mod tests;
