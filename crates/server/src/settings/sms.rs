//! How short messages are sent.

use savdo_gateways::sms::{EskizSettings, PlayMobileSettings, Waits};
use savdo_services::sms_reports::HookToken;
use serde::Deserialize;

use super::{Environment, SettingsError};

/// An unguessable word has at least so many signs.
const TOKEN_LENGTH_MIN: usize = 24;
const CARRIES: &str = "it carries codes and a log-in";

/// How short messages are sent.
#[derive(Debug, Clone)]
pub struct SmsSettings {
    /// What sends them.
    pub gateway: SmsGatewaySettings,
    /// What sends those that the first surely did not take.
    pub fallback: Option<SmsGatewaySettings>,
    /// What providers prove themselves with when they report what became of a message.
    pub hook_token: Option<HookToken>,
}

/// What sends short messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmsGatewaySettings {
    /// The log, codes included: for a developer's machine.
    Log,
    /// Eskiz.
    Eskiz(EskizSettings),
    /// PlayMobile.
    PlayMobile(PlayMobileSettings),
    /// Nothing does.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WrittenGateway {
    Log,
    Eskiz,
    PlayMobile,
    None,
}

/// The section as it stands in the files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSms {
    gateway: WrittenGateway,
    fallback: WrittenGateway,
    hook_token: String,
    eskiz_url: String,
    eskiz_email: String,
    eskiz_password: String,
    eskiz_from: String,
    playmobile_url: String,
    playmobile_username: String,
    playmobile_password: String,
    playmobile_originator: String,
}

impl std::fmt::Debug for WrittenSms {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "WrittenSms({:?}, {:?}, ***)", self.gateway, self.fallback)
    }
}

impl WrittenSms {
    pub(super) fn checked(
        &self,
        environment: Environment,
        public_url: Option<&str>,
    ) -> Result<SmsSettings, SettingsError> {
        let hook_token = self.hook_token()?;
        if self.fallback == self.gateway && self.fallback != WrittenGateway::None {
            let why = "is the same as sms.gateway: it gets what that one does not take";
            return Err(SettingsError::invalid("sms.fallback", why));
        }
        if self.fallback == WrittenGateway::Log {
            let why = "is \"log\": what the first does not take goes to another provider or to nobody";
            return Err(SettingsError::invalid("sms.fallback", why));
        }
        let reports_to = public_url.filter(|_| hook_token.is_some());
        let callback_url = reports_to.map(|url| format!("{url}/api/v1/hooks/sms/eskiz/{}/", self.hook_token));
        let fallback = self.gateway(self.fallback, environment, callback_url.clone())?;
        Ok(SmsSettings {
            gateway: self.gateway(self.gateway, environment, callback_url)?,
            fallback: (fallback != SmsGatewaySettings::None).then_some(fallback),
            hook_token,
        })
    }

    fn hook_token(&self) -> Result<Option<HookToken>, SettingsError> {
        let token = self.hook_token.as_str();
        if token.is_empty() {
            return Ok(None);
        }
        let is_word = token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !is_word || token.len() < TOKEN_LENGTH_MIN {
            let why = format!(
                "is no word of at least {TOKEN_LENGTH_MIN} letters and digits, as `openssl rand -hex 24` prints it"
            );
            return Err(SettingsError::invalid("sms.hook_token", why));
        }
        Ok(Some(HookToken::new(token)))
    }

    fn gateway(
        &self,
        gateway: WrittenGateway,
        environment: Environment,
        callback_url: Option<String>,
    ) -> Result<SmsGatewaySettings, SettingsError> {
        match gateway {
            WrittenGateway::Log if environment == Environment::Production => {
                let why = "is \"log\", which shows codes to whoever reads the log: not in production";
                Err(SettingsError::invalid("sms.gateway", why))
            }
            WrittenGateway::Log => Ok(SmsGatewaySettings::Log),
            WrittenGateway::None => Ok(SmsGatewaySettings::None),
            WrittenGateway::Eskiz => Ok(SmsGatewaySettings::Eskiz(EskizSettings {
                url: address("sms.eskiz_url", &self.eskiz_url, CARRIES)?,
                email: given("sms.eskiz_email", &self.eskiz_email)?,
                password: given("sms.eskiz_password", &self.eskiz_password)?,
                from: given("sms.eskiz_from", &self.eskiz_from)?,
                callback_url,
                waits: Waits::default(),
            })),
            WrittenGateway::PlayMobile => Ok(SmsGatewaySettings::PlayMobile(PlayMobileSettings {
                url: address("sms.playmobile_url", &self.playmobile_url, CARRIES)?,
                username: given("sms.playmobile_username", &self.playmobile_username)?,
                password: given("sms.playmobile_password", &self.playmobile_password)?,
                originator: given("sms.playmobile_originator", &self.playmobile_originator)?,
                waits: Waits::default(),
            })),
        }
    }
}

fn given(key: &'static str, value: &str) -> Result<String, SettingsError> {
    if value.is_empty() {
        return Err(SettingsError::invalid(key, "is empty; the provider gave one"));
    }
    Ok(value.to_owned())
}

/// An address by TLS; in the open to this machine alone.
pub(super) fn address(key: &str, value: &str, why: &str) -> Result<String, SettingsError> {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let is_local = local.iter().any(|local| {
        value
            .strip_prefix(local)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    let has_host = value
        .strip_prefix("https://")
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    if !is_local && !has_host {
        return Err(SettingsError::invalid(key, format!("is no https:// address: {why}")));
    }
    Ok(value.to_owned())
}
