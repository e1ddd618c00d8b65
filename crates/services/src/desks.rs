//! The desks that this installation has at providers of payments, and where payers may come back to.
//!
//! A desk decides whose orders a call may speak of. One at each provider may stand in the configuration and serve every store; those of single
//! stores lie in the database, as may a default, which then takes the place of the configuration's, on or off. Deliberately absent: what a
//! call does.

mod book;
mod change;
mod ids;
mod kept;
mod list;
mod refusal;

use chrono::TimeDelta;
use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::payment::click::{ClickDesk, TaxNumber};
use savdo_domain::payment::desk::{Desk, Environment};
use savdo_domain::payment::payme::{self, PaymeDesk};

pub(crate) use book::DeskBook;
pub use change::{AddDesk, Outcome, Rotation, Switch, add, rotate, switch};
pub use ids::{ClickTerms, DeskIds, PaymeTerms};
pub use kept::DeskStanding;
pub use list::{DeskSeen, list};
pub use refusal::{DeskRefusal, Holder};

/// The key of the desk at Payme that comes with development: everybody knows it.
pub const KNOWN_PAYME_KEY: &str = "savdo-sinov-kaliti-hamma-biladi-0001";
/// The secret of the one at Click.
pub const KNOWN_CLICK_SECRET: &str = "savdo-click-hamma-biladi-0001";
/// Stands in [`Desks::order_page`] for the number of the order.
pub const ORDER_PLACE: &str = "{order_id}";

/// The desks of an installation. Their secrets are never shown.
#[derive(Debug, Clone)]
pub struct Desks {
    /// With which of the providers' worlds the installation deals; desks of the other are off.
    pub environment: Environment,
    /// Its desks at Payme.
    pub payme: Vec<PaymeDesk>,
    /// Where people pay at Payme.
    pub payme_checkout_url: String,
    /// Its desks at Click.
    pub click: Vec<ClickDesk>,
    /// Where people pay at Click.
    pub click_pay_url: String,
    /// Click's Merchant API, without a slash at its end; empty where nobody asks Click for anything.
    pub click_api_url: String,
    /// How long an attempt of Click's holds its order.
    pub click_holds_for: TimeDelta,
    /// The seller, where Click registers the sales of all stores without a desk of their own with the tax office.
    pub click_fiscal: Option<TaxNumber>,
    /// The origins that a payer may be sent back to.
    pub return_origins: Vec<String>,
    /// Where he is sent who named no page: that of the order, whose number stands at [`ORDER_PLACE`].
    pub order_page: Option<String>,
}

impl Desks {
    /// The desk that the `Authorization` header of a call of Payme opens.
    #[must_use]
    pub fn opened_by_payme(&self, header: Option<&str>) -> Option<&PaymeDesk> {
        payme::authorised(header, &self.payme, self.environment)
    }

    /// The desk at Payme through which orders of a store are paid, if that is on. Money of a store with a desk of its own never goes to another.
    #[must_use]
    pub fn payme_of(&self, store_id: StoreId) -> Option<&PaymeDesk> {
        self.serving(&self.payme, store_id)
    }

    /// As [`payme_of`](Self::payme_of), at Click.
    #[must_use]
    pub fn click_of(&self, store_id: StoreId) -> Option<&ClickDesk> {
        self.serving(&self.click, store_id)
    }

    /// The desks at Click that are on, each with what its transactions keep of it.
    pub fn click_on(&self) -> impl Iterator<Item = (String, &ClickDesk)> {
        let on = self.click.iter().filter(|at| at.desk.is_on(self.environment));
        on.map(|at| (at.desk.named(&at.service_id), at))
    }

    /// The desk at Click of which a transaction keeps this, if that is on: what it took, it alone gives back.
    #[must_use]
    pub fn click_named(&self, kept: &str) -> Option<&ClickDesk> {
        self.click_on().find(|(name, _)| name == kept).map(|(_, desk)| desk)
    }

    /// The stores with a desk of their own at Payme, on or off.
    #[must_use]
    pub fn stores_with_own_payme(&self) -> Vec<StoreId> {
        stores_of(&self.payme)
    }

    /// The stores with a desk of their own at Click, on or off.
    #[must_use]
    pub fn stores_with_own_click(&self) -> Vec<StoreId> {
        stores_of(&self.click)
    }

    fn serving<'a, At: AtProvider>(&self, desks: &'a [At], store_id: StoreId) -> Option<&'a At> {
        let has_own = stores_of(desks).contains(&store_id);
        let mut serving = desks.iter().filter(|at| at.desk().serves(store_id, has_own));
        serving.find(|at| at.desk().is_on(self.environment))
    }

    /// Whether a payer may be sent back to this address: it begins with an origin that is listed, and can stand in a link.
    #[must_use]
    pub fn admits_return(&self, url: &str) -> bool {
        let can_be_said = url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';');
        let is_of = |origin: &String| {
            url.strip_prefix(origin.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
        };
        can_be_said && self.return_origins.iter().any(is_of)
    }

    /// The page of an order, for the payer who named none.
    #[must_use]
    pub fn page_of(&self, order_id: OrderId) -> Option<String> {
        let page = self.order_page.as_ref()?;
        Some(page.replace(ORDER_PLACE, &order_id.to_string()))
    }
}

/// A desk at one of the providers.
trait AtProvider {
    /// Whether a call says by its secret alone of which desk it is.
    const IS_KNOWN_BY_SECRET: bool;

    fn desk(&self) -> &Desk;

    /// What the provider calls it.
    fn id(&self) -> &str;
}

impl AtProvider for PaymeDesk {
    const IS_KNOWN_BY_SECRET: bool = true;

    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn id(&self) -> &str {
        &self.merchant_id
    }
}

impl AtProvider for ClickDesk {
    const IS_KNOWN_BY_SECRET: bool = false;

    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn id(&self) -> &str {
        &self.service_id
    }
}

fn stores_of<At: AtProvider>(desks: &[At]) -> Vec<StoreId> {
    desks.iter().filter_map(|at| at.desk().store_id).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use savdo_domain::ids::{OrderId, StoreId};
    use savdo_domain::payment::click::ClickDesk;
    use savdo_domain::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};
    use savdo_domain::payment::payme::PaymeDesk;

    use super::Desks;

    fn desk(store_id: Option<i64>, key: &str) -> Desk {
        Desk {
            store_id: store_id.map(StoreId::new),
            environment: Environment::Test,
            secrets: DeskSecrets {
                live: DeskSecret::new(key),
                previous: DeskSecret::new(""),
            },
        }
    }

    fn payme(merchant_id: &str, store_id: Option<i64>, key: &str) -> PaymeDesk {
        PaymeDesk {
            desk: desk(store_id, key),
            merchant_id: merchant_id.to_owned(),
            login: "Paycom".to_owned(),
            account_field: "order_id".to_owned(),
            sends_detail: false,
        }
    }

    fn click(service_id: &str, store_id: Option<i64>, key: &str) -> ClickDesk {
        ClickDesk {
            desk: desk(store_id, key),
            service_id: service_id.to_owned(),
            merchant_id: "46".to_owned(),
            merchant_user_id: "9".to_owned(),
        }
    }

    fn desks(payme: Vec<PaymeDesk>, click: Vec<ClickDesk>) -> Desks {
        Desks {
            environment: Environment::Test,
            payme,
            payme_checkout_url: "https://test.paycom.uz".to_owned(),
            click,
            click_pay_url: "https://my.click.uz/services/pay".to_owned(),
            click_api_url: "https://api.click.uz/v2/merchant".to_owned(),
            click_holds_for: TimeDelta::minutes(30),
            click_fiscal: None,
            return_origins: vec!["https://dorixona.uz".to_owned()],
            order_page: Some("https://dorixona.uz/orders/{order_id}/".to_owned()),
        }
    }

    #[test]
    fn a_store_with_a_desk_of_its_own_is_paid_through_that_one_or_not_at_all() {
        let (own, off) = (Some(7), Some(8));
        let desks = desks(
            vec![
                payme("default", None, "k1"),
                payme("own", own, "k2"),
                payme("off", off, ""),
            ],
            vec![click("1", None, "k1"), click("2", off, "k2"), click("3", own, "")],
        );
        let of = |store| {
            let store_id = StoreId::new(store);
            let by_payme = desks.payme_of(store_id).map(|desk| desk.merchant_id.as_str());
            let by_click = desks.click_of(store_id).map(|desk| desk.service_id.as_str());
            (by_payme, by_click)
        };

        assert_eq!(of(6), (Some("default"), Some("1")));
        assert_eq!(of(7), (Some("own"), None));
        assert_eq!(of(8), (None, Some("2")));
        assert_eq!(desks.stores_with_own_payme(), [7, 8].map(StoreId::new));
        assert_eq!(desks.stores_with_own_click(), [8, 7].map(StoreId::new));
    }

    #[test]
    fn a_desk_without_a_key_or_of_the_other_world_serves_nobody() {
        let off = desks(vec![payme("default", None, "")], vec![click("1", None, "")]);
        let mut other = desks(vec![payme("default", None, "k1")], vec![click("1", None, "k1")]);
        other.environment = Environment::Production;

        for none in [off, other] {
            let store_id = StoreId::new(1);
            assert!(none.payme_of(store_id).is_none() && none.click_of(store_id).is_none());
        }
    }

    #[test]
    fn a_payer_comes_back_to_a_listed_origin_alone() {
        let desks = desks(Vec::new(), Vec::new());

        for good in [
            "https://dorixona.uz",
            "https://dorixona.uz/b?o=:transaction",
            "https://dorixona.uz#x",
        ] {
            assert!(desks.admits_return(good), "{good}");
        }
        for bad in [
            "",
            "https://dorixona.uz.evil.uz/",
            "https://dorixona.uz@evil.uz/",
            "https://dorixona.uz:8443/",
            "http://dorixona.uz/",
            "https://dorixona.uz/a;b",
            "https://dorixona.uz/a b",
            "https://dorixona.uz/\u{451}",
            "javascript:alert(1)",
        ] {
            assert!(!desks.admits_return(bad), "{bad}");
        }
    }

    #[test]
    fn the_page_of_an_order_has_its_number() {
        let page = desks(Vec::new(), Vec::new()).page_of(OrderId::new(1001));

        assert_eq!(page.as_deref(), Some("https://dorixona.uz/orders/1001/"));
    }
}
