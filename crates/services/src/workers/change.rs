//! Changing a worker: the person, the account, and what he is.

use std::collections::BTreeSet;

use savdo_domain::access::{Actor, Permission, PostChange, Reach, Role, Seat, Section, SectionsChange, WorkerStatus};
use savdo_domain::account::Password;
use savdo_domain::ids::{LocationId, WorkerId};
use savdo_domain::{FieldErrors, Money, Refusal};
use savdo_persistence::Reader;
use savdo_persistence::staff::{self, StaffChange, StaffView};
use savdo_persistence::users::{self, ProfileChange};

use super::post::check_owner_stays;
use super::{ChangePerson, check_branch, found, person, shown_to, traces};
use crate::accounts::{Replacement, secret, write_profile};
use crate::audit::{self, Action, Author};
use crate::{Context, Result};

/// A change of a worker; `None` leaves a key as it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ChangeWorker {
    /// The person.
    pub person: ChangePerson,
    /// Another password, as typed.
    pub password: Option<String>,
    /// Another role.
    pub role: Option<Role>,
    /// Another status.
    pub status: Option<WorkerStatus>,
    /// The branch he works in unless told otherwise; `Some(None)` takes it away.
    pub branch: Option<Option<LocationId>>,
    /// What he earns; `Some(None)` is not written down.
    pub salary: Option<Option<Money>>,
    /// Exactly these sections, relative to the new role.
    pub sections: Option<BTreeSet<Section>>,
}

/// What was judged of a change: the worker before it, and what is written.
struct Judged {
    before: StaffView,
    person: ProfileChange,
    password: Option<Password>,
    after: StaffChange,
}

impl ChangeWorker {
    /// How far it goes.
    fn reach(&self) -> Reach {
        let person = ChangePerson {
            username: None,
            ..self.person.clone()
        };
        let of_person = Self {
            person,
            ..Self::default()
        };
        if *self == of_person { Reach::Person } else { Reach::Work }
    }

    fn post(&self) -> PostChange {
        PostChange {
            role: self.role,
            status: self.status,
            sections: self.sections.clone().map(SectionsChange::Exactly),
        }
    }
}

/// Changes a worker of the caller's store. What stands already leaves no trace.
///
/// Locks him and the owners of the store by id, then his account.
///
/// # Errors
/// A missing right; [`Refusal::EmptyPatch`]; [`Refusal::NotFound`] for another store's; a right that does not reach him; field
/// problems; [`StaffRefusal::LastOwner`](savdo_domain::access::StaffRefusal).
pub fn change(context: &Context, actor: &Actor, id: WorkerId, command: ChangeWorker) -> Result<StaffView> {
    let seat = actor.permit(Permission::ChangeWorkers)?;
    if command == ChangeWorker::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    let store_id = seat.store_id();
    let password = match &command.password {
        Some(_) => Some(replacement(context, actor, id, &command)?),
        None => None,
    };
    let now = context.now();
    let (author, changer) = (Author::from(actor), actor.clone());
    context.database().write("worker_change", move |tx| {
        let seat = changer.permit(Permission::ChangeWorkers)?;
        staff::lock(tx, store_id, id)?;
        let judged = judge(tx, &seat, id, &command)?;
        check_owner_stays(tx, &seat, &judged.before.post, &judged.after.post)?;
        let Judged {
            before, person, after, ..
        } = judged;
        users::lock(tx, before.user_id)?;
        let new_password = match &password {
            Some(password) => password.set(tx, before.user_id, now)?,
            None => None,
        };
        let is_other = after != before.standing();
        if new_password.is_none() && !is_other && person == ProfileChange::default() {
            return Ok(shown_to(&seat, before));
        }
        if is_other {
            staff::update(tx, store_id, &after, now)?;
        }
        write_profile(tx, before.user_id, &person, now)?;
        if new_password.is_none() && before.post != after.post {
            users::outdate_tokens(tx, before.user_id, now)?;
        }
        let changed = found(tx, store_id, id)?;
        let what = (Action::Update, "Xodim o'zgartirildi");
        let entry = traces::of_change(store_id, what, (&before, &changed), new_password.is_some());
        audit::record(tx, &author, now, entry)?;
        Ok(shown_to(&seat, changed))
    })
}

/// The password wanted, hashed once nothing else is left to refuse.
fn replacement(context: &Context, actor: &Actor, id: WorkerId, command: &ChangeWorker) -> Result<Replacement> {
    let seat = actor.permit(Permission::ChangeWorkers)?;
    let (judged, secret) = context.database().read("worker_change", |reader| {
        let judged = judge(reader, &seat, id, command)?;
        check_owner_stays(reader, &seat, &judged.before.post, &judged.after.post)?;
        let secret = secret(reader, judged.before.user_id)?;
        Ok::<_, crate::Error>((judged, secret))
    })?;
    let password = judged
        .password
        .ok_or_else(|| anyhow::anyhow!("worker {id}: a password without problems is missing"))?;
    Replacement::by_another(context, actor, &secret, &password)
}

/// Judges a change whole: whether the caller reaches the worker, then every field.
fn judge(reader: &mut Reader<'_>, seat: &Seat<'_>, id: WorkerId, command: &ChangeWorker) -> Result<Judged> {
    let before = found(reader, seat.store_id(), id)?;
    let post = before.post.after(&command.post());
    seat.check_change(&before.post, &post, command.reach())?;
    let mut errors = FieldErrors::new();
    let person = command.person.parse(&mut errors);
    let (username, phone) = person::identity(&before, &person);
    let identity = (username.as_ref(), phone.as_ref());
    let password = command.password.as_ref().and_then(|typed| {
        let personal = person::personal(&before, &person, identity);
        errors.keep("password", Password::parse(typed, &personal))
    });
    person::check(reader, &before, &person, &mut errors)?;
    check_branch(reader, seat.store_id(), command.branch.flatten(), &mut errors)?;
    errors.into_result()?;
    let after = StaffChange {
        post,
        branch_id: command.branch.unwrap_or(before.branch.as_ref().map(|(id, _)| *id)),
        salary: command.salary.unwrap_or(before.salary),
    };
    Ok(Judged {
        person: person.beyond(before.profile()),
        before,
        password,
        after,
    })
}
