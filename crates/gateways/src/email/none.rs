//! No letters at all, where nobody configured any.

use savdo_domain::dispatch::Outcome;
use savdo_services::gateways::{Mail, MailGateway};

/// Takes no letter.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMail;

impl MailGateway for NoMail {
    fn send(&self, _mail: &Mail) -> Outcome {
        let why = "no letters are sent: email.gateway is \"none\"".to_owned();
        Outcome::Permanent { why }
    }
}
