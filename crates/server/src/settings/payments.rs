//! The desks at providers of payments that serve every store.
//!
//! An empty key switches a desk off; nothing else does, and nothing opens it to everybody.

use savdo_api::shell::Network;
use savdo_domain::payment::desk::{self, Desk, DeskSecret, DeskSecrets};
use savdo_domain::payment::payme::PaymeDesk;
use savdo_services::desks::{Desks, ORDER_PLACE};
use serde::Deserialize;

use super::{Environment, SettingsError, network, sms};

/// The key of the desk that comes with development: everybody knows it.
const KNOWN_KEY: &str = "savdo-sinov-kaliti-hamma-biladi-0001";

/// `[payments]` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPayments {
    environment: World,
    return_origins: String,
    order_page: String,
    payme: WrittenPayme,
}

/// With which of the providers' worlds we deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum World {
    Production,
    Test,
}

/// `[payments.payme]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPayme {
    merchant_id: String,
    login: String,
    key: String,
    previous_key: String,
    account_field: String,
    checkout_url: String,
    detail: bool,
    allow_from: String,
}

impl std::fmt::Debug for WrittenPayme {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "WrittenPayme({}, ***)", self.merchant_id)
    }
}

impl WrittenPayments {
    /// From where Payme calls.
    pub(super) fn payme_networks(&self) -> Result<Vec<Network>, SettingsError> {
        network::networks("payments.payme.allow_from", &self.payme.allow_from)
    }

    /// The desks.
    pub(super) fn desks(&self, environment: Environment) -> Result<Desks, SettingsError> {
        let world = match self.environment {
            World::Production => desk::Environment::Production,
            World::Test => desk::Environment::Test,
        };
        if environment == Environment::Production && self.payme.keys().contains(&KNOWN_KEY) {
            let why = "is the one of development, which everybody knows";
            return Err(SettingsError::invalid("payments.payme.key", why));
        }
        Ok(Desks {
            environment: world,
            payme: vec![self.payme.desk(world)?],
            payme_checkout_url: sms::address(
                "payments.payme.checkout_url",
                &self.payme.checkout_url,
                "people pay there",
            )?,
            return_origins: network::origins("payments.return_origins", &self.return_origins)?,
            order_page: self.order_page()?,
        })
    }

    fn order_page(&self) -> Result<Option<String>, SettingsError> {
        let page = self.order_page.as_str();
        if page.is_empty() {
            return Ok(None);
        }
        let is_address = page.starts_with("https://") || page.starts_with("http://");
        let is_sayable = page.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';');
        if !is_address || !is_sayable || !page.contains(ORDER_PLACE) {
            let why = format!("is {page:?}; it is such as https://dokon.uz/orders/{ORDER_PLACE}/, without a semicolon");
            return Err(SettingsError::invalid("payments.order_page", why));
        }
        Ok(Some(page.to_owned()))
    }
}

impl WrittenPayme {
    fn keys(&self) -> [&str; 2] {
        [&self.key, &self.previous_key]
    }

    fn desk(&self, environment: desk::Environment) -> Result<PaymeDesk, SettingsError> {
        let is_on = !self.key.is_empty();
        if self.login.is_empty() || self.login.contains(':') {
            let why = "is empty or holds a colon, which parts it from the key";
            return Err(SettingsError::invalid("payments.payme.login", why));
        }
        for (key, value, may_be_empty) in [
            ("payments.payme.merchant_id", &self.merchant_id, !is_on),
            ("payments.payme.account_field", &self.account_field, false),
        ] {
            let is_word = value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            if !is_word || (value.is_empty() && !may_be_empty) {
                let why = format!("is {value:?}; it is a word of letters and digits, as Payme gave it");
                return Err(SettingsError::invalid(key, why));
            }
        }
        Ok(PaymeDesk {
            desk: Desk {
                store_id: None,
                environment,
                secrets: DeskSecrets {
                    live: DeskSecret::new(self.key.as_str()),
                    previous: DeskSecret::new(self.previous_key.as_str()),
                },
            },
            merchant_id: self.merchant_id.clone(),
            login: self.login.clone(),
            account_field: self.account_field.clone(),
            sends_detail: self.detail,
        })
    }
}

#[cfg(test)]
mod tests {
    use savdo_domain::ids::StoreId;
    use savdo_domain::payment::desk::Environment;

    use super::super::tests::load;
    use super::{Desks, KNOWN_KEY};
    use crate::settings::{Settings, SettingsError};

    const PRODUCTION: [(&str, &str); 2] = [
        ("SAVDO_ENVIRONMENT", "production"),
        ("SECRET_KEY", "5f0d7c1be2a94c38ad61fe0b92c7d4e85f0d7c1be2a94c38"),
    ];

    fn production(more: &[(&'static str, &'static str)]) -> Result<Settings, SettingsError> {
        let mut variables = PRODUCTION.to_vec();
        variables.extend(more);
        load(&variables)
    }

    fn is_on(desks: &Desks) -> bool {
        desks.payme_of(StoreId::new(1)).is_some()
    }

    #[test]
    fn development_has_a_desk_in_the_sandbox_and_production_none() {
        let development = load(&[]).unwrap().desks;
        let production = production(&[]).unwrap().desks;

        assert_eq!(development.environment, Environment::Test);
        assert!(is_on(&development));
        assert_eq!(development.payme[0].desk.secrets.live.reveal(), KNOWN_KEY);
        assert_eq!(development.payme_checkout_url, "https://test.paycom.uz");
        assert!(development.admits_return("http://localhost:3000/orders/1/"));
        assert_eq!(production.environment, Environment::Production);
        assert!(!is_on(&production));
        assert_eq!(production.payme_checkout_url, "https://checkout.paycom.uz");
        assert!(production.return_origins.is_empty() && production.order_page.is_none());
    }

    #[test]
    fn a_desk_is_named_in_the_configuration_and_its_keys_are_never_shown() {
        let settings = production(&[
            ("SAVDO_PAYMENTS__PAYME__MERCHANT_ID", "587f72c72cac0d162c722ae2"),
            ("SAVDO_PAYMENTS__PAYME__KEY", "sirli&kalit"),
            ("SAVDO_PAYMENTS__PAYME__PREVIOUS_KEY", "eski-kalit"),
            ("SAVDO_PAYMENTS__PAYME__DETAIL", "true"),
            ("SAVDO_PAYMENTS__PAYME__ALLOW_FROM", "185.234.113.0/28"),
            ("SAVDO_PAYMENTS__RETURN_ORIGINS", "https://dorixona.uz"),
            ("SAVDO_PAYMENTS__ORDER_PAGE", "https://dorixona.uz/b/{order_id}"),
        ])
        .unwrap();

        let desk = settings.desks.payme_of(StoreId::new(1)).unwrap();
        assert_eq!(
            (desk.login.as_str(), desk.account_field.as_str()),
            ("Paycom", "order_id")
        );
        assert!(desk.sends_detail);
        assert_eq!(desk.desk.secrets.previous.reveal(), "eski-kalit");
        assert_eq!(settings.shell.payme_networks.len(), 1);
        assert!(settings.desks.admits_return("https://dorixona.uz/x"));
        let shown = format!("{settings:?}");
        assert!(!shown.contains("sirli") && !shown.contains("eski-kalit"), "{shown}");
    }

    #[test]
    fn what_no_desk_can_be_made_of_is_named() {
        let key = ("SAVDO_PAYMENTS__PAYME__KEY", "sirli&kalit");
        let merchant = ("SAVDO_PAYMENTS__PAYME__MERCHANT_ID", "587f72c72cac0d162c722ae2");
        assert!(production(&[key, merchant]).is_ok());
        for wrong in [
            ("SAVDO_PAYMENTS__PAYME__MERCHANT_ID", ""),
            ("SAVDO_PAYMENTS__PAYME__MERCHANT_ID", "a;b"),
            ("SAVDO_PAYMENTS__PAYME__LOGIN", ""),
            ("SAVDO_PAYMENTS__PAYME__LOGIN", "Pay:com"),
            ("SAVDO_PAYMENTS__PAYME__ACCOUNT_FIELD", ""),
            ("SAVDO_PAYMENTS__PAYME__ACCOUNT_FIELD", "a=b"),
            ("SAVDO_PAYMENTS__PAYME__CHECKOUT_URL", "http://checkout.paycom.uz"),
            ("SAVDO_PAYMENTS__PAYME__ALLOW_FROM", "payme"),
            ("SAVDO_PAYMENTS__PAYME__KEY", KNOWN_KEY),
            ("SAVDO_PAYMENTS__PAYME__DETAIL", "yes"),
            ("SAVDO_PAYMENTS__ENVIRONMENT", "sandbox"),
            ("SAVDO_PAYMENTS__RETURN_ORIGINS", "*"),
            ("SAVDO_PAYMENTS__ORDER_PAGE", "https://dorixona.uz/b/"),
            ("SAVDO_PAYMENTS__ORDER_PAGE", "dorixona.uz/{order_id}"),
        ] {
            let why = production(&[key, merchant, wrong]).unwrap_err().to_string();
            assert!(
                why.contains(&format!("({}) ", wrong.0)) && !why.contains("sirli"),
                "{why}"
            );
        }
        let known = ("SAVDO_PAYMENTS__PAYME__PREVIOUS_KEY", KNOWN_KEY);
        assert!(production(&[key, merchant, known]).is_err());
    }
}
