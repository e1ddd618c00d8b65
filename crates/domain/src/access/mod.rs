//! Who may do what, and on whose goods.
//!
//! A person acts in the shop through a worker row: role and sections give a [`Permission`], judged by [`Actor::permit`]. In
//! the online pharmacy only the role counts, judged by the verbs of `pharmacy`. Every use-case judges the right itself;
//! the [`Scope`] it gets narrows every query. There is deliberately no right that a caller could grant himself.

mod actor;
mod audit;
mod module;
mod permission;
mod pharmacy;
mod right;
mod role;
mod scope;
mod section;
mod staffing;
#[cfg(test)]
mod tests;

pub use actor::{Actor, Origin, Seat, Worker, Workplace, display_name};
pub use audit::AuditScope;
pub use module::Module;
pub use permission::{Effect, Permission, Requirement};
pub use pharmacy::PharmacyRole;
pub use right::Right;
pub use role::{Role, RowStatus, StoreStatus, WorkerStatus};
pub use scope::Scope;
pub use section::{Section, SectionChanges, format_sections, parse_sections};
pub use staffing::{Post, PostChange, Reach, SectionsChange, StaffRefusal};

/// Why a signed-in caller may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessRefusal {
    /// No worker row: a customer's account, or an admin without a store.
    NotAWorker,
    /// An owner who has not made a store yet.
    NoStore,
    /// The worker is on leave or has left.
    WorkerInactive,
    /// A section is missing.
    SectionRequired {
        /// The section; where one of several would do, the main one.
        section: Section,
    },
    /// Another role is needed.
    RoleRequired {
        /// The roles that would do.
        roles: &'static [Role],
    },
    /// Only for the admin of the installation.
    AdminOnly,
    /// The owner switched the store off: it is only read.
    StoreInactive,
    /// The admin blocked the store.
    StoreBlocked,
    /// The store does not use this part of the trade.
    ModuleDisabled {
        /// The part.
        module: Module,
    },
    /// The right does not reach this worker.
    TargetNotAllowed,
    /// What nobody changes of himself.
    CannotChangeSelf,
    /// Visible, but not to be done by this caller.
    Forbidden,
}

impl AccessRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAWorker => "not_a_worker",
            Self::NoStore => "no_store",
            Self::WorkerInactive => "worker_inactive",
            Self::SectionRequired { section: _ } => "section_required",
            Self::RoleRequired { roles: _ } => "role_required",
            Self::AdminOnly => "admin_only",
            Self::StoreInactive => "store_inactive",
            Self::StoreBlocked => "store_blocked",
            Self::ModuleDisabled { module: _ } => "module_disabled",
            Self::TargetNotAllowed => "target_not_allowed",
            Self::CannotChangeSelf => "cannot_change_self",
            Self::Forbidden => "forbidden",
        }
    }
}
