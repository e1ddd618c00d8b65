//! Somebody begins to work in a store.

use std::collections::BTreeSet;

use savdo_domain::access::{Actor, Permission, Role, Section, SectionChanges};
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::{FieldErrors, Money};
use savdo_persistence::Reader;
use savdo_persistence::workers::{self, NewWorker};

use super::{StaffView, check_branch, found, shown_to, traces};
use crate::accounts::{JudgedAccount, StaffAccount, admit_hashing, insert_staff, judge_account};
use crate::audit::{self, Author};
use crate::once::Once;
use crate::{Context, Error, Result};

/// Who begins, and as what.
#[derive(Clone)]
pub struct HireWorker {
    /// The account, made with the worker.
    pub account: StaffAccount,
    /// The role.
    pub role: Role,
    /// The branch he works in unless told otherwise.
    pub branch: Option<LocationId>,
    /// What he earns, if that is written down.
    pub salary: Option<Money>,
    /// Exactly these sections; those of the role when not said.
    pub sections: Option<BTreeSet<Section>>,
}

/// Makes a staff account that works in the caller's store.
///
/// The password is hashed before the transaction, unless a look shows that the worker will be refused.
///
/// # Errors
/// A missing right, also to give the role or a section; field problems, values that another staff account has and a branch
/// that is not the store's among them; [`Error::Throttled`] and [`Error::Overloaded`], before any of it is written.
pub fn hire<O: Once<StaffView>>(context: &Context, actor: &Actor, command: HireWorker, once: &O) -> Result<O::Answer> {
    let seat = actor.permit(Permission::HireWorker)?;
    let (role, branch, salary) = (command.role, command.branch, command.salary);
    let wanted = command.sections.as_ref();
    let changes = wanted.map_or_else(SectionChanges::default, |wanted| SectionChanges::wanted(role, wanted));
    seat.check_hire(role, &changes)?;
    let now = context.now();
    let judged = judge_account(&command.account, FieldErrors::new(), now)?;
    let store_id = seat.store_id();
    let looked = context
        .database()
        .read("worker_hire", |reader| check(reader, store_id, &judged, branch));
    // A refusal waits for its transaction: who repeats a request that went through is answered as then.
    let account = match looked {
        Ok(()) => {
            admit_hashing(context, actor)?;
            Ok(judged.hashed(context)?)
        }
        Err(Error::Refused(refusal)) => Err(refusal),
        Err(other) => return Err(other),
    };
    let author = Author::from(actor);
    let hirer = actor.clone();
    once.write(context, actor, "worker_hire", move |tx| {
        let account = account.clone()?;
        let mut errors = FieldErrors::new();
        check_branch(tx, store_id, branch, &mut errors)?;
        errors.into_result()?;
        let worker = NewWorker {
            store_id: Some(store_id),
            user_id: insert_staff(tx, &account)?,
            role,
            changes: changes.clone(),
            branch_id: branch,
            salary,
            created_at: now,
        };
        let worker_id = workers::insert(tx, &worker)?;
        let hired = found(tx, store_id, worker_id)?;
        audit::record(tx, &author, now, traces::of_hire(store_id, &hired))?;
        Ok(shown_to(&hirer.permit(Permission::HireWorker)?, hired))
    })
}

fn check(reader: &mut Reader<'_>, store_id: StoreId, judged: &JudgedAccount, branch: Option<LocationId>) -> Result<()> {
    let mut errors = FieldErrors::new();
    check_branch(reader, store_id, branch, &mut errors)?;
    match judged.check_free(reader) {
        Err(Error::Refused(savdo_domain::Refusal::Fields(found))) => errors.merge(found),
        free => free?,
    }
    Ok(errors.into_result()?)
}
