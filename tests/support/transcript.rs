//! What clients sent and got, as text that can be compared and kept.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use savdo_persistence::testing::Backend;
use serde_json::Value;

use crate::client::Answer;
use crate::form::Form;
use crate::server::Server;

/// Headers that belong to the contract.
const SHOWN: [&str; 10] = [
    "allow",
    "cache-control",
    "content-type",
    "etag",
    "idempotent-replayed",
    "link",
    "retry-after",
    "www-authenticate",
    "x-request-id",
    "x-total-count",
];

/// What goes without saying.
const UNSAID: [(&str, &str); 3] = [
    ("cache-control", "no-store"),
    ("content-type", "application/json"),
    ("x-request-id", "test-request-1"),
];

/// How a document inside JSON begins.
const DOCUMENT: &str = "data:application/pdf;base64,";

/// Everything that the clients of one server sent and got, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Transcript(Arc<Mutex<Vec<Exchange>>>);

/// One request and its answer, as text.
#[derive(Debug, Clone)]
pub(crate) struct Exchange(String);

impl Transcript {
    pub(crate) fn note(&self, exchange: Exchange) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }

    pub(crate) fn text(&self) -> String {
        let exchanges = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let texts: Vec<_> = exchanges.iter().map(|exchange| exchange.0.as_str()).collect();
        texts.join("\n")
    }
}

impl Exchange {
    pub(crate) fn of(method: &str, path: &str, body: Option<&[u8]>, answer: &Answer) -> Self {
        let mut text = format!("{method} {path}\n");
        match body {
            Some(body) if !body.is_empty() => text.push_str(&sent(body)),
            Some(_) | None => {}
        }
        let _ = writeln!(text, "=> {}", answer.status);
        for (name, value) in &answer.headers {
            // A tag is made of the answer's bytes, which are shown themselves.
            let value = if name == "etag" { "(tag)" } else { value };
            if SHOWN.contains(&name.as_str()) && !UNSAID.contains(&(name, value)) {
                let _ = writeln!(text, "{name}: {value}");
            }
        }
        match &answer.body {
            Value::Null if answer.text.is_empty() => {}
            Value::Null => text.push_str(&printed(answer).unwrap_or_else(|| format!("{}\n", answer.text))),
            body => text.push_str(&pretty(body)),
        }
        Self(text)
    }
}

/// The transcript of a script that ran on both databases.
///
/// # Panics
/// When the two got different answers.
#[must_use]
pub fn transcript_on_both(script: impl Fn(&Server)) -> String {
    let [sqlite, postgres] = [Backend::Sqlite, Backend::Postgres].map(|backend| {
        let server = Server::on(backend);
        script(&server);
        server.transcript()
    });
    if sqlite != postgres {
        let differing = sqlite.lines().zip(postgres.lines()).find(|(left, right)| left != right);
        panic!("the two databases answer differently, first at {differing:?}\n\n{sqlite}\n\n{postgres}");
    }
    sqlite
}

fn sent(body: &[u8]) -> String {
    if let Some(told) = Form::told(body) {
        return told;
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(body) if body.is_object() => pretty(&body),
        Ok(_) | Err(_) => {
            let text = String::from_utf8_lossy(body);
            let start: String = text.chars().take(200).collect();
            format!("{start}\n")
        }
    }
}

/// What can be read on a document, page by page; of one that somebody sent in, perhaps nothing.
fn printed(answer: &Answer) -> Option<String> {
    if answer.header("content-type") != "application/pdf" {
        return None;
    }
    lines(&answer.bytes)
}

fn lines(pdf: &[u8]) -> Option<String> {
    let pages = savdo_paper::testing::read(pdf).ok()?;
    let pages: Vec<_> = pages.into_iter().map(|lines| lines.join("\n") + "\n").collect();
    Some(pages.join("----\n"))
}

fn pretty(body: &Value) -> String {
    let hidden = without_randomness(body.clone());
    serde_json::to_string_pretty(&hidden).unwrap_or_else(|error| panic!("{error}")) + "\n"
}

/// Tokens and the names of stored files differ from run to run.
fn without_randomness(body: Value) -> Value {
    match body {
        Value::String(address) if address.contains("/media/products/") => {
            let (folder, name) = address.rsplit_once('/').unwrap_or_default();
            let (_, extension) = name.rsplit_once('.').unwrap_or_default();
            Value::String(format!("{folder}/[name].{extension}"))
        }
        Value::String(text) if text.starts_with("eyJ") && text.split('.').count() == 3 => {
            Value::String("[token]".to_owned())
        }
        Value::String(document) if document.starts_with(DOCUMENT) => {
            let printed = document
                .strip_prefix(DOCUMENT)
                .and_then(|base64| STANDARD.decode(base64).ok());
            Value::String(format!(
                "{DOCUMENT}[{}]",
                printed.and_then(|pdf| lines(&pdf)).unwrap_or_default()
            ))
        }
        Value::Array(elements) => elements.into_iter().map(without_randomness).collect(),
        Value::Object(entries) => entries
            .into_iter()
            .map(|(key, value)| (key, without_randomness(value)))
            .collect(),
        other => other,
    }
}
