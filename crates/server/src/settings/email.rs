//! How letters are sent, and where they lead to.

use std::net::IpAddr;
use std::time::Duration;

use savdo_gateways::email::{Security, Sender, SmtpSettings};
use savdo_services::jobs::ResetLink;
use serde::Deserialize;

use super::{Environment, SettingsError};

/// The longest wait for a connection or an answer of the mail server, and for all of a letter.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
const DONE_WITHIN: Duration = Duration::from_secs(10);

/// How letters are sent, and where they lead to.
#[derive(Debug, Clone)]
pub struct EmailSettings {
    /// What sends them.
    pub gateway: EmailGateway,
    /// Where the one for a new password leads to.
    pub reset_link: ResetLink,
}

/// What sends letters.
#[derive(Debug, Clone)]
pub enum EmailGateway {
    /// The log, links included: for a developer's machine.
    Log,
    /// A mail server.
    Smtp(SmtpSettings),
    /// Nothing does.
    None,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenGateway {
    Log,
    Smtp,
    None,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenTransport {
    Starttls,
    Tls,
    None,
}

/// The section as it stands in the files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenEmail {
    gateway: WrittenGateway,
    from: String,
    reset_link: String,
    smtp_host: String,
    smtp_port: u16,
    smtp_security: WrittenTransport,
    smtp_username: String,
    smtp_password: String,
}

impl std::fmt::Debug for WrittenEmail {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "WrittenEmail({:?}, ***)", self.gateway)
    }
}

impl WrittenEmail {
    pub(super) fn checked(self, environment: Environment) -> Result<EmailSettings, SettingsError> {
        let reset_link = ResetLink::parse(&self.reset_link)
            .map_err(|problem| SettingsError::invalid("email.reset_link", problem))?;
        let gateway = match self.gateway {
            WrittenGateway::Log if environment == Environment::Production => {
                let why = "is \"log\", which shows the links of letters to whoever reads the log: not in production";
                return Err(SettingsError::invalid("email.gateway", why));
            }
            WrittenGateway::Log => EmailGateway::Log,
            WrittenGateway::None => EmailGateway::None,
            WrittenGateway::Smtp => EmailGateway::Smtp(self.smtp(environment)?),
        };
        Ok(EmailSettings { gateway, reset_link })
    }

    fn smtp(self, environment: Environment) -> Result<SmtpSettings, SettingsError> {
        let from = Sender::parse(&self.from).map_err(|problem| SettingsError::invalid("email.from", problem))?;
        if self.smtp_host.is_empty() {
            return Err(SettingsError::invalid(
                "email.smtp_host",
                "is empty; it names the mail server",
            ));
        }
        if environment == Environment::Production && !self.reset_link.starts_with("https://") {
            let why = "is no https:// address: whoever reads it on its way sets the password";
            return Err(SettingsError::invalid("email.reset_link", why));
        }
        let security = match self.smtp_security {
            WrittenTransport::Starttls => Security::StartTls,
            WrittenTransport::Tls => Security::Tls,
            WrittenTransport::None if is_loopback(&self.smtp_host) || self.smtp_username.is_empty() => Security::None,
            WrittenTransport::None => {
                let why = "is \"none\": a user name and password go over TLS alone, but to this machine";
                return Err(SettingsError::invalid("email.smtp_security", why));
            }
        };
        let login = (!self.smtp_username.is_empty()).then_some((self.smtp_username, self.smtp_password));
        Ok(SmtpSettings {
            host: self.smtp_host,
            port: self.smtp_port,
            security,
            login,
            from,
            answer_within: ANSWER_WITHIN,
            done_within: DONE_WITHIN,
        })
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
