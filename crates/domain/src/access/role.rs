//! Roles of workers, and whether a worker, a store or a row is in use.

use crate::coded_enum;

coded_enum! {
    /// What a worker is in his store.
    pub enum Role {
        /// Owns the store; every section, for good.
        Owner = "owner",
        /// Runs the store for the owner.
        Manager = "manager",
        /// Sells at the counter.
        Seller = "seller" | "sotuvchi",
        /// Handles online orders.
        Operator = "operator",
        /// Brings online orders to the customer.
        Courier = "courier",
    }
}

impl Role {
    /// The manager and those above: "mgr" of the contract.
    pub const MANAGERS: &'static [Self] = &[Self::Manager, Self::Owner];

    /// The name of the role in Uzbek, as the audit log keeps it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Owner => "Ega",
            Self::Manager => "Menejer",
            Self::Seller => "Sotuvchi",
            Self::Operator => "Operator",
            Self::Courier => "Kuryer",
        }
    }

    /// Whether it is a manager or an owner.
    #[must_use]
    pub const fn is_manager(self) -> bool {
        match self {
            Self::Owner | Self::Manager => true,
            Self::Seller | Self::Operator | Self::Courier => false,
        }
    }
}

coded_enum! {
    /// Whether a worker works.
    pub enum WorkerStatus {
        /// Works.
        Active = "active",
        /// On leave.
        OnLeave = "tatil",
        /// Has left; the row stays for a rehire.
        Left = "ishdan_ketgan" | "deactive",
    }
}

coded_enum! {
    /// Whether a store is open for work.
    pub enum StoreStatus {
        /// Open.
        Active = "active",
        /// Switched off by its owner.
        Inactive = "inactive",
        /// Blocked by the admin.
        Blocked = "blocked",
    }
}

coded_enum! {
    /// Whether a row is in use; nothing is ever deleted.
    pub enum RowStatus {
        /// In use.
        Active = "active",
        /// Put aside.
        Inactive = "inactive",
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, WorkerStatus};
    use crate::coded::Coded;

    #[test]
    fn older_names_are_read_and_never_written() {
        assert_eq!(Role::from_input("sotuvchi"), Some(Role::Seller));
        assert_eq!(Role::from_input("seller"), Some(Role::Seller));
        assert_eq!(Role::from_input("Owner"), None);
        assert_eq!(Role::Seller.code(), "seller");
        assert_eq!(WorkerStatus::from_input("deactive"), Some(WorkerStatus::Left));
        assert_eq!(WorkerStatus::from_input("tatil"), Some(WorkerStatus::OnLeave));
        assert_eq!(WorkerStatus::Left.code(), "ishdan_ketgan");
    }
}
