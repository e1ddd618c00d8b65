//! Changing desks: whoever may run commands on the server may do so, there is no caller to judge.
//!
//! Each change is alone with the table, so that what it compares with stays so, and leaves an entry in the audit log that tells of no secret.
//! No two desks of a world share an id, and none at Payme a key: a call proves to be of one desk.

use anyhow::Context as _;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{PaymentDeskId, StoreId};
use savdo_domain::payment::Provider;
use savdo_domain::payment::desk::{DeskSecret, DeskSecrets, Environment};
use savdo_persistence::payment_desks::{self, NewPaymentDesk, PaymentDeskView};
use savdo_persistence::{Tx, payments, stores};
use serde_json::{Value, json};

use super::book::DeskBook;
use super::kept::{self, Kept};
use super::{AtProvider, DeskIds, DeskRefusal, Holder, KNOWN_CLICK_SECRET, KNOWN_PAYME_KEY};
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Error, Result};

/// What becomes of a wish to change a desk.
pub type Outcome<T> = Result<std::result::Result<T, DeskRefusal>>;

/// A desk to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddDesk {
    /// Whose orders it serves; none for those of every store without a desk of its own.
    pub store_id: Option<StoreId>,
    /// Its world; none for that of the installation.
    pub environment: Option<Environment>,
    /// Its ids.
    pub ids: DeskIds,
    /// Its secret.
    pub secret: DeskSecret,
}

/// What is to become of the secrets of a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// This one is live; the one before it is taken too until it is dropped.
    To(DeskSecret),
    /// The previous one is taken no more.
    DropPrevious,
    /// The previous one is live again, the new one is taken no more.
    Undo,
}

/// What is to become of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// It takes calls.
    On,
    /// It takes none, and the orders of its store cannot be paid through another.
    Off,
    /// It is taken away; the default serves its store.
    Remove,
}

/// Makes a desk, switched on.
///
/// # Errors
/// A database that is busy.
pub fn add(context: &Context, command: AddDesk) -> Outcome<PaymentDeskId> {
    let (world, now) = (context.clone(), context.now());
    change(context, "payment_desk_add", move |tx| {
        let book = world.desk_book();
        let environment = command.environment.unwrap_or(book.configured().environment);
        if let Err(refusal) = command.ids.check().and_then(|()| check_secret(&command.secret)) {
            return Ok(Err(refusal));
        }
        if let Some(store_id) = command.store_id
            && !stores::exists(tx, store_id)?
        {
            return Ok(Err(DeskRefusal::NoStore(store_id)));
        }
        let kept = all(tx, book)?;
        if let Err(refusal) = is_free(&command, environment, book, &kept) {
            return Ok(Err(refusal));
        }
        let (provider, desk) = (command.ids.provider(), command.ids.desk());
        if let Err(refusal) = check_length(provider, &command.secret) {
            return Ok(Err(refusal));
        }
        let settings = command.ids.settings();
        let settings = settings.with_context(|| format!("the ids of desk {desk} cannot be written"))?;
        let place = kept::place(provider, environment, command.store_id, desk);
        let new = NewPaymentDesk {
            store_id: command.store_id,
            provider,
            environment,
            desk: desk.to_owned(),
            sealed_secret: book.seals().seal(&place, command.secret.reveal())?,
            settings,
        };
        let id = payment_desks::insert(tx, &new, now)?;
        let named = Named {
            id,
            store_id: new.store_id,
            provider,
            environment,
            desk: new.desk.clone(),
        };
        let details = json!({ "provider": provider.code(), "environment": environment.code(), "desk": new.desk,
            "settings": serde_json::from_str::<Value>(&new.settings).unwrap_or_default() });
        named.record(tx, (Action::Create, "qo'shildi", details), now)?;
        Ok(Ok(id))
    })
}

/// Changes the secrets of a desk.
///
/// # Errors
/// A database that is busy.
pub fn rotate(context: &Context, id: PaymentDeskId, rotation: Rotation) -> Outcome<()> {
    let (world, now) = (context.clone(), context.now());
    change(context, "payment_desk_rotate", move |tx| {
        let book = world.desk_book();
        let kept = all(tx, book)?;
        let Some(desk) = kept.iter().find(|desk| desk.view.id == id) else {
            return Ok(Err(DeskRefusal::NoDesk(id)));
        };
        let view = &desk.view;
        let previous = view.sealed_previous_secret.as_deref();
        let sealed;
        let (secrets, done) = match (&rotation, previous) {
            (Rotation::To(secret), _) => {
                if let Err(refusal) = may_rotate(desk, secret, book, &kept) {
                    return Ok(Err(refusal));
                }
                let place = kept::place(view.provider, view.environment, view.store_id, &view.desk);
                sealed = book.seals().seal(&place, secret.reveal())?;
                // One that nobody can open is taken by nobody.
                let before = desk.live.as_ref().map(|_| view.sealed_secret.as_str());
                ((sealed.as_str(), before), "kaliti almashtirildi")
            }
            (Rotation::DropPrevious, Some(_)) => ((view.sealed_secret.as_str(), None), "avvalgi kaliti bekor qilindi"),
            // What nobody can open takes no call: the live one stays.
            (Rotation::Undo, Some(previous)) if desk.previous.is_some() => {
                ((previous, None), "avvalgi kaliti qaytarildi")
            }
            (Rotation::DropPrevious, None) | (Rotation::Undo, _) => return Ok(Err(DeskRefusal::NoPrevious(id))),
        };
        payment_desks::keep_secrets(tx, id, secrets, now)?;
        let before = json!({ "has_previous_secret": previous.is_some() });
        let after = json!({ "has_previous_secret": secrets.1.is_some() });
        let details = audit::changes(&before, &after);
        Named::of(view).record(tx, (Action::Update, done, details), now)?;
        Ok(Ok(()))
    })
}

/// Switches a desk on or off, or takes it away.
///
/// # Errors
/// A database that is busy.
pub fn switch(context: &Context, id: PaymentDeskId, switch: Switch) -> Outcome<()> {
    let (world, now) = (context.clone(), context.now());
    change(context, "payment_desk_switch", move |tx| {
        let kept = all(tx, world.desk_book())?;
        let Some(desk) = kept.iter().find(|desk| desk.view.id == id) else {
            return Ok(Err(DeskRefusal::NoDesk(id)));
        };
        let was_on = desk.view.is_active;
        let (action, done) = match switch {
            Switch::On => (Action::Update, "yoqildi"),
            Switch::Off => (Action::Update, "o'chirildi"),
            Switch::Remove => {
                if let Some(refusal) = keeps(tx, desk)? {
                    return Ok(Err(refusal));
                }
                (Action::Delete, "olib tashlandi")
            }
        };
        let is_on = switch == Switch::On;
        match switch {
            Switch::Remove => payment_desks::delete(tx, id)?,
            Switch::On | Switch::Off if was_on == is_on => return Ok(Ok(())),
            Switch::On | Switch::Off => payment_desks::switch(tx, id, is_on, now)?,
        }
        let details = audit::changes(&json!({ "is_active": was_on }), &json!({ "is_active": is_on }));
        Named::of(&desk.view).record(tx, (action, done, details), now)?;
        Ok(Ok(()))
    })
}

/// Why a desk is not taken away. One that is off makes no transaction any more, so that what it has can only end.
fn keeps(tx: &mut Tx<'_>, desk: &Kept) -> Result<Option<DeskRefusal>> {
    if desk.view.is_active {
        return Ok(Some(DeskRefusal::IsOn(desk.view.id)));
    }
    let count = payments::unsettled_unscoped(tx, (desk.view.provider, &desk.named()))?;
    let id = desk.view.id;
    Ok((count > 0).then_some(DeskRefusal::HasMoney { id, count }))
}

/// One transaction, after which this process reads its desks anew.
fn change<T: Send + 'static>(
    context: &Context,
    name: &'static str,
    work: impl Fn(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let outcome = context.database().write(name, work);
    context.desk_book().turn_page();
    outcome
}

/// All desks, which nobody else changes meanwhile.
fn all(tx: &mut Tx<'_>, book: &DeskBook) -> Result<Vec<Kept>> {
    payment_desks::lock_all_unscoped(tx)?;
    let views = payment_desks::all_unscoped(tx)?;
    Ok(views.into_iter().map(|view| Kept::open(book.seals(), view)).collect())
}

/// Providers give letters, digits and signs of ASCII: whoever sends a space, or a mark that a file begins with, has copied too much.
fn check_secret(secret: &DeskSecret) -> std::result::Result<(), DeskRefusal> {
    if secret.is_empty() {
        Err(DeskRefusal::NoSecret)
    } else if !secret.reveal().bytes().all(|sign| sign.is_ascii_graphic()) {
        Err(DeskRefusal::UnseenInSecret)
    } else if [KNOWN_PAYME_KEY, KNOWN_CLICK_SECRET].contains(&secret.reveal()) {
        Err(DeskRefusal::KnownToAll)
    } else {
        Ok(())
    }
}

/// A key of Payme's has 36 characters (contract 2.2); of Click's the contract shows one of eleven, so that fewer than eight were not copied whole.
fn check_length(provider: Provider, secret: &DeskSecret) -> std::result::Result<(), DeskRefusal> {
    let least = match provider {
        Provider::Payme => 36,
        Provider::Click | Provider::Cash => 8,
    };
    let length = secret.reveal().len();
    if length < least {
        return Err(DeskRefusal::ShortSecret { length, least });
    }
    Ok(())
}

/// Whether no other desk of the world has the store, the id or the key of a new one.
fn is_free(
    new: &AddDesk,
    environment: Environment,
    book: &DeskBook,
    kept: &[Kept],
) -> std::result::Result<(), DeskRefusal> {
    let provider = new.ids.provider();
    let mut here = kept
        .iter()
        .filter(|desk| desk.view.provider == provider && desk.view.environment == environment);
    if let Some(other) = here.clone().find(|desk| desk.view.store_id == new.store_id) {
        return Err(DeskRefusal::StoreHasOne(other.view.id));
    }
    if let Some(other) = here.find(|desk| desk.view.desk == new.ids.desk()) {
        return Err(DeskRefusal::IdTaken(Holder::Kept(other.view.id)));
    }
    // A default takes the place of the configuration's, so it may be the same.
    let configured = configured(book, provider, environment, kept);
    let has_its_id = |(id, _): &(&str, _)| *id == new.ids.desk();
    if new.store_id.is_some() && configured.iter().any(has_its_id) {
        return Err(DeskRefusal::IdTaken(Holder::Configured));
    }
    let configured = if new.store_id.is_some() { configured } else { Vec::new() };
    is_secret_free(&new.secret, (provider, environment), (&configured, kept), None)
}

/// Whether a desk can have this secret from here on.
fn may_rotate(
    desk: &Kept,
    secret: &DeskSecret,
    book: &DeskBook,
    kept: &[Kept],
) -> std::result::Result<(), DeskRefusal> {
    let view = &desk.view;
    check_secret(secret)?;
    if view.sealed_previous_secret.is_some() {
        return Err(DeskRefusal::StillRotating(view.id));
    }
    if desk.has(secret) {
        return Err(DeskRefusal::SameSecret(view.id));
    }
    let configured = configured(book, view.provider, view.environment, kept);
    let world = (view.provider, view.environment);
    is_secret_free(secret, world, (&configured, kept), Some(view.id))?;
    check_length(view.provider, secret)
}

/// Whether no other desk at Payme has this key: a call there is known by nothing else. At Click a call names its service.
fn is_secret_free(
    secret: &DeskSecret,
    (provider, environment): (Provider, Environment),
    (configured, kept): (&[(&str, &DeskSecrets)], &[Kept]),
    but: Option<PaymentDeskId>,
) -> std::result::Result<(), DeskRefusal> {
    if provider != Provider::Payme {
        return Ok(());
    }
    let others = kept.iter().filter(|desk| {
        (desk.view.provider, desk.view.environment) == (provider, environment) && Some(desk.view.id) != but
    });
    if let Some(other) = others.into_iter().find(|desk| desk.has(secret)) {
        return Err(DeskRefusal::SecretTaken(Holder::Kept(other.view.id)));
    }
    if configured
        .iter()
        .any(|(_, own)| [&own.live, &own.previous].contains(&secret))
    {
        return Err(DeskRefusal::SecretTaken(Holder::Configured));
    }
    Ok(())
}

/// Ids and secrets of the configuration's desks in this world, unless a default of the database stands in their place.
fn configured<'a>(
    book: &'a DeskBook,
    provider: Provider,
    environment: Environment,
    kept: &[Kept],
) -> Vec<(&'a str, &'a DeskSecrets)> {
    let desks = book.configured();
    let is_replaced = kept.iter().any(|desk| {
        desk.view.store_id.is_none() && (desk.view.provider, desk.view.environment) == (provider, environment)
    });
    if is_replaced || desks.environment != environment {
        return Vec::new();
    }
    match provider {
        Provider::Payme => desks.payme.iter().map(known_by).collect(),
        Provider::Click => desks.click.iter().map(known_by).collect(),
        Provider::Cash => Vec::new(),
    }
}

fn known_by<At: AtProvider>(at: &At) -> (&str, &DeskSecrets) {
    (at.id(), &at.desk().secrets)
}

/// What the audit log tells of a desk.
struct Named {
    id: PaymentDeskId,
    store_id: Option<StoreId>,
    provider: Provider,
    environment: Environment,
    desk: String,
}

impl Named {
    fn of(view: &PaymentDeskView) -> Self {
        Self {
            id: view.id,
            store_id: view.store_id,
            provider: view.provider,
            environment: view.environment,
            desk: view.desk.clone(),
        }
    }

    fn record(
        &self,
        tx: &mut Tx<'_>,
        (action, done, details): (Action, &str, Value),
        at: chrono::DateTime<chrono::Utc>,
    ) -> Result<()> {
        let Self {
            id,
            store_id,
            provider,
            environment,
            desk,
        } = self;
        let entry = Entry {
            store_id: *store_id,
            action,
            subject_type: Subject::PaymentDesk,
            subject_id: id.get(),
            description: format!("To'lov kassasi {provider} {desk} ({environment}) {done}"),
            details: Some(details),
        };
        audit::record(tx, &Author::system(), at, entry).map_err(Error::from)
    }
}
