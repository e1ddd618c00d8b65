//! The desk at Payme.

use savdo_domain::payment::desk;
use savdo_domain::payment::payme::PaymeDesk;
use savdo_services::desks::KNOWN_PAYME_KEY;
use serde::Deserialize;

use super::{PEOPLE_PAY, Secrets, check_word, sms};
use crate::settings::SettingsError;

/// `[payments.payme]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPayme {
    merchant_id: String,
    login: String,
    key: String,
    previous_key: String,
    account_field: String,
    checkout_url: String,
    detail: bool,
    pub(super) allow_from: String,
}

impl std::fmt::Debug for WrittenPayme {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "WrittenPayme({}, ***)", self.merchant_id)
    }
}

impl WrittenPayme {
    /// Refuses the key that everybody knows.
    pub(super) fn check_unknown(&self) -> Result<(), SettingsError> {
        self.secrets().check_unknown("payments.payme.key", KNOWN_PAYME_KEY)
    }

    /// Where people pay.
    pub(super) fn checkout_url(&self) -> Result<String, SettingsError> {
        sms::address("payments.payme.checkout_url", &self.checkout_url, PEOPLE_PAY)
    }

    /// The desk.
    pub(super) fn desk(&self, environment: desk::Environment) -> Result<PaymeDesk, SettingsError> {
        let secrets = self.secrets();
        if self.login.is_empty() || self.login.contains(':') {
            let why = "is empty or holds a colon, which parts it from the key";
            return Err(SettingsError::invalid("payments.payme.login", why));
        }
        check_word("payments.payme.merchant_id", &self.merchant_id, !secrets.are_on())?;
        check_word("payments.payme.account_field", &self.account_field, false)?;
        Ok(PaymeDesk {
            desk: secrets.desk(environment),
            merchant_id: self.merchant_id.clone(),
            login: self.login.clone(),
            account_field: self.account_field.clone(),
            sends_detail: self.detail,
        })
    }

    fn secrets(&self) -> Secrets<'_> {
        Secrets {
            live: &self.key,
            previous: &self.previous_key,
        }
    }
}
