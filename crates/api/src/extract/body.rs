//! A body, read once and strictly: JSON, or where a file may come along a form as well.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::rt::time::timeout;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use validator::Validate;

use crate::extract::form::Part;
use crate::extract::{form, sent, strict, token, validation};
use crate::problem::Problem;
use crate::shell::Shell;

/// The most bytes a JSON body may have.
const JSON_MAX: usize = 1024 * 1024;
/// The most bytes a form may have, its files included.
const FORM_MAX: usize = 10 * 1024 * 1024;

/// A JSON body of the right shape.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

/// A body of the right shape that is JSON or, with a file in it, a form.
#[derive(Debug, Clone)]
pub struct FormOrJson<T>(pub T);

/// The body of an action that may do without: nothing at all is the same as an empty object.
#[derive(Debug, Clone)]
pub struct OptionalBody<T>(pub T);

/// The body of an action that needs none: whatever JSON object is there is tolerated.
#[derive(Debug, Clone, Copy)]
pub struct NoBody;

/// A body that is read up to a limit, and known again.
pub trait Bounded {
    /// The most bytes that the body of this request may have.
    fn bytes_max(_: &HttpRequest) -> usize {
        JSON_MAX
    }

    /// What is said of a body that has more.
    fn too_large(_: &HttpRequest) -> Problem {
        Problem::BodyTooLarge
    }

    /// How much of the body of this request is read, and for how long.
    fn limits(request: &HttpRequest) -> Limits {
        Limits {
            too_large: Self::too_large(request),
            ..Limits::of(request, Self::bytes_max(request))
        }
    }

    /// What tells the body of this request from another.
    ///
    /// # Errors
    /// [`Problem::MalformedBody`] where that cannot be told.
    fn identity(_: &HttpRequest, bytes: &Bytes) -> Result<Bytes, Problem> {
        Ok(bytes.clone())
    }
}

impl<T> Bounded for Body<T> {}

impl<T> Bounded for OptionalBody<T> {}

impl Bounded for NoBody {}

impl<T> Bounded for FormOrJson<T> {
    fn bytes_max(request: &HttpRequest) -> usize {
        if form::is_form(content_type(request)) {
            FORM_MAX
        } else {
            JSON_MAX
        }
    }

    /// The boundary between the parts of a form is another each time.
    fn identity(request: &HttpRequest, bytes: &Bytes) -> Result<Bytes, Problem> {
        if form::is_form(content_type(request)) {
            Ok(form::identity(&parts(content_type(request), bytes)?))
        } else {
            Ok(bytes.clone())
        }
    }
}

pub(super) type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let limits = Limits::of(request, Self::bytes_max(request));
        let payload = payload.take();
        Box::pin(async move {
            if !is_json {
                return Err(Problem::UnsupportedMediaType);
            }
            let bytes = read(payload, limits).await?;
            let object = strict::object(&bytes).map_err(|_| Problem::MalformedBody)?;
            let body = shaped(object)?;
            Ok(Self(body))
        })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for FormOrJson<T> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = content_type(request).to_owned();
        if !form::is_form(&content_type) {
            let json = Body::from_request(request, payload);
            return Box::pin(async move { json.await.map(|Body(body)| Self(body)) });
        }
        let limits = Limits::of(request, Self::bytes_max(request));
        let payload = payload.take();
        Box::pin(async move {
            let bytes = read(payload, limits).await?;
            shaped_form(parts(&content_type, &bytes)?).map(Self)
        })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let limits = Limits::of(request, Self::bytes_max(request));
        let payload = payload.take();
        Box::pin(async move {
            let bytes = read(payload, limits).await?;
            let object = match (bytes.is_empty(), is_json) {
                (true, _) => Map::new(),
                (false, true) => strict::object(&bytes).map_err(|_| Problem::MalformedBody)?,
                (false, false) => return Err(Problem::UnsupportedMediaType),
            };
            shaped(object).map(Self)
        })
    }
}

impl FromRequest for NoBody {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = Limits::of(request, Self::bytes_max(request));
        let payload = payload.take();
        Box::pin(async move { read(payload, limits).await.map(|_| Self) })
    }
}

/// Gives the tree its type, and checks the shape of every field.
fn shaped<T: DeserializeOwned + Validate>(object: Map<String, Value>) -> Result<T, Problem> {
    let sent = Value::Object(object);
    let body: T = serde_path_to_error::deserialize(&sent)
        .map_err(|error| Problem::Refused(misfit(error.path(), error.inner(), &sent).into()))?;
    body.validate()
        .map_err(|found| Problem::Refused(Refusal::Fields(validation::errors(&found, &sent))))?;
    Ok(body)
}

pub(super) fn parts(content_type: &str, bytes: &Bytes) -> Result<Vec<Part>, Problem> {
    form::parts(content_type, bytes).map_err(|_| Problem::MalformedBody)
}

/// The same for the parts of a form, in which nothing is nested.
pub(super) fn shaped_form<T: DeserializeOwned + Validate>(parts: Vec<Part>) -> Result<T, Problem> {
    let body: T = sent::shaped(parts)
        .map_err(|error| Problem::Refused(misfit(error.path(), error.inner(), &Value::Null).into()))?;
    body.validate()
        .map_err(|found| Problem::Refused(Refusal::Fields(validation::errors(&found, &Value::Null))))?;
    Ok(body)
}

/// The first misfit, at its place in the body: of a list of objects at the element and its key, of plain values at the list.
fn misfit(path: &serde_path_to_error::Path, error: &dyn Display, sent: &Value) -> FieldErrors {
    use serde_path_to_error::Segment;
    let problem = token::read(&error.to_string());
    let segments: Vec<_> = path.iter().collect();
    match segments.as_slice() {
        [
            Segment::Map { key: list },
            Segment::Seq { index },
            Segment::Map { key },
            ..,
        ] => {
            let length = validation::length_of(sent, list);
            FieldErrors::in_element(list, *index, length, FieldErrors::one(key.as_str(), problem))
        }
        [Segment::Map { key }, ..] => FieldErrors::one(key.as_str(), problem),
        _ => FieldErrors::across(FieldProblem::WrongType),
    }
}

/// How much of a body is read, and for how long.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The length that the request says its body has.
    announced: Option<usize>,
    most: usize,
    within: Duration,
    too_large: Problem,
}

impl Limits {
    /// Those of a body that has at most `most` bytes.
    pub(crate) fn of(request: &HttpRequest, most: usize) -> Self {
        let announced = request
            .headers()
            .get(CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok());
        let shell = Shell::of(request);
        Self {
            announced: announced.and_then(|length| length.parse().ok()),
            most,
            within: if form::is_form(content_type(request)) {
                shell.form_within
            } else {
                shell.body_within
            },
            too_large: Problem::BodyTooLarge,
        }
    }
}

/// All bytes of a body.
pub(crate) async fn read(payload: Payload, limits: Limits) -> Result<Bytes, Problem> {
    if limits.announced.is_some_and(|length| length > limits.most) {
        return Err(limits.too_large);
    }
    let arrived = timeout(limits.within, collect(payload, limits.most, limits.too_large)).await;
    arrived.unwrap_or(Err(Problem::BodyTooSlow))
}

async fn collect(mut payload: Payload, most: usize, too_large: Problem) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| match error {
            PayloadError::Overflow => too_large.clone(),
            _ => Problem::MalformedBody,
        })?;
        if bytes.len().saturating_add(chunk.len()) > most {
            return Err(too_large);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// The type of the body as it arrives; none of a packed one, for nothing here unpacks.
pub(crate) fn content_type(request: &HttpRequest) -> &str {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if header(CONTENT_ENCODING).is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return "";
    }
    header(CONTENT_TYPE).unwrap_or_default()
}

fn is_json(request: &HttpRequest) -> bool {
    let media_type = content_type(request).split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use savdo_domain::{FieldErrors, FieldProblem, Refusal};
    use serde::Deserialize;
    use serde_json::{Value, json};
    use validator::Validate;

    use super::shaped;
    use crate::problem::Problem;

    #[derive(Debug, Deserialize, Validate)]
    struct Sale {
        #[validate(nested)]
        items: Option<Vec<Item>>,
        #[expect(dead_code, reason = "only its shape is looked at")]
        branches: Option<Vec<i64>>,
    }

    #[derive(Debug, Deserialize, Validate)]
    struct Item {
        #[validate(required)]
        product: Option<i64>,
    }

    fn refused(body: &Value) -> Problem {
        shaped::<Sale>(body.as_object().unwrap().clone()).unwrap_err()
    }

    fn first_of_three(problem: FieldProblem) -> Problem {
        let errors = FieldErrors::in_element("items", 0, 3, FieldErrors::one("product", problem));
        Problem::Refused(Refusal::Fields(errors))
    }

    #[test]
    fn a_list_is_answered_with_as_many_elements_as_were_sent() {
        let missing = json!({ "items": [{}, { "product": 1 }, { "product": 2 }] });
        let misfit = json!({ "items": [{ "product": "x" }, { "product": 1 }, { "product": 2 }] });

        assert_eq!(refused(&missing), first_of_three(FieldProblem::Required));
        assert_eq!(refused(&misfit), first_of_three(FieldProblem::WrongType));
    }

    #[test]
    fn a_misfit_among_plain_values_is_told_at_their_list() {
        let expected = Problem::Refused(Refusal::field("branches", FieldProblem::WrongType));

        assert_eq!(refused(&json!({ "branches": [1, "x", 2] })), expected);
    }
}
