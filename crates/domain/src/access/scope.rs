//! Whose rows a query may see.

use crate::ids::{StoreId, UserId, WorkerId};

/// The rows that a caller sees; a row outside is as if it did not exist.
///
/// List and detail of a noun use the same scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What this account itself ordered.
    Own(UserId),
    /// What is assigned to this courier within his store, and what he himself ordered anywhere.
    Assigned {
        /// The courier's store.
        store: StoreId,
        /// The courier.
        courier: WorkerId,
        /// His account.
        buyer: UserId,
    },
    /// Everything of this store.
    Store(StoreId),
    /// Everything of this store, and what this account itself ordered anywhere.
    StoreOrOwn {
        /// The store.
        store: StoreId,
        /// The account.
        buyer: UserId,
    },
    /// Everything of all stores.
    All,
}
