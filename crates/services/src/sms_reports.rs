//! What providers report of short messages that they took (payments.md 5.2, 5.3).
//!
//! A hint and nothing more: no provider signs what it reports, a word in the address is all its proof. A report moves a message
//! along its way and never back, and decides nothing: what was sent stays sent.

use savdo_domain::coded::Coded;
use savdo_domain::dispatch::Report;
use savdo_persistence::dead_letters;
use subtle::ConstantTimeEq;

use crate::gateways::SmsProvider;
use crate::{Context, Error, Result};

/// The unguessable word in the addresses to which providers report.
#[derive(Clone)]
pub struct HookToken(String);

impl HookToken {
    /// That of the configuration.
    #[must_use]
    pub fn new(token: &str) -> Self {
        Self(token.to_owned())
    }

    /// Whether an address holds it; how much of it is right, no clock tells.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl std::fmt::Debug for HookToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("HookToken(***)")
    }
}

/// What a provider reports of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsReport {
    /// What the provider calls the message.
    pub id: String,
    /// Its word for how the message stands.
    pub status: String,
}

/// Notes reports of messages. What names no message of this provider, comes late or says nothing known changes nothing.
///
/// # Errors
/// A failed statement.
pub fn note(context: &Context, provider: SmsProvider, reports: &[SmsReport]) -> Result<()> {
    let now = context.now();
    let known: Vec<(String, Report)> = reports
        .iter()
        .filter_map(|report| Some((report.id.clone(), understood(provider, &report.status)?)))
        .collect();
    if known.is_empty() {
        return Ok(());
    }
    context.database().write("sms_report", move |tx| {
        for (id, report) in &known {
            dead_letters::note_report_unscoped(tx, (provider.code(), id), *report, now)?;
        }
        Ok::<_, Error>(())
    })
}

/// What the provider's word means; none, and a line in the log, for one that nobody knows.
fn understood(provider: SmsProvider, status: &str) -> Option<Report> {
    let known = match provider {
        SmsProvider::Eskiz => eskiz(status),
        SmsProvider::PlayMobile => playmobile(status),
    };
    if known.is_none() {
        const SHOWN_MAX: usize = 40;
        let status: String = status
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(SHOWN_MAX)
            .collect();
        tracing::warn!(%provider, status, "{provider} reports a status that nobody knows: {status}");
    }
    known
}

fn eskiz(status: &str) -> Option<Report> {
    match status.to_ascii_uppercase().as_str() {
        "WAITING" | "ACCEPTED" | "TRANSMTD" => Some(Report::Accepted),
        "DELIVERED" | "DELIVRD" => Some(Report::Delivered),
        "UNDELIV" | "UNDELIVERABLE" | "REJECTED" | "REJECTD" | "EXPIRED" | "DELETED" | "UNKNOWN" => {
            Some(Report::Undelivered)
        }
        _ => None,
    }
}

fn playmobile(status: &str) -> Option<Report> {
    match status.to_ascii_lowercase().as_str() {
        "transmitted" => Some(Report::Accepted),
        "delivered" => Some(Report::Delivered),
        "notdelivered" | "rejected" | "expired" | "failed" => Some(Report::Undelivered),
        _ => None,
    }
}
