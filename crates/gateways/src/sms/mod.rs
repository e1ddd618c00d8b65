//! Short messages: by Eskiz or PlayMobile, into the log of a developer's machine, or not at all.

mod eskiz;
mod fallback;
mod log;
mod none;
mod playmobile;

pub use eskiz::{EskizSettings, EskizSms};
pub use fallback::WithFallback;
pub use log::LogSms;
pub use none::NoSms;
pub use playmobile::{PlayMobileSettings, PlayMobileSms};

use std::time::Duration;

use savdo_domain::dispatch::Outcome;

/// How long a provider is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// The longest wait for a connection.
    pub connect: Duration,
    /// The longest that handing over one message may take, log-ins included.
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

fn retry(why: impl Into<String>) -> Outcome {
    let why = why.into();
    Outcome::Retry { why, after: None }
}

/// What a provider said, as one short line of a log: its digits may be a phone or a code, and are not shown.
fn said(words: &str) -> String {
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
