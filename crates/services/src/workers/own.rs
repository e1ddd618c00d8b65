//! What a worker changes of himself: names, phones, e-mail address and password.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::account::Password;
use savdo_domain::ids::{StoreId, WorkerId};
use savdo_domain::{FieldErrors, Refusal};
use savdo_persistence::Reader;
use savdo_persistence::users::{self, ProfileChange};

use super::{ChangePerson, StaffView, found, person, traces};
use crate::accounts::{self, NewPair, OwnPassword, PasswordFields, SamePassword, TokenPair, secret, write_profile};
use crate::audit::{self, Action, Author};
use crate::{Context, Result};

const FIELDS: PasswordFields = PasswordFields {
    same: SamePassword::ChangesNothing,
    current: "current_password",
    new: "new_password",
    again: "new_password2",
};

/// A change of oneself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeOwn {
    /// The person. A user name is not changed here.
    pub person: ChangePerson,
    /// Another password.
    pub password: Option<OwnPassword>,
}

/// Oneself after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnChanged {
    /// Oneself.
    pub worker: StaffView,
    /// New tokens, when another password ended the old ones.
    pub tokens: Option<TokenPair>,
}

/// Changes the caller himself. Another password ends all his tokens and gives new ones; what stands already leaves no trace.
///
/// # Errors
/// A missing right; [`Refusal::EmptyPatch`]; field problems, values that another staff account has and a wrong password among
/// them.
pub fn change_own(context: &Context, actor: &Actor, command: ChangeOwn) -> Result<OwnChanged> {
    let seat = actor.permit(Permission::ChangeOneself)?;
    if command == ChangeOwn::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    let (store_id, worker_id) = (seat.store_id(), seat.worker_id());
    let now = context.now();
    let replacement = match &command.password {
        Some(typed) => {
            let (wanted, secret) = context.database().read("worker_change_own", |reader| {
                let (before, _, wanted) = judge(reader, store_id, worker_id, &command)?;
                Ok::<_, crate::Error>((wanted, secret(reader, before.user_id)?))
            })?;
            let wanted = wanted.ok_or_else(|| anyhow::anyhow!("a password without problems is missing"))?;
            Some(typed.replacement(context, actor, &secret, &wanted, FIELDS)?)
        }
        None => None,
    };
    let pair = NewPair::random()?;
    let (author, origin, sent) = (Author::from(actor), actor.origin.clone(), pair.clone());
    let (worker, begun) = context.database().write("worker_change_own", move |tx| {
        let user_id = found(tx, store_id, worker_id)?.user_id;
        users::lock(tx, user_id)?;
        let (before, change, _) = judge(tx, store_id, worker_id, &command)?;
        write_profile(tx, user_id, &change, now)?;
        let version = match &replacement {
            Some(replacement) => replacement.set(tx, user_id, now)?,
            None => None,
        };
        if change == ProfileChange::default() && version.is_none() {
            return Ok((before, None));
        }
        let begun = match version {
            Some(version) => Some(accounts::begin(tx, (user_id, version), &sent, &origin, now)?),
            None => None,
        };
        let after = found(tx, store_id, worker_id)?;
        let what = (Action::Update, "Xodim o'z ma'lumotlarini o'zgartirdi");
        let entry = traces::of_change(store_id, what, (&before, &after), begun.is_some());
        audit::record(tx, &author, now, entry)?;
        Ok::<_, crate::Error>((after, begun))
    })?;
    let tokens = begun.map(|begun| accounts::signed_tokens(context, begun, pair, now));
    Ok(OwnChanged {
        worker,
        tokens: tokens.transpose()?,
    })
}

/// Judges a change whole: the worker before it, what is written, and the password wanted.
fn judge(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    id: WorkerId,
    command: &ChangeOwn,
) -> Result<(StaffView, ProfileChange, Option<Password>)> {
    let before = found(reader, store_id, id)?;
    let mut errors = FieldErrors::new();
    let change = command.person.parse(&mut errors);
    let (username, phone) = person::identity(&before, &change);
    let personal = person::personal(&before, &change, (username.as_ref(), phone.as_ref()));
    let wanted = command
        .password
        .as_ref()
        .and_then(|typed| typed.judge(&personal, FIELDS, &mut errors));
    person::check(reader, &before, &change, &mut errors)?;
    errors.into_result()?;
    let change = change.beyond(before.profile());
    Ok((before, change, wanted))
}
