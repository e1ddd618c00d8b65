//! The link to Payme's checkout (contract 2.8). Coming back from there proves nothing; only Perform does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::coded_enum;
use crate::ids::OrderId;
use crate::money::Money;

coded_enum! {
    /// The language of the checkout.
    pub enum CheckoutLanguage {
        /// Russian.
        Ru = "ru",
        /// Uzbek.
        Uz = "uz",
        /// English.
        En = "en",
    }
}

/// What a link to the checkout says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckoutLink<'a> {
    /// The checkout: `https://checkout.paycom.uz` or that of the sandbox, with or without the last slash.
    pub checkout_url: &'a str,
    /// The id of the cash desk.
    pub merchant_id: &'a str,
    /// The field of `account` that names the order.
    pub account_field: &'a str,
    /// The order.
    pub order_id: OrderId,
    /// How much.
    pub amount: Money,
    /// In which language.
    pub language: Option<CheckoutLanguage>,
    /// Where the payer comes back to, and after how many milliseconds.
    pub comes_back: Option<(&'a str, i64)>,
}

/// A value that holds a `;`, which parts values and cannot be written otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` of a link to the checkout holds a semicolon")]
pub struct SemicolonInLink {
    /// Which.
    pub field: &'static str,
}

impl CheckoutLink<'_> {
    /// The link.
    ///
    /// # Errors
    /// [`SemicolonInLink`].
    pub fn url(&self) -> Result<String, SemicolonInLink> {
        let said = STANDARD.encode(self.said()?);
        let said: String = form_urlencoded::byte_serialize(said.as_bytes()).collect();
        Ok(format!("{}/{said}", self.checkout_url.trim_end_matches('/')))
    }

    /// What is encoded: `m=..;ac.order_id=..;a=..;l=..;c=..;ct=..`.
    fn said(&self) -> Result<String, SemicolonInLink> {
        let merchant_id = sayable("merchant", self.merchant_id)?;
        let account_field = sayable("account", self.account_field)?;
        let mut said = format!(
            "m={merchant_id};ac.{account_field}={};a={}",
            self.order_id,
            self.amount.tiyin()
        );
        if let Some(language) = self.language {
            said.push_str(&format!(";l={language}"));
        }
        if let Some((url, milliseconds)) = self.comes_back {
            let url = sayable("return_url", url)?;
            said.push_str(&format!(";c={url};ct={milliseconds}"));
        }
        Ok(said)
    }
}

fn sayable<'a>(field: &'static str, value: &'a str) -> Result<&'a str, SemicolonInLink> {
    if value.contains(';') {
        return Err(SemicolonInLink { field });
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::{CheckoutLanguage, CheckoutLink, SemicolonInLink};
    use crate::ids::OrderId;
    use crate::money::Money;

    fn link() -> CheckoutLink<'static> {
        CheckoutLink {
            checkout_url: "https://checkout.paycom.uz",
            merchant_id: "587f72c72cac0d162c722ae2",
            account_field: "order_id",
            order_id: OrderId::new(197),
            amount: Money::from_tiyin(500),
            language: None,
            comes_back: None,
        }
    }

    #[test]
    fn the_link_of_the_contracts_vector() {
        let expected = "https://checkout.paycom.uz/bT01ODdmNzJjNzJjYWMwZDE2MmM3MjJhZTI7YWMub3JkZXJfaWQ9MTk3O2E9NTAw";

        assert_eq!(link().url().as_deref(), Ok(expected));
        let with_slash = CheckoutLink {
            checkout_url: "https://checkout.paycom.uz/",
            ..link()
        };
        assert_eq!(with_slash.url().as_deref(), Ok(expected));
    }

    #[test]
    fn language_return_and_time_stand_behind_the_amount() {
        let full = CheckoutLink {
            amount: Money::MAX_TOTAL,
            language: Some(CheckoutLanguage::Uz),
            comes_back: Some(("https://dorixona.uz/b?o=:account.order_id", 15)),
            ..link()
        };

        let expected = "m=587f72c72cac0d162c722ae2;ac.order_id=197;a=9999999999999999;l=uz;\
                        c=https://dorixona.uz/b?o=:account.order_id;ct=15";
        assert_eq!(full.said().as_deref(), Ok(expected));
    }

    #[test]
    fn signs_of_base64_are_encoded_for_a_path() {
        let padded = CheckoutLink {
            order_id: OrderId::new(1),
            comes_back: Some(("https://a.uz/?~?>>", 15)),
            ..link()
        };

        let url = padded.url().unwrap();

        let path = url.strip_prefix("https://checkout.paycom.uz/").unwrap();
        assert!(path.contains('%') && !path.contains(['+', '/', '=']), "{path}");
    }

    #[test]
    fn a_semicolon_cannot_be_said() {
        let bad = CheckoutLink {
            comes_back: Some(("https://a.uz/;b", 15)),
            ..link()
        };

        assert_eq!(bad.url(), Err(SemicolonInLink { field: "return_url" }));
    }
}
