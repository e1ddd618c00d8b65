//! Desks of the database, opened, and which of them serve beside the configuration.
//!
//! A store's own desk that is off, of the other environment or cannot be opened stays its own: its money never falls to another. A default
//! of the database takes the place of the configuration's, on or off.

use std::fmt;

use savdo_domain::ids::{PaymentDeskId, StoreId};
use savdo_domain::payment::Provider;
use savdo_domain::payment::click::ClickDesk;
use savdo_domain::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};
use savdo_domain::payment::payme::PaymeDesk;
use savdo_persistence::payment_desks::PaymentDeskView;

use super::{AtProvider, ClickTerms, DeskIds, Desks, PaymeTerms};
use crate::sealing::Seals;

/// Where a desk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskStanding {
    /// It takes calls.
    On,
    /// Somebody switched it off, or the configuration has no secret for it.
    Off,
    /// It deals with the world that the installation does not deal with.
    OtherEnvironment,
    /// Its secret or its ids cannot be read: another `SECRET_KEY` sealed it, or somebody changed the row.
    Unreadable,
    /// It is the configuration's, and this default of the database stands in its place.
    Replaced(PaymentDeskId),
    /// It is the configuration's, and shares an id or a secret with this desk of the database.
    Collides(PaymentDeskId),
}

/// A desk of the database, opened.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) view: PaymentDeskView,
    /// `None` where they cannot be read.
    ids: Option<DeskIds>,
    /// The live secret; `None` where it does not open.
    pub(super) live: Option<DeskSecret>,
    /// The one before it.
    pub(super) previous: Option<DeskSecret>,
}

/// What an operator should look after; logged once as long as it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    Unreadable(PaymentDeskId),
    PreviousUnreadable(PaymentDeskId),
    Collides(Provider, PaymentDeskId),
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(id) => {
                write!(
                    formatter,
                    "Payment desk {id} is off: its secret or its ids cannot be read"
                )
            }
            Self::PreviousUnreadable(id) => {
                write!(
                    formatter,
                    "Payment desk {id} takes its live secret alone: the previous one cannot be read"
                )
            }
            Self::Collides(provider, id) => write!(
                formatter,
                "The desk of the configuration at {provider} is off: it shares an id or a secret with payment desk {id}"
            ),
        }
    }
}

impl Kept {
    pub(super) fn open(seals: &Seals, view: PaymentDeskView) -> Self {
        let place = place(view.provider, view.environment, view.store_id, &view.desk);
        let opened = |sealed: &String| seals.open(&place, sealed).ok().map(DeskSecret::new);
        Self {
            ids: DeskIds::read(view.provider, &view.desk, &view.settings),
            live: opened(&view.sealed_secret),
            previous: view.sealed_previous_secret.as_ref().and_then(opened),
            view,
        }
    }

    /// What its transactions keep of it.
    pub(super) fn named(&self) -> String {
        self.view.environment.named(&self.view.desk)
    }

    pub(super) fn standing(&self, environment: Environment) -> DeskStanding {
        if !self.view.is_active {
            DeskStanding::Off
        } else if self.view.environment != environment {
            DeskStanding::OtherEnvironment
        } else if self.ids.is_none() || self.live.is_none() {
            DeskStanding::Unreadable
        } else {
            DeskStanding::On
        }
    }

    /// Whether this is its live secret or the one before it.
    pub(super) fn has(&self, secret: &DeskSecret) -> bool {
        [&self.live, &self.previous]
            .into_iter()
            .flatten()
            .any(|own| own == secret)
    }

    fn trouble(&self, environment: Environment) -> Option<Trouble> {
        let id = self.view.id;
        let has_lost_previous = self.view.sealed_previous_secret.is_some() && self.previous.is_none();
        match self.standing(environment) {
            DeskStanding::Unreadable => Some(Trouble::Unreadable(id)),
            DeskStanding::On if has_lost_previous => Some(Trouble::PreviousUnreadable(id)),
            DeskStanding::On
            | DeskStanding::Off
            | DeskStanding::OtherEnvironment
            | DeskStanding::Replaced(_)
            | DeskStanding::Collides(_) => None,
        }
    }

    /// The desk as calls are judged by it: without a secret unless it is on.
    fn desk(&self, environment: Environment) -> Desk {
        let taken = |secret: &Option<DeskSecret>| match self.standing(environment) {
            DeskStanding::On => secret.clone().unwrap_or_else(none),
            DeskStanding::Off
            | DeskStanding::OtherEnvironment
            | DeskStanding::Unreadable
            | DeskStanding::Replaced(_)
            | DeskStanding::Collides(_) => none(),
        };
        Desk {
            store_id: self.view.store_id,
            environment: self.view.environment,
            secrets: DeskSecrets {
                live: taken(&self.live),
                previous: taken(&self.previous),
            },
        }
    }

    fn at_payme(&self, environment: Environment) -> PaymeDesk {
        let terms = match &self.ids {
            Some(DeskIds::Payme { terms, .. }) => terms.clone(),
            Some(DeskIds::Click { .. }) | None => PaymeTerms {
                login: String::new(),
                account_field: String::new(),
                sends_detail: false,
            },
        };
        PaymeDesk {
            desk: self.desk(environment),
            merchant_id: self.view.desk.clone(),
            login: terms.login,
            account_field: terms.account_field,
            sends_detail: terms.sends_detail,
        }
    }

    fn at_click(&self, environment: Environment) -> ClickDesk {
        let terms = match &self.ids {
            Some(DeskIds::Click { terms, .. }) => terms.clone(),
            Some(DeskIds::Payme { .. }) | None => ClickTerms {
                merchant_id: String::new(),
                merchant_user_id: String::new(),
            },
        };
        ClickDesk {
            desk: self.desk(environment),
            service_id: self.view.desk.clone(),
            merchant_id: terms.merchant_id,
            merchant_user_id: terms.merchant_user_id,
        }
    }
}

/// The secret that opens nothing.
fn none() -> DeskSecret {
    DeskSecret::new("")
}

/// What a secret is sealed for: nobody who can write the table makes it open another desk.
pub(super) fn place(provider: Provider, environment: Environment, store_id: Option<StoreId>, desk: &str) -> String {
    let of = store_id.map_or_else(|| "default".to_owned(), |id| format!("store {id}"));
    format!("payment desk {provider} {environment} {of} {desk}")
}

/// The desks of the configuration beside those of the database.
pub(super) fn beside(configured: &Desks, kept: &[Kept]) -> Desks {
    let environment = configured.environment;
    Desks {
        payme: combined(environment, (Provider::Payme, &configured.payme), kept, |desk| {
            desk.at_payme(environment)
        }),
        click: combined(environment, (Provider::Click, &configured.click), kept, |desk| {
            desk.at_click(environment)
        }),
        ..configured.clone()
    }
}

/// Those of this environment come first, since a call finds its desk by an id that the other may have too. Of the other, those of stores stay
/// as the own of their stores, and a default serves nobody.
fn combined<At: AtProvider + Clone>(
    environment: Environment,
    (provider, configured): (Provider, &[At]),
    kept: &[Kept],
    at: impl Fn(&Kept) -> At,
) -> Vec<At> {
    let of_provider = || kept.iter().filter(|desk| desk.view.provider == provider);
    let here = of_provider().filter(|desk| desk.view.environment == environment);
    let elsewhere = of_provider().filter(|desk| desk.view.environment != environment && desk.view.store_id.is_some());
    let serving = configured
        .iter()
        .filter(|desk| in_place_of(*desk, environment, provider, kept).is_none());
    let mut desks: Vec<At> = here.map(&at).collect();
    desks.extend(serving.cloned());
    desks.extend(elsewhere.map(&at));
    desks
}

/// Why a desk of the configuration does not serve, if it does not.
pub(super) fn in_place_of<At: AtProvider>(
    configured: &At,
    environment: Environment,
    provider: Provider,
    kept: &[Kept],
) -> Option<DeskStanding> {
    let here = || {
        kept.iter()
            .filter(|desk| desk.view.provider == provider && desk.view.environment == environment)
    };
    let default = here().find(|desk| desk.view.store_id.is_none());
    let shares = |desk: &&Kept| {
        let secrets = &configured.desk().secrets;
        let mut own = [&secrets.live, &secrets.previous]
            .into_iter()
            .filter(|secret| !secret.is_empty());
        desk.view.desk == configured.id() || (At::IS_KNOWN_BY_SECRET && own.any(|secret| desk.has(secret)))
    };
    match (default, here().find(shares)) {
        (Some(default), _) => Some(DeskStanding::Replaced(default.view.id)),
        (None, Some(other)) => Some(DeskStanding::Collides(other.view.id)),
        (None, None) => None,
    }
}

/// What an operator should look after.
pub(super) fn troubles(configured: &Desks, kept: &[Kept]) -> Vec<Trouble> {
    let environment = configured.environment;
    let collides = |provider, standing| {
        if let Some(DeskStanding::Collides(id)) = standing {
            Some(Trouble::Collides(provider, id))
        } else {
            None
        }
    };
    let of_payme = configured.payme.iter();
    let of_payme = of_payme.map(|desk| in_place_of(desk, environment, Provider::Payme, kept));
    let of_click = configured.click.iter();
    let of_click = of_click.map(|desk| in_place_of(desk, environment, Provider::Click, kept));
    let of_configured = of_payme
        .filter_map(|standing| collides(Provider::Payme, standing))
        .chain(of_click.filter_map(|standing| collides(Provider::Click, standing)));
    kept.iter()
        .filter_map(|desk| desk.trouble(environment))
        .chain(of_configured)
        .collect()
}
