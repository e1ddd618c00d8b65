//! In which manner an older address answers what the route that it stands for answers.
//!
//! The question goes to the handler as it came, marked; what differs is changed in the answer, so that what is kept for an
//! idempotency key is the same whichever address is asked.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use savdo_domain::{FieldErrors, Refusal};
use serde_json::{Map, Value};

use crate::extract::names_page;
use crate::problem::Problem;

/// What older clients take as a bad request of theirs where the API of today speaks of a conflict.
const BAD_REQUESTS: [&str; 4] = [
    "illegal_transition",
    "not_pending",
    "order_not_ready",
    "order_not_awaiting_payment",
];

/// How the answers of an older address differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    stands_for: &'static str,
    /// Lists are bare arrays, unless a page is asked for.
    pub is_array: bool,
    has_data_beside: bool,
    /// An id that is not the caller's own is a bad request.
    pub is_strange_id_bad: bool,
    /// What was there already is answered as if it were new.
    is_always_new: bool,
    again: Option<Again>,
}

/// Under which name the text of a conflict, which is a bad request here, stands once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// `error`, of every conflict.
    Error,
    /// `error`, of every failure that has a text; conflicts stay what they are.
    ErrorAlways,
    /// `non_field_errors`, of what was judged already.
    NonField,
}

/// A request for a list that is answered with a bare array.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BareArray;

impl BareArray {
    /// The most rows that such an array has.
    pub(crate) const ROWS_MAX: i64 = 1_000;

    /// Whether the request asked for one.
    pub(crate) fn is_asked_by(request: &HttpRequest) -> bool {
        request.extensions().contains::<Self>()
    }
}

impl Manner {
    /// That of an address which answers as this path below the API's own does.
    pub(super) const fn of(stands_for: &'static str) -> Self {
        Self {
            stands_for,
            is_array: false,
            has_data_beside: false,
            is_strange_id_bad: false,
            is_always_new: false,
            again: None,
        }
    }

    pub(super) fn as_array(self) -> Self {
        Self { is_array: true, ..self }
    }

    pub(super) fn with_data_beside(self) -> Self {
        Self {
            has_data_beside: true,
            ..self
        }
    }

    pub(super) fn with_strange_id_as_bad(self) -> Self {
        Self {
            is_strange_id_bad: true,
            ..self
        }
    }

    pub(super) fn with_error_beside(self) -> Self {
        Self {
            again: Some(Again::Error),
            ..self
        }
    }

    pub(super) fn with_error_always(self) -> Self {
        Self {
            again: Some(Again::ErrorAlways),
            ..self
        }
    }

    pub(super) fn as_always_new(self) -> Self {
        Self {
            is_always_new: true,
            ..self
        }
    }

    pub(super) fn with_non_field_errors(self) -> Self {
        Self {
            again: Some(Again::NonField),
            ..self
        }
    }

    /// The path that it stands for.
    #[must_use]
    pub fn stands_for(&self) -> String {
        format!("/api/v1/pharmacy/{}", self.stands_for)
    }

    /// The path that the address of this request stands for, if it is an older one.
    pub(crate) fn main_path(request: &HttpRequest) -> Option<String> {
        request.extensions().get::<Self>().map(Self::stands_for)
    }

    /// The status of a problem.
    fn status(&self, problem: &Problem) -> StatusCode {
        let status = problem.status();
        let code = problem.code().unwrap_or_default();
        let is_conflict = status == StatusCode::CONFLICT;
        let is_strange_id = *problem == Problem::Refused(Refusal::NotFound);
        let is_bad_conflict = self.again == Some(Again::Error) || BAD_REQUESTS.contains(&code);
        if is_conflict && is_bad_conflict || is_strange_id && self.is_strange_id_bad {
            return StatusCode::BAD_REQUEST;
        }
        status
    }
}

/// Marks a request to an older address, and gives a success the shape that its clients know.
///
/// # Errors
/// None of its own.
pub(crate) async fn translate(
    manner: Manner,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if manner.is_array && !names_page(request.request()) {
        request.extensions_mut().insert(BareArray);
    }
    request.extensions_mut().insert(manner);
    let mut response = next.call(request).await?;
    if manner.is_always_new && response.status() == StatusCode::OK {
        *response.response_mut().status_mut() = StatusCode::CREATED;
    }
    if manner.has_data_beside && response.status().is_success() {
        return Ok(response.map_body(|_, body| with_data_beside(body)));
    }
    Ok(response)
}

/// The object once more under `data`, beside its keys.
fn with_data_beside(body: BoxBody) -> BoxBody {
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(body) => return body,
    };
    match bytes.strip_suffix(b"}") {
        Some(keys) => BoxBody::new([keys, b",\"data\":", &bytes, b"}"].concat()),
        None => BoxBody::new(bytes),
    }
}

/// Gives a problem the status and the keys that clients of the older address know.
pub(crate) fn refused(request: &HttpRequest, problem: &Problem, answer: HttpResponse) -> HttpResponse {
    let Some(manner) = request.extensions().get::<Manner>().copied() else {
        return answer;
    };
    let status = manner.status(problem);
    let is_other = status != answer.status();
    let (mut head, body) = answer.into_parts();
    *head.status_mut() = status;
    let body = match manner.again {
        Some(again) if is_other || again == Again::ErrorAlways => told_again(body, again),
        Some(_) | None => body,
    };
    head.set_body(body)
}

/// The text of the problem once more.
fn told_again(body: BoxBody, again: Again) -> BoxBody {
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(body) => return body,
    };
    match serde_json::from_slice::<Map<String, Value>>(&bytes) {
        Ok(mut keys) => {
            let Some(detail) = keys.get("detail").cloned() else {
                return BoxBody::new(bytes);
            };
            match again {
                Again::Error | Again::ErrorAlways => keys.insert("error".to_owned(), detail),
                Again::NonField => keys.insert(FieldErrors::NON_FIELD.to_owned(), Value::Array(vec![detail])),
            };
            BoxBody::new(Value::Object(keys).to_string())
        }
        Err(_) => BoxBody::new(bytes),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::{BoxBody, MessageBody};

    use super::{Again, told_again, with_data_beside};

    #[test]
    fn a_body_is_told_twice_and_its_own_keys_stay_as_they_are() {
        let body = with_data_beside(BoxBody::new(r#"{"id":7,"status":"paid"}"#));

        let text = body.try_into_bytes().unwrap();
        assert_eq!(text, r#"{"id":7,"status":"paid","data":{"id":7,"status":"paid"}}"#);
    }

    #[test]
    fn the_text_of_a_problem_stands_under_another_name_too() {
        let told = |again| {
            let body = told_again(BoxBody::new(r#"{"detail":"Erta","code":"soon"}"#), again);
            body.try_into_bytes().unwrap()
        };

        for again in [Again::Error, Again::ErrorAlways] {
            assert_eq!(told(again), r#"{"code":"soon","detail":"Erta","error":"Erta"}"#);
        }
        assert_eq!(
            told(Again::NonField),
            r#"{"code":"soon","detail":"Erta","non_field_errors":["Erta"]}"#
        );
        let fields = r#"{"provider":["Bunday tanlov yo'q."]}"#;
        let body = told_again(BoxBody::new(fields), Again::ErrorAlways);
        assert_eq!(body.try_into_bytes().unwrap(), fields);
    }
}
