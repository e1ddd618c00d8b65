//! The link to Click's page for a payment (contract 3.5). Coming back from there proves nothing; only Complete does.

use form_urlencoded::Serializer;

use crate::coded_enum;
use crate::ids::OrderId;
use crate::money::Money;

coded_enum! {
    /// A kind of card that the page asks for.
    pub enum CardType {
        /// UZCARD.
        Uzcard = "uzcard",
        /// HUMO.
        Humo = "humo",
    }
}

/// What a link to Click's page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayLink<'a> {
    /// The page: `https://my.click.uz/services/pay/`, with or without the last slash.
    pub pay_url: &'a str,
    /// The service of the desk.
    pub service_id: &'a str,
    /// Its merchant.
    pub merchant_id: &'a str,
    /// Its user; empty is left out.
    pub merchant_user_id: &'a str,
    /// How much; written in so'm with two decimals.
    pub amount: Money,
    /// The order, which comes back as `merchant_trans_id`.
    pub order_id: OrderId,
    /// Where the payer comes back to.
    pub return_url: Option<&'a str>,
    /// The kind of card.
    pub card_type: Option<CardType>,
}

impl PayLink<'_> {
    /// The link, every value encoded.
    #[must_use]
    pub fn url(&self) -> String {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("service_id", self.service_id)
            .append_pair("merchant_id", self.merchant_id)
            .append_pair("amount", &self.amount.to_string())
            .append_pair("transaction_param", &self.order_id.to_string());
        if let Some(return_url) = self.return_url {
            query.append_pair("return_url", return_url);
        }
        if !self.merchant_user_id.is_empty() {
            query.append_pair("merchant_user_id", self.merchant_user_id);
        }
        if let Some(card_type) = self.card_type {
            query.append_pair("card_type", &card_type.to_string());
        }
        format!("{}/?{}", self.pay_url.trim_end_matches('/'), query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::{CardType, PayLink};
    use crate::ids::OrderId;
    use crate::money::Money;

    fn link() -> PayLink<'static> {
        PayLink {
            pay_url: "https://my.click.uz/services/pay/",
            service_id: "85335",
            merchant_id: "46",
            merchant_user_id: "",
            amount: Money::from_tiyin(1_500_050),
            order_id: OrderId::new(1001),
            return_url: None,
            card_type: None,
        }
    }

    #[test]
    fn a_link_names_desk_amount_and_order() {
        let expected =
            "https://my.click.uz/services/pay/?service_id=85335&merchant_id=46&amount=15000.50&transaction_param=1001";

        assert_eq!(link().url(), expected);
        let most = PayLink {
            pay_url: "https://my.click.uz/services/pay",
            amount: Money::MAX_TOTAL,
            ..link()
        };
        assert!(most.url().contains("/pay/?") && most.url().contains("amount=99999999999999.99&"));
    }

    #[test]
    fn every_value_is_encoded() {
        let full = PayLink {
            merchant_user_id: "9",
            return_url: Some("https://dorixona.uz/buyurtma?id=1001&til=o'z"),
            card_type: Some(CardType::Humo),
            ..link()
        };

        let expected = "&return_url=https%3A%2F%2Fdorixona.uz%2Fbuyurtma%3Fid%3D1001%26til%3Do%27z\
                        &merchant_user_id=9&card_type=humo";
        assert!(full.url().ends_with(expected), "{}", full.url());
    }
}
