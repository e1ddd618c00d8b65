//! What an operator sees of the desks: never a secret.

use savdo_domain::ids::{PaymentDeskId, StoreId};
use savdo_domain::payment::Provider;
use savdo_domain::payment::desk::Environment;
use savdo_persistence::payment_desks;

use super::kept::{self, DeskStanding, Kept};
use super::{AtProvider, Desks};
use crate::{Context, Result};

/// A desk as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSeen {
    /// Its number; none for one of the configuration.
    pub id: Option<PaymentDeskId>,
    /// Whose orders it serves; none for those of every store without a desk of its own.
    pub store_id: Option<StoreId>,
    /// Whose desk it is.
    pub provider: Provider,
    /// Its world.
    pub environment: Environment,
    /// What the provider calls it.
    pub desk: String,
    /// Where it stands.
    pub standing: DeskStanding,
    /// Whether the secret before the live one is taken too.
    pub has_previous: bool,
}

/// All desks: those of the configuration that have an id, then those of the database as they were made.
///
/// # Errors
/// A database that is busy.
pub fn list(context: &Context) -> Result<Vec<DeskSeen>> {
    let book = context.desk_book();
    let views = context
        .database()
        .read("payment_desks_list", payment_desks::all_unscoped)?;
    let kept: Vec<Kept> = views.into_iter().map(|view| Kept::open(book.seals(), view)).collect();
    let configured = book.configured();
    let at_payme = configured.payme.iter();
    let at_payme = at_payme.map(|desk| seen_configured(configured, (Provider::Payme, desk), &kept));
    let at_click = configured.click.iter();
    let at_click = at_click.map(|desk| seen_configured(configured, (Provider::Click, desk), &kept));
    let of_database = kept.iter().map(|desk| DeskSeen {
        id: Some(desk.view.id),
        store_id: desk.view.store_id,
        provider: desk.view.provider,
        environment: desk.view.environment,
        desk: desk.view.desk.clone(),
        standing: desk.standing(configured.environment),
        has_previous: desk.previous.is_some(),
    });
    let of_configuration = at_payme.chain(at_click).filter(|seen| !seen.desk.is_empty());
    Ok(of_configuration.chain(of_database).collect())
}

fn seen_configured<At: AtProvider>(configured: &Desks, (provider, at): (Provider, &At), kept: &[Kept]) -> DeskSeen {
    let environment = configured.environment;
    let desk = at.desk();
    let alone = if desk.secrets.live.is_empty() {
        DeskStanding::Off
    } else {
        DeskStanding::On
    };
    DeskSeen {
        id: None,
        store_id: desk.store_id,
        provider,
        environment,
        desk: at.id().to_owned(),
        standing: kept::in_place_of(at, environment, provider, kept).unwrap_or(alone),
        has_previous: !desk.secrets.previous.is_empty(),
    }
}
