//! Calls of providers over HTTP: one connection for each, no redirect followed, nothing read beyond a bound.
//!
//! What matters of a call that failed is whether the other side may have got it: a connection that never came about is one
//! thing, an answer that never came another.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use ureq::http::Response;
use ureq::typestate::WithoutBody;
use ureq::{Agent, Body, Error, RequestBuilder, Timeout};

const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// How long a provider is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// The longest wait for a connection.
    pub connect: Duration,
    /// The longest that one thing asked of it may take, log-ins included.
    pub whole: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            whole: Duration::from_secs(10),
        }
    }
}

/// An answer, whatever it says.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Seconds that the other side asks to be left alone.
    pub(crate) retry_after: Option<i64>,
    /// None when it broke off, is too long or no text.
    pub(crate) body: Option<String>,
}

impl Answer {
    /// How long the other side asks to be left alone, a day at the most.
    pub(crate) fn pause(&self) -> Option<TimeDelta> {
        const PAUSE_SECONDS_MAX: i64 = 24 * 60 * 60;
        let seconds = self.retry_after.filter(|seconds| *seconds > 0)?;
        Some(TimeDelta::seconds(seconds.min(PAUSE_SECONDS_MAX)))
    }
}

/// Why there is no answer.
pub(crate) enum Silence {
    /// The other side surely heard nothing.
    Unheard(&'static str),
    /// It may have heard it.
    Unknown(&'static str),
}

/// A request as it goes out.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a str,
    /// The header by which we prove ourselves: its name and value.
    pub(crate) credential: Option<(&'a str, &'a str)>,
    /// Nothing where the method sends no body.
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a str,
}

/// The methods that providers want.
#[derive(Clone, Copy)]
pub(crate) enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

/// Calls one provider.
pub(crate) struct Caller {
    agent: Agent,
}

impl Caller {
    pub(crate) fn new(connect_within: Duration) -> Self {
        let config = Agent::config_builder()
            .timeout_connect(Some(connect_within))
            .timeout_resolve(Some(connect_within))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .proxy(None)
            .user_agent("savdo/1")
            .build();
        Self {
            agent: config.new_agent(),
        }
    }

    /// Calls until `deadline` at the latest.
    pub(crate) fn call(&self, call: &Call<'_>, deadline: Instant) -> Result<Answer, Silence> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Silence::Unheard("no time is left"));
        }
        let sent = match call.method {
            Method::Get => bare(self.agent.get(call.url), call, left),
            Method::Delete => bare(self.agent.delete(call.url), call, left),
            Method::Post => proved(self.agent.post(call.url), call, left).send(call.body),
            Method::Patch => proved(self.agent.patch(call.url), call, left).send(call.body),
        };
        let mut response = sent.map_err(|error| silence(&error))?;
        let retry_after = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok());
        Ok(Answer {
            status: response.status().as_u16(),
            retry_after: retry_after.and_then(|value| value.parse().ok()),
            body: response
                .body_mut()
                .with_config()
                .limit(ANSWER_BYTES_MAX)
                .read_to_string()
                .ok(),
        })
    }
}

fn bare(request: RequestBuilder<WithoutBody>, call: &Call<'_>, within: Duration) -> Result<Response<Body>, Error> {
    proved(request, call, within).call()
}

fn proved<Any>(request: RequestBuilder<Any>, call: &Call<'_>, within: Duration) -> RequestBuilder<Any> {
    let mut request = request;
    if !call.content_type.is_empty() {
        request = request.header("Content-Type", call.content_type);
    }
    if let Some((name, value)) = call.credential {
        request = request.header(name, value);
    }
    request.config().timeout_global(Some(within)).build()
}

fn silence(error: &Error) -> Silence {
    match error {
        Error::HostNotFound => Silence::Unheard("its name is unknown"),
        Error::ConnectionFailed => Silence::Unheard("no connection"),
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => Silence::Unheard("no connection in time"),
        Error::Rustls(_) | Error::Tls(_) => Silence::Unheard("no TLS"),
        Error::BadUri(_) | Error::Http(_) => Silence::Unheard("its address is none"),
        Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                Silence::Unheard("no connection")
            }
            _ => Silence::Unknown("the connection broke off"),
        },
        Error::Timeout(_) => Silence::Unknown("no answer in time"),
        _ => Silence::Unknown("an answer that is none"),
    }
}

/// What a provider said, as one short line of a log: its digits may be a phone or a code, and are not shown.
pub(crate) fn said(words: &str) -> String {
    const SHOWN_MAX: usize = 160;
    const DIGITS_SHOWN_MAX: usize = 3;
    let line: String = words
        .chars()
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .collect();
    let mut shown = String::new();
    let mut digits = String::new();
    let flush = |digits: &mut String, shown: &mut String| {
        shown.push_str(if digits.len() > DIGITS_SHOWN_MAX { "***" } else { digits });
        digits.clear();
    };
    for sign in line.chars() {
        if sign.is_ascii_digit() {
            digits.push(sign);
        } else {
            flush(&mut digits, &mut shown);
            shown.push(sign);
        }
    }
    flush(&mut digits, &mut shown);
    shown.trim().chars().take(SHOWN_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn what_a_provider_says_is_one_line_without_phones_and_codes() {
        assert_eq!(
            said(" no\r\nbalance for +998901234567, code 482915: error 400 "),
            "no  balance for +***, code ***: error 400"
        );
        assert_eq!(said(&"a".repeat(1000)).len(), 160);
    }
}
