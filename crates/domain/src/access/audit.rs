//! Who reads the audit log.

use crate::access::{AccessRefusal, Actor, Permission};
use crate::ids::StoreId;

/// Whose entries of the audit log are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditScope {
    /// Those of this store.
    Store(StoreId),
    /// Those of no store: customers' log-ins, matters of the installation.
    Installation,
}

impl Actor {
    /// The entries that this caller sees: an owner those of his store, an admin without a place of work those of no store.
    /// Nothing for an owner who has not made his store.
    ///
    /// # Errors
    /// What [`Actor::permit`] says.
    pub fn audit_scope(&self) -> Result<Option<AuditScope>, AccessRefusal> {
        if self.is_superuser && self.worker.is_none() {
            return Ok(Some(AuditScope::Installation));
        }
        let seat = self.permit_list(Permission::ViewAuditLog)?;
        Ok(seat.map(|seat| AuditScope::Store(seat.store_id())))
    }
}
