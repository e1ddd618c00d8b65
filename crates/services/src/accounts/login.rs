//! Signing in by name and password.

use chrono::{DateTime, Utc};
use savdo_domain::access::{Origin, display_name};
use savdo_domain::account::{AccountKind, AccountRefusal};
use savdo_domain::phone::Phone;
use savdo_domain::text;
use savdo_persistence::users::{self, Credentials};

use super::session::{self, SignedIn};
use super::tokens::NewPair;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::limits::{Limit, network_of_origin};
use crate::{Context, Error, Result};

/// Whose API somebody signs in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The shop: staff only.
    Shop,
    /// The pharmacy: by phone the verified customer, else the staff account, else the unverified customer; by name staff.
    Pharmacy,
}

/// What somebody signs in with.
#[derive(Clone)]
pub struct Login {
    /// A user name or a phone.
    pub name: String,
    /// The password, as typed.
    pub password: String,
    /// Where.
    pub door: Door,
}

/// Begins a session.
///
/// An unknown name, a wrong password and a blocked account cost the same hashing, the same statements and one commit: each
/// failure is in an audit log.
///
/// # Errors
/// [`AccountRefusal::InvalidCredentials`], never saying why; [`AccountRefusal::NotVerified`] for the right password of a
/// customer whose phone was not proven; [`Error::Overloaded`]; [`Error::Throttled`] after too many failures, which is told
/// before any hashing, to the right password too.
pub fn login(context: &Context, origin: &Origin, command: Login) -> Result<SignedIn> {
    let attempt = Attempt::begin(context, origin)?;
    let account = find(context, &command).inspect_err(|_| attempt.forget())?;
    let attempt = attempt.at(account.as_ref(), &command.name)?;
    let now = context.now();
    let hash = account.as_ref().map(|account| account.password_hash.as_str());
    // An account that nobody proved and whose code is forgotten has no password.
    let hash = hash.filter(|hash| !hash.is_empty());
    let is_right = context.passwords().verify(&command.password, hash);
    let is_right = is_right.inspect_err(|_| attempt.forget())?;
    let account = match account {
        Some(account) if is_right && account.is_active => account,
        failed => {
            // Whom the database could not be asked about, nobody has refused.
            note_failure(context, failed.as_ref(), origin, now).inspect_err(|_| attempt.forget())?;
            return Err(AccountRefusal::InvalidCredentials.into());
        }
    };
    attempt.forget();
    if !account.is_verified {
        return Err(AccountRefusal::NotVerified.into());
    }
    let renewed = renewed(context, &account, &command.password)?;
    let pair = NewPair::random()?;
    let (origin, sent) = (origin.clone(), pair.clone());
    let begun = context.database().write("login", move |tx| {
        if let Some(renewed) = &renewed {
            users::renew_hash(tx, account.id, &account.password_hash, renewed)?;
        }
        let begun = session::begin(tx, (account.id, account.token_version), &sent, &origin, now)?;
        audit::record(tx, &author(&account, &origin), now, entry(&account, Action::Login))?;
        Ok::<_, Error>(begun)
    })?;
    session::signed_in(context, begun, pair, now)
}

/// The hash of a right password at the cost that is configured now, if it has another. When there is no place for hashing, the next
/// log-in is soon enough.
fn renewed(context: &Context, account: &Credentials, password: &str) -> Result<Option<String>> {
    let passwords = context.passwords();
    if !passwords.is_outdated(&account.password_hash) {
        return Ok(None);
    }
    match passwords.hash(password) {
        Err(Error::Overloaded) => Ok(None),
        hashed => hashed.map(Some),
    }
}

/// An attempt that counts as a failure until it has succeeded, so that many at once are not more than as many in turn.
struct Attempt<'a> {
    context: &'a Context,
    network: String,
    account: Option<String>,
}

impl<'a> Attempt<'a> {
    /// From an address.
    fn begin(context: &'a Context, origin: &Origin) -> Result<Self> {
        let network = network_of_origin(origin);
        context.admit(Limit::LoginsOfAddress, &network)?;
        Ok(Self {
            context,
            network,
            account: None,
        })
    }

    /// At an account, however it was called, or at a name that nobody has.
    fn at(mut self, account: Option<&Credentials>, name: &str) -> Result<Self> {
        let who = match account {
            Some(account) => format!("user {}", account.id),
            // A phone is one name however it is written, or its spellings would tell who has an account.
            None => match Phone::parse(name) {
                Ok(phone) => format!("name {phone}"),
                Err(_) => format!("name {}", text::clean(name).unwrap_or_default().to_lowercase()),
            },
        };
        let account = format!("{} {who}", self.network);
        let admitted = self.context.admit(Limit::LoginsOfAccount, &account);
        // Whoever is turned away here has not failed again.
        admitted.inspect_err(|_| self.forget())?;
        self.account = Some(account);
        Ok(self)
    }

    /// It was no failure.
    fn forget(&self) {
        self.context.readmit(Limit::LoginsOfAddress, &self.network);
        if let Some(account) = &self.account {
            self.context.readmit(Limit::LoginsOfAccount, account);
        }
    }
}

/// The account that somebody means.
fn find(context: &Context, command: &Login) -> Result<Option<Credentials>> {
    let username_key = text::clean(&command.name).unwrap_or_default().to_ascii_lowercase();
    let phone = Phone::parse(&command.name).ok();
    let found = context.database().read("login", |reader| {
        users::credentials_unscoped(reader, &username_key, phone.as_ref())
    })?;
    let (customers, staff): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|account| account.kind == AccountKind::Customer);
    let staff = staff.into_iter().next();
    let customer = customers.into_iter().next();
    Ok(match command.door {
        Door::Shop => staff,
        Door::Pharmacy => {
            let (verified, unverified) = match customer {
                Some(customer) if customer.is_verified => (Some(customer), None),
                other => (None, other),
            };
            verified.or(staff).or(unverified)
        }
    })
}

/// Notes a failure: at a known account in the log of its store, at an unknown name in that of the installation, so that both are
/// committed and take the same time. The name typed is not kept: it may be a password in the wrong field.
fn note_failure(context: &Context, account: Option<&Credentials>, origin: &Origin, now: DateTime<Utc>) -> Result<()> {
    let (author, entry) = match account {
        Some(account) => (author(account, origin), entry(account, Action::LoginFailed)),
        None => {
            let author = Author {
                origin: origin.clone(),
                ..Author::system()
            };
            (author, failure_of_nobody())
        }
    };
    context.database().write("login_failed", move |tx| {
        audit::record(tx, &author, now, entry.clone())?;
        Ok(())
    })
}

fn author(account: &Credentials, origin: &Origin) -> Author {
    let role = account.work.map(|(role, _)| role);
    Author {
        user_id: Some(account.id),
        name: display_name(&account.name, account.is_superuser, role),
        origin: origin.clone(),
    }
}

fn entry(account: &Credentials, action: Action) -> Entry {
    let store_id = account.work.and_then(|(_, store_id)| store_id);
    let description = match action {
        Action::LoginFailed => format!("Kirish urinishi rad etildi: {}", account.name),
        _ => format!("Tizimga kirdi: {}", account.name),
    };
    Entry {
        store_id,
        action,
        subject_type: Subject::User,
        subject_id: account.id.get(),
        description,
        details: None,
    }
}

fn failure_of_nobody() -> Entry {
    Entry {
        store_id: None,
        action: Action::LoginFailed,
        subject_type: Subject::User,
        subject_id: 0,
        description: "Noma'lum nom bilan kirish urinishi rad etildi".to_owned(),
        details: None,
    }
}
