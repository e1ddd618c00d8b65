//! The line to a server: each call and its answer are shown, and compared with what the scenario has there.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;
use ureq::Agent;

/// Longer than a server takes, which answers within 10 s.
const PATIENCE: Duration = Duration::from_secs(15);

/// A line to a server, on which everything that is said is shown.
pub(super) struct Line<'a> {
    agent: Agent,
    server: String,
    out: &'a mut dyn Write,
}

/// A call.
pub(super) enum Call<'a> {
    /// JSON, with the credential of the desk.
    Json { authorization: &'a str, body: &'a Value },
    /// A form.
    Form(&'a [(&'static str, String)]),
}

impl<'a> Line<'a> {
    pub(super) fn to(server: &str, out: &'a mut dyn Write) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build();
        Self {
            agent: config.new_agent(),
            server: server.trim_end_matches('/').to_owned(),
            out,
        }
    }

    /// Calls, and shows it under this name; the answer, which holds all of `expected`.
    ///
    /// # Errors
    /// A server that cannot be reached, an answer that is another.
    pub(super) fn expect(
        &mut self,
        (path, name): (&str, &str),
        call: &Call<'_>,
        expected: &Value,
    ) -> anyhow::Result<String> {
        let shown = match call {
            Call::Json { body, .. } => body.to_string(),
            Call::Form(fields) => unsigned(fields),
        };
        writeln!(self.out, "{name} {shown}")?;
        let (status, text) = self.ask(path, call)?;
        writeln!(self.out, "    {text}")?;
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        if status != 200 || !holds(&answer, expected) {
            bail!("{name} was answered otherwise than the scenario has it: status {status}, not 200 with {expected}");
        }
        Ok(text)
    }

    /// As [`expect`](Self::expect), called twice: the answer to a repeat is the same to the byte.
    ///
    /// # Errors
    /// As [`expect`](Self::expect).
    pub(super) fn expect_twice(
        &mut self,
        of: (&str, &str),
        call: &Call<'_>,
        expected: &Value,
    ) -> anyhow::Result<String> {
        let first = self.expect(of, call, expected)?;
        let again = self.expect(of, call, expected)?;
        if first != again {
            bail!("{} was answered otherwise when it was repeated", of.1);
        }
        Ok(first)
    }

    /// Says what is not said over the line.
    pub(super) fn say(&mut self, words: &str) -> std::io::Result<()> {
        writeln!(self.out, "{words}")
    }

    fn ask(&self, path: &str, call: &Call<'_>) -> anyhow::Result<(u16, String)> {
        let url = format!("{}{path}", self.server);
        let request = self.agent.post(&url);
        let answer = match call {
            Call::Json { authorization, body } => request
                .header("authorization", *authorization)
                .header("content-type", "text/json; charset=UTF-8")
                .send(body.to_string()),
            Call::Form(fields) => request.send_form(fields.iter().map(|(name, value)| (*name, value.as_str()))),
        };
        let mut answer = answer.with_context(|| url.clone())?;
        let text = answer.body_mut().read_to_string().with_context(|| url.clone())?;
        Ok((answer.status().as_u16(), text))
    }
}

/// A form as it is shown: a signature is worth as much as the secret behind it.
fn unsigned(fields: &[(&'static str, String)]) -> String {
    let shown = fields.iter().map(|(name, value)| match *name {
        "sign_string" => format!("{name}=***"),
        _ => format!("{name}={value}"),
    });
    shown.collect::<Vec<_>>().join("&")
}

/// Whether `answer` has all that `expected` has.
fn holds(answer: &Value, expected: &Value) -> bool {
    match (answer, expected) {
        (Value::Object(answer), Value::Object(expected)) => expected
            .iter()
            .all(|(key, expected)| answer.get(key).is_some_and(|answer| holds(answer, expected))),
        _ => answer == expected,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{holds, unsigned};

    #[test]
    fn an_answer_holds_what_is_expected_and_may_say_more() {
        let answer = json!({ "result": { "state": 1, "transaction": "5" }, "id": 7 });

        assert!(holds(&answer, &json!({ "result": { "state": 1 } })) && holds(&answer, &json!({})));
        for other in [
            json!({ "result": { "state": 2 } }),
            json!({ "error": { "code": 1 } }),
            json!({ "id": {} }),
        ] {
            assert!(!holds(&answer, &other), "{other}");
        }
    }

    #[test]
    fn a_signature_is_not_shown() {
        let fields = [("action", "0".to_owned()), ("sign_string", "0123abcd".to_owned())];

        assert_eq!(unsigned(&fields), "action=0&sign_string=***");
    }
}
