//! How short messages are sent.

use serde::Deserialize;

use super::{Environment, SettingsError};

/// What sends short messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmsSettings {
    /// The log, codes included: for a developer's machine.
    Log,
    /// Nothing does.
    None,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenGateway {
    Log,
    None,
}

/// The section as it stands in the files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSms {
    gateway: WrittenGateway,
}

impl WrittenSms {
    pub(super) fn checked(self, environment: Environment) -> Result<SmsSettings, SettingsError> {
        match self.gateway {
            WrittenGateway::Log if environment == Environment::Production => {
                let why = "is \"log\", which shows codes to whoever reads the log: not in production";
                Err(SettingsError::invalid("sms.gateway", why))
            }
            WrittenGateway::Log => Ok(SmsSettings::Log),
            WrittenGateway::None => Ok(SmsSettings::None),
        }
    }
}
