//! The caller of a use-case, and the judging of his rights.

use std::collections::BTreeSet;

use crate::access::permission::OWNER;
use crate::access::{
    AccessRefusal, Effect, Permission, Requirement, Role, Scope, Section, SectionChanges, StoreStatus, WorkerStatus,
};
use crate::account::AccountKind;
use crate::ids::{LocationId, SessionId, StoreId, UserId, WorkerId};
use crate::zone::Zone;

/// Who is calling, as the session said at the beginning of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub user_id: UserId,
    /// The session that the token belongs to.
    pub session_id: SessionId,
    /// Staff or customer.
    pub kind: AccountKind,
    /// First and last name, or what stands for them where both are empty.
    pub name: String,
    /// Whether this is an admin of the installation.
    pub is_superuser: bool,
    /// The version of the account's tokens.
    pub token_version: i64,
    /// The place of work, if there ever was one.
    pub worker: Option<Worker>,
    /// Where the request came from.
    pub origin: Origin,
}

/// Where a request came from, for the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address of the client.
    pub ip: String,
    /// What the client calls itself.
    pub user_agent: String,
    /// The id of the request.
    pub request_id: String,
}

/// A person working in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// The worker row.
    pub id: WorkerId,
    /// Whether he works.
    pub status: WorkerStatus,
    /// The branch he sells in unless told otherwise.
    pub branch: Option<LocationId>,
    /// The store; an owner may not have made it yet.
    pub store: Option<Workplace>,
    role: Role,
    sections: BTreeSet<Section>,
}

/// The store that somebody works in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workplace {
    /// The store.
    pub id: StoreId,
    /// Its name.
    pub name: String,
    /// Whether it is open for work.
    pub status: StoreStatus,
    /// Its time zone, in which its days turn.
    pub zone: Zone,
}

/// A worker at his place in a store, once his right was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat<'a> {
    /// The worker.
    pub worker: &'a Worker,
    /// The store.
    pub store: &'a Workplace,
}

impl Actor {
    /// Judges a right in the shop: worker row, worker active, store made, store open, section, role; the first that is
    /// missing answers.
    ///
    /// # Errors
    /// The [`AccessRefusal`] of what is missing.
    pub fn permit(&self, permission: Permission) -> Result<Seat<'_>, AccessRefusal> {
        let Requirement {
            sections,
            roles,
            effect,
        } = permission.requirement();
        let worker = self.worker.as_ref().ok_or(AccessRefusal::NotAWorker)?;
        worker.check_active()?;
        let store = worker.store.as_ref().ok_or(AccessRefusal::NoStore)?;
        store.check_open(effect)?;
        worker.check_sections(sections)?;
        worker.check_role(roles)?;
        Ok(Seat { worker, store })
    }

    /// Judges a right as [`Actor::permit`] does; `None` for an owner who has not made his store: his lists are empty.
    ///
    /// # Errors
    /// As [`Actor::permit`].
    pub fn permit_list(&self, permission: Permission) -> Result<Option<Seat<'_>>, AccessRefusal> {
        match self.permit(permission) {
            Ok(seat) => Ok(Some(seat)),
            Err(AccessRefusal::NoStore) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Judges whether this caller sees his own place of work, which he also does on leave and after he left.
    ///
    /// # Errors
    /// The [`AccessRefusal`] of what is missing.
    pub fn permit_own_work(&self) -> Result<Seat<'_>, AccessRefusal> {
        let worker = self.worker.as_ref().ok_or(AccessRefusal::NotAWorker)?;
        let store = worker.store.as_ref().ok_or(AccessRefusal::NoStore)?;
        store.check_open(Effect::Reads)?;
        Ok(Seat { worker, store })
    }

    /// Judges whether this caller may make the store that he is the owner of. Whether he has one already, the use-case looks:
    /// the same request may have made it.
    ///
    /// # Errors
    /// The [`AccessRefusal`] of what is missing.
    pub fn permit_founding(&self) -> Result<&Worker, AccessRefusal> {
        let worker = self.worker.as_ref().ok_or(AccessRefusal::NotAWorker)?;
        worker.check_active()?;
        if let Some(store) = &worker.store {
            store.check_open(Effect::Writes)?;
        }
        worker.check_role(OWNER)?;
        Ok(worker)
    }

    /// Judges what every staff account may do for itself, such as changing its profile.
    ///
    /// # Errors
    /// [`AccessRefusal::NotAWorker`] for a customer's account.
    pub fn permit_staff(&self) -> Result<(), AccessRefusal> {
        match self.kind {
            AccountKind::Staff => Ok(()),
            AccountKind::Customer => Err(AccessRefusal::NotAWorker),
        }
    }

    /// Judges what only the admin of the installation may do.
    ///
    /// # Errors
    /// [`AccessRefusal::AdminOnly`] for everybody else, a customer's account included.
    pub const fn permit_installation(&self) -> Result<(), AccessRefusal> {
        if self.is_superuser {
            Ok(())
        } else {
            Err(AccessRefusal::AdminOnly)
        }
    }

    /// The store that this caller works or worked in.
    #[must_use]
    pub fn store_id(&self) -> Option<StoreId> {
        let store = self.worker.as_ref().and_then(|worker| worker.store.as_ref());
        store.map(|store| store.id)
    }

    /// `Name (Role)` in Uzbek, as the audit log keeps it whatever becomes of the account.
    #[must_use]
    pub fn display_name(&self) -> String {
        let role = self.worker.as_ref().map(|worker| worker.role);
        display_name(&self.name, self.is_superuser, role)
    }
}

/// `Name (Role)` in Uzbek, of somebody who is not signed in yet.
#[must_use]
pub fn display_name(name: &str, is_superuser: bool, role: Option<Role>) -> String {
    let role = if is_superuser {
        "Admin"
    } else {
        role.map_or("Mijoz", Role::label)
    };
    format!("{name} ({role})")
}

impl Worker {
    /// A worker with the sections of his role and his own changes to them.
    #[must_use]
    pub fn new(
        id: WorkerId,
        role: Role,
        status: WorkerStatus,
        branch: Option<LocationId>,
        changes: &SectionChanges,
        store: Option<Workplace>,
    ) -> Self {
        Self {
            id,
            status,
            branch,
            store,
            role,
            sections: changes.effective(role),
        }
    }

    /// What he is in the store.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The sections he has, in the order of their codes.
    #[must_use]
    pub const fn sections(&self) -> &BTreeSet<Section> {
        &self.sections
    }

    fn check_active(&self) -> Result<(), AccessRefusal> {
        match self.status {
            WorkerStatus::Active => Ok(()),
            WorkerStatus::OnLeave | WorkerStatus::Left => Err(AccessRefusal::WorkerInactive),
        }
    }

    fn check_sections(&self, any_of: &[Section]) -> Result<(), AccessRefusal> {
        match any_of.first() {
            Some(&section) if !any_of.iter().any(|section| self.sections.contains(section)) => {
                Err(AccessRefusal::SectionRequired { section })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn check_role(&self, roles: &'static [Role]) -> Result<(), AccessRefusal> {
        if roles.contains(&self.role) {
            Ok(())
        } else {
            Err(AccessRefusal::RoleRequired { roles })
        }
    }
}

impl Workplace {
    /// Whether the store lets its workers do something of this effect.
    ///
    /// # Errors
    /// [`AccessRefusal::StoreBlocked`] always when the admin blocked it; [`AccessRefusal::StoreInactive`] for writes when
    /// its owner switched it off, those to the store itself aside.
    pub const fn check_open(&self, effect: Effect) -> Result<(), AccessRefusal> {
        match (self.status, effect) {
            (StoreStatus::Active, Effect::Reads | Effect::Writes | Effect::ChangesStore)
            | (StoreStatus::Inactive, Effect::Reads | Effect::ChangesStore) => Ok(()),
            (StoreStatus::Inactive, Effect::Writes) => Err(AccessRefusal::StoreInactive),
            (StoreStatus::Blocked, Effect::Reads | Effect::Writes | Effect::ChangesStore) => {
                Err(AccessRefusal::StoreBlocked)
            }
        }
    }
}

impl Seat<'_> {
    /// The store.
    #[must_use]
    pub const fn store_id(&self) -> StoreId {
        self.store.id
    }

    /// The worker.
    #[must_use]
    pub const fn worker_id(&self) -> WorkerId {
        self.worker.id
    }

    /// The time zone of the store.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.store.zone
    }

    /// Everything of the store, and nothing else.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        Scope::Store(self.store.id)
    }

    /// Whether the worker is a manager or an owner.
    #[must_use]
    pub const fn is_manager(&self) -> bool {
        self.worker.role.is_manager()
    }
}
