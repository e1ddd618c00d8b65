//! A client that sends what it is told, also what is wrong, and never fails on an error status.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{Method, Request};

use crate::form::Form;
use crate::transcript::{Exchange, Transcript};

/// The request id of every request that names no other, so that bodies repeat.
const REQUEST_ID: &str = "test-request-1";

/// A client of one server, signed in or not. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    address: String,
    agent: ureq::Agent,
    token: Option<String>,
    headers: Vec<(String, String)>,
    /// Empty for a client whose requests are not noted.
    transcript: Option<Transcript>,
}

/// What the server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body, if it is JSON; else null.
    pub body: Value,
    /// The body as it came; what is no text in it is lost.
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Client {
    pub(crate) fn new(address: String, transcript: Transcript) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(60)))
            .proxy(None)
            // A connection per request: none is found closed by a server that did not read a refused body.
            .max_idle_connections(0)
            .build();
        Self {
            address,
            agent: config.new_agent(),
            token: None,
            headers: Vec::new(),
            transcript: Some(transcript),
        }
    }

    /// The same client with an access token.
    #[must_use]
    pub fn signed_in(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// Its access token; empty when it is not signed in.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// The same client with one more header on every request.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
        Self {
            headers,
            ..self.clone()
        }
    }

    /// The same client, whose requests are not noted: for what only prepares.
    #[must_use]
    pub fn unnoted(&self) -> Self {
        Self {
            transcript: None,
            ..self.clone()
        }
    }

    /// GET.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    /// POST with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send_json("POST", path, body)
    }

    /// PATCH with a JSON body.
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send_json("PATCH", path, body)
    }

    /// PUT with a JSON body.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send_json("PUT", path, body)
    }

    /// A form, by POST or PATCH. What is noted of it is that it is one.
    pub fn send_form(&self, method: &str, path: &str, form: &Form) -> Answer {
        let with_type = self.with_header("content-type", &Form::content_type());
        with_type.send(method, path, Some(&form.body()))
    }

    /// POST without a body.
    pub fn act(&self, path: &str) -> Answer {
        self.send("POST", path, Some(b""))
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }

    /// Any method with a body of these bytes, or without one.
    ///
    /// # Panics
    /// When there is no answer at all.
    pub fn send(&self, method: &str, path: &str, body: Option<&[u8]>) -> Answer {
        let answer = self
            .try_send(method, path, body)
            .unwrap_or_else(|error| panic!("{method} {path} got no answer: {error}"));
        if let Some(transcript) = &self.transcript {
            transcript.note(Exchange::of(method, path, body, &answer));
        }
        answer
    }

    /// As [`Client::send`], and not noted.
    ///
    /// # Errors
    /// No answer.
    pub fn try_send(&self, method: &str, path: &str, body: Option<&[u8]>) -> Result<Answer, ureq::Error> {
        let method = Method::from_bytes(method.as_bytes()).unwrap_or_else(|error| panic!("{method}: {error}"));
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{}", self.address, encoded(path)));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if !self.headers.iter().any(|(name, _)| name == "x-request-id") {
            request = request.header("x-request-id", REQUEST_ID);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body)?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let headers = response.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let headers = headers.collect();
        let bytes = response
            .body_mut()
            .with_config()
            .limit(64 * 1024 * 1024)
            .read_to_vec()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Answer {
            status: response.status().as_u16(),
            headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            text,
            bytes,
        })
    }

    fn send_json(&self, method: &str, path: &str, body: &Value) -> Answer {
        let with_type = self.with_header("content-type", "application/json");
        with_type.send(method, path, Some(body.to_string().as_bytes()))
    }
}

/// What every client does before it sends an address: letters beyond ASCII become `%XX`.
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

impl Answer {
    /// A header; empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// A value of the body, by JSON pointer such as `/data/id`.
    ///
    /// # Panics
    /// When it is not there.
    #[must_use]
    pub fn at(&self, pointer: &str) -> &Value {
        self.body
            .pointer(pointer)
            .unwrap_or_else(|| panic!("no {pointer} in {} {}", self.status, self.text))
    }

    /// A whole number of the body, such as an id.
    ///
    /// # Panics
    /// When it is not there, or no such number.
    #[must_use]
    pub fn integer(&self, pointer: &str) -> i64 {
        let value = self.at(pointer);
        value.as_i64().unwrap_or_else(|| panic!("{pointer} is {value}"))
    }

    /// A text of the body.
    ///
    /// # Panics
    /// When it is not there, or no text.
    #[must_use]
    pub fn text(&self, pointer: &str) -> &str {
        let value = self.at(pointer);
        value.as_str().unwrap_or_else(|| panic!("{pointer} is {value}"))
    }

    /// The answer itself, if it has this status.
    ///
    /// # Panics
    /// When it has another.
    #[must_use]
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}
