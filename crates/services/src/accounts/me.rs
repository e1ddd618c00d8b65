//! What a person says of himself in the pharmacy: customers, and staff who order there.

use savdo_domain::access::Actor;
use savdo_domain::account::{AccountKind, Email, Language};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::users::{self, ProfileChange, UserView};
use serde_json::{Value, json};

use super::profile::{find, write_profile};
use super::staff::optional;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Result};

/// A change of oneself, as typed; `None` leaves a key as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeMe {
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// Where orders are brought, possibly empty.
    pub address: Option<String>,
    /// The e-mail address, or nothing. A customer's opens nothing and need not be his alone.
    pub email: Option<String>,
    /// The language that he is written to in.
    pub language: Option<Language>,
}

/// Changes what the caller says of himself. What stands already leaves no trace.
///
/// Staff change their e-mail address in the shop, where it opens the account.
///
/// # Errors
/// [`Refusal::EmptyPatch`]; a problem at `email`.
pub fn change_me(context: &Context, actor: &Actor, command: ChangeMe) -> Result<UserView> {
    if command == ChangeMe::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    let now = context.now();
    let change = parse(actor.kind, command)?;
    let author = Author::from(actor);
    let (user_id, store_id) = (actor.user_id, actor.store_id());
    context.database().write("me_change", move |tx| {
        users::lock(tx, user_id)?;
        let before = find(tx, user_id)?;
        let change = change.beyond(before.profile());
        if change == ProfileChange::default() {
            return Ok(before);
        }
        write_profile(tx, user_id, &change, now)?;
        let after = find(tx, user_id)?;
        let entry = Entry {
            store_id,
            action: Action::Update,
            subject_type: Subject::User,
            subject_id: user_id.get(),
            description: format!("Profil o'zgartirildi: {}", after.full_name()),
            details: Some(audit::changes(&told(&before), &told(&after))),
        };
        audit::record(tx, &author, now, entry)?;
        Ok(after)
    })
}

fn parse(kind: AccountKind, command: ChangeMe) -> Result<ProfileChange> {
    let ChangeMe {
        first_name,
        last_name,
        address,
        email,
        language,
    } = command;
    let mut errors = FieldErrors::new();
    let email = match (kind, email) {
        (AccountKind::Staff, Some(_)) => {
            errors.add("email", FieldProblem::ChangedInShop);
            None
        }
        (AccountKind::Customer, Some(text)) => errors.keep("email", optional(&text, Email::parse)),
        (AccountKind::Staff | AccountKind::Customer, None) => None,
    };
    errors.into_result()?;
    Ok(ProfileChange {
        first_name,
        last_name,
        email,
        address,
        language,
        ..ProfileChange::default()
    })
}

fn told(user: &UserView) -> Value {
    json!({
        "first_name": user.first_name,
        "last_name": user.last_name,
        "address": user.address,
        "email": user.email,
        "language": user.language,
    })
}
