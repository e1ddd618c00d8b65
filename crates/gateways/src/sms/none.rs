//! No short messages at all, where nobody configured any.

use savdo_domain::dispatch::Outcome;
use savdo_services::gateways::{Handed, Sms, SmsGateway};

/// Takes no message.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSms;

impl SmsGateway for NoSms {
    fn send(&self, _sms: &Sms) -> Handed {
        let why = "no short messages are sent: sms.gateway is \"none\"".to_owned();
        Outcome::Permanent { why }.into()
    }

    fn knows_repetitions(&self) -> bool {
        true
    }
}
