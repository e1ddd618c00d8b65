//! Who may do what to whom among the workers of a store (shop.md 2.3).
//!
//! An owner reaches everybody but himself; a manager reaches those below managers, and gives nobody a section that he lacks
//! himself. What a person says of himself is his own. There is always an owner who works.

use std::collections::BTreeSet;

use crate::access::{AccessRefusal, Role, Seat, Section, SectionChanges, WorkerStatus};
use crate::ids::WorkerId;

/// A worker's place in his store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The worker.
    pub worker_id: WorkerId,
    /// What he is.
    pub role: Role,
    /// Whether he works.
    pub status: WorkerStatus,
    /// His own changes to the sections of his role.
    pub changes: SectionChanges,
}

/// What shall become of a place; `None` leaves a part as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostChange {
    /// Another role. His own sections stay where they still mean something.
    pub role: Option<Role>,
    /// Another status.
    pub status: Option<WorkerStatus>,
    /// Other sections, relative to the new role.
    pub sections: Option<SectionsChange>,
}

/// Which sections somebody shall have. An owner keeps all, whatever is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SectionsChange {
    /// Exactly these.
    Exactly(BTreeSet<Section>),
    /// Some more, some less.
    By {
        /// These too.
        add: BTreeSet<Section>,
        /// These no longer.
        remove: BTreeSet<Section>,
    },
}

/// How far a change of a worker goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Names, phones and e-mail address alone.
    Person,
    /// Anything else of him.
    Work,
}

/// Why a worker is not changed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffRefusal {
    /// He works already.
    AlreadyActive,
    /// He left already.
    AlreadyInactive,
    /// The store would be left without an owner who works.
    LastOwner,
}

impl StaffRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadyActive => "worker_already_active",
            Self::AlreadyInactive => "worker_already_inactive",
            Self::LastOwner => "last_owner",
        }
    }
}

impl Post {
    /// The sections he has.
    #[must_use]
    pub fn sections(&self) -> BTreeSet<Section> {
        self.changes.effective(self.role)
    }

    /// The place after a change.
    #[must_use]
    pub fn after(&self, change: &PostChange) -> Self {
        let role = change.role.unwrap_or(self.role);
        let kept = SectionChanges::for_role(role, self.changes.added(), self.changes.removed());
        let changes = match &change.sections {
            None => kept,
            Some(SectionsChange::Exactly(wanted)) => SectionChanges::wanted(role, wanted),
            Some(SectionsChange::By { add, remove }) => {
                let wanted = &(&kept.effective(role) | add) - remove;
                SectionChanges::wanted(role, &wanted)
            }
        };
        Self {
            worker_id: self.worker_id,
            role,
            status: change.status.unwrap_or(self.status),
            changes,
        }
    }

    /// The place of somebody who comes back to work.
    ///
    /// # Errors
    /// [`StaffRefusal::AlreadyActive`].
    pub fn activated(&self) -> Result<Self, StaffRefusal> {
        match self.status {
            WorkerStatus::Active => Err(StaffRefusal::AlreadyActive),
            WorkerStatus::OnLeave | WorkerStatus::Left => Ok(self.with_status(WorkerStatus::Active)),
        }
    }

    /// The place of somebody who leaves.
    ///
    /// # Errors
    /// [`StaffRefusal::AlreadyInactive`].
    pub fn deactivated(&self) -> Result<Self, StaffRefusal> {
        match self.status {
            WorkerStatus::Left => Err(StaffRefusal::AlreadyInactive),
            WorkerStatus::Active | WorkerStatus::OnLeave => Ok(self.with_status(WorkerStatus::Left)),
        }
    }

    /// Judges that an owner who works is left in the store, where `others` beside this one are.
    ///
    /// # Errors
    /// [`StaffRefusal::LastOwner`].
    pub fn check_owner_stays(&self, after: &Self, others: i64) -> Result<(), StaffRefusal> {
        if self.is_working_owner() && !after.is_working_owner() && others == 0 {
            Err(StaffRefusal::LastOwner)
        } else {
            Ok(())
        }
    }

    fn with_status(&self, status: WorkerStatus) -> Self {
        Self { status, ..self.clone() }
    }

    fn is_working_owner(&self) -> bool {
        self.role == Role::Owner && self.status == WorkerStatus::Active
    }
}

impl Seat<'_> {
    /// Judges whether this worker may take somebody on for this place.
    ///
    /// # Errors
    /// [`AccessRefusal::TargetNotAllowed`] for a role that is not his to give; [`AccessRefusal::SectionRequired`] for a section
    /// that he lacks himself.
    pub fn check_hire(&self, role: Role, changes: &SectionChanges) -> Result<(), AccessRefusal> {
        self.check_reach(role)?;
        self.check_gain(&BTreeSet::new(), &changes.effective(role))
    }

    /// Judges whether this worker may make of `before` what `after` is.
    ///
    /// # Errors
    /// [`AccessRefusal::CannotChangeSelf`], [`AccessRefusal::TargetNotAllowed`], and
    /// [`AccessRefusal::SectionRequired`] for a section that he lacks himself.
    pub fn check_change(&self, before: &Post, after: &Post, reach: Reach) -> Result<(), AccessRefusal> {
        if before.worker_id == self.worker_id() {
            return match reach {
                Reach::Person => Ok(()),
                Reach::Work => Err(AccessRefusal::CannotChangeSelf),
            };
        }
        self.check_reach(before.role)?;
        self.check_reach(after.role)?;
        self.check_gain(&before.sections(), &after.sections())
    }

    /// Whether this worker sees what another one earns.
    #[must_use]
    pub fn sees_salary_of(&self, worker_id: WorkerId, role: Role) -> bool {
        self.worker.role() == Role::Owner || worker_id == self.worker_id() || !role.is_manager()
    }

    fn check_reach(&self, role: Role) -> Result<(), AccessRefusal> {
        match self.worker.role() {
            Role::Owner => Ok(()),
            Role::Manager if !role.is_manager() => Ok(()),
            Role::Manager | Role::Seller | Role::Operator | Role::Courier => Err(AccessRefusal::TargetNotAllowed),
        }
    }

    fn check_gain(&self, before: &BTreeSet<Section>, after: &BTreeSet<Section>) -> Result<(), AccessRefusal> {
        let lacking = after
            .difference(before)
            .find(|section| !self.worker.sections().contains(section));
        match lacking {
            Some(&section) => Err(AccessRefusal::SectionRequired { section }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
