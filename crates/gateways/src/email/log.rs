//! Letters for a developer, who reads them in the log. Never in production: a link in a log is a key for whoever reads it.

use savdo_domain::dispatch::Outcome;
use savdo_services::gateways::{Mail, MailGateway};

/// Writes each letter to the log, its links included.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogMail;

impl MailGateway for LogMail {
    fn send(&self, mail: &Mail) -> Outcome {
        let (to, subject, text) = (mail.to.as_str(), mail.subject.as_str(), mail.text.as_str());
        tracing::info!(to, subject, text, "A letter to {to}: {subject}");
        Outcome::Sent
    }
}
