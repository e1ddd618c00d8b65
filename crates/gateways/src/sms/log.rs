//! Short messages for a developer, who reads them in the log. Never in production: a code in a log is a key for whoever reads it.

use savdo_domain::dispatch::Outcome;
use savdo_services::gateways::{Handed, Sms, SmsGateway};

/// Writes each message to the log, codes included.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogSms;

impl SmsGateway for LogSms {
    fn send(&self, sms: &Sms) -> Handed {
        let (to, text) = (sms.to.as_str(), sms.text.as_str());
        tracing::info!(to, text, "A short message to {to}: {text}");
        Outcome::Sent.into()
    }

    fn knows_repetitions(&self) -> bool {
        true
    }
}
