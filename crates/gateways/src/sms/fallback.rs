//! A second provider, for what the first surely did not take.

use std::sync::Arc;

use savdo_domain::dispatch::Outcome;
use savdo_services::gateways::{Handed, Sms, SmsGateway};

/// Asks the first provider, and the second only where the first surely did not take the message, neither now nor on an earlier try.
pub struct WithFallback {
    first: Arc<dyn SmsGateway>,
    second: Arc<dyn SmsGateway>,
}

impl WithFallback {
    /// Both of them.
    #[must_use]
    pub fn new(first: Arc<dyn SmsGateway>, second: Arc<dyn SmsGateway>) -> Self {
        Self { first, second }
    }
}

impl SmsGateway for WithFallback {
    fn send(&self, sms: &Sms) -> Handed {
        let handed = self.first.send(sms);
        let (Outcome::Retry { why, .. } | Outcome::Permanent { why }) = &handed.outcome else {
            return handed;
        };
        if sms.is_doubtful {
            return handed;
        }
        tracing::warn!(
            sms.number = sms.message_number,
            why,
            "The first provider did not take message {}: {why}",
            sms.message_number
        );
        self.second.send(sms)
    }

    fn knows_repetitions(&self) -> bool {
        self.first.knows_repetitions() && self.second.knows_repetitions()
    }
}
