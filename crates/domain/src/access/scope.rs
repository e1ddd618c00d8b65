//! Whose rows a query may see.

use crate::ids::{StoreId, UserId, WorkerId};

/// The rows that a caller sees; a row outside is as if it did not exist.
///
/// List and detail of a noun use the same scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What this account itself ordered.
    Own(UserId),
    /// What is assigned to this courier within his store.
    Assigned {
        /// The courier's store.
        store: StoreId,
        /// The courier.
        courier: WorkerId,
    },
    /// Everything of this store.
    Store(StoreId),
    /// Everything of all stores.
    All,
}
