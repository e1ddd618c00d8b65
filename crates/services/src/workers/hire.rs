//! Somebody begins to work in a store.

use savdo_domain::access::{Actor, Permission, Role, RowStatus};
use savdo_domain::ids::{LocationId, StoreId, WorkerId};
use savdo_domain::stock::LocationKind;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::workers::{self, NewWorker};
use savdo_persistence::{Tx, locations};

use crate::accounts::{StaffAccount, hire_account, insert_staff};
use crate::audit::{self, Action, Author, Entry};
use crate::{Context, Error, Result};

/// Who begins, and as what.
#[derive(Clone)]
pub struct HireWorker {
    /// The account, made with the worker.
    pub account: StaffAccount,
    /// The role.
    pub role: Role,
    /// The branch he sells in unless told otherwise.
    pub branch: Option<LocationId>,
}

/// Makes a staff account that works in the caller's store.
///
/// # Errors
/// A missing right; field problems, values that another staff account has and a branch that is not the store's among them.
pub fn hire(context: &Context, actor: &Actor, command: HireWorker) -> Result<WorkerId> {
    let store_id = actor.permit(Permission::HireWorker)?.store_id();
    let now = context.now();
    let account = hire_account(context, &command.account, FieldErrors::new(), now)?;
    let author = Author::from(actor);
    let (role, branch) = (command.role, command.branch);
    context.database().write("worker_hire", move |tx| {
        if let Some(branch) = branch {
            check_branch(tx, store_id, branch)?;
        }
        let user_id = insert_staff(tx, &account)?;
        let worker = NewWorker {
            store_id: Some(store_id),
            user_id,
            role,
            branch_id: branch,
            created_at: now,
        };
        let worker_id = workers::insert(tx, &worker)?;
        let entry = Entry {
            store_id: Some(store_id),
            action: Action::Create,
            subject_type: "worker",
            subject_id: worker_id.get(),
            description: format!("Xodim qo'shildi: {} ({})", account.phone, role.label()),
            details: None,
        };
        audit::record(tx, &author, now, entry)?;
        Ok::<_, Error>(worker_id)
    })
}

fn check_branch(tx: &mut Tx<'_>, store_id: StoreId, branch: LocationId) -> Result<()> {
    let found = locations::find(tx, store_id, branch)?;
    let is_usable = found.is_some_and(|found| found.kind == LocationKind::Branch && found.status == RowStatus::Active);
    if is_usable {
        Ok(())
    } else {
        Err(FieldErrors::one("branch", FieldProblem::UnknownObject).into())
    }
}
