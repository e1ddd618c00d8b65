//! Roles of workers, and whether a worker, a store or a row is in use.

use crate::access::AccessRefusal;
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

impl StoreStatus {
    /// The status after its owner changed the store, and perhaps switched it on or off; what is so already stays so.
    ///
    /// # Errors
    /// [`AccessRefusal::StoreBlocked`]: what the admin blocked, the owner cannot change.
    pub const fn changed_by_owner(self, to: Option<RowStatus>) -> Result<Self, AccessRefusal> {
        match (self, to) {
            (Self::Active | Self::Inactive, None) => Ok(self),
            (Self::Active | Self::Inactive, Some(RowStatus::Active)) => Ok(Self::Active),
            (Self::Active | Self::Inactive, Some(RowStatus::Inactive)) => Ok(Self::Inactive),
            (Self::Blocked, None | Some(RowStatus::Active | RowStatus::Inactive)) => Err(AccessRefusal::StoreBlocked),
        }
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
    use super::{Role, RowStatus, StoreStatus, WorkerStatus};
    use crate::access::AccessRefusal;
    use crate::coded::Coded;

    #[test]
    fn an_owner_switches_his_store_on_and_off_and_never_lifts_a_block() {
        let (active, inactive) = (StoreStatus::Active, StoreStatus::Inactive);
        let blocked = Err(AccessRefusal::StoreBlocked);
        let judged = |status: StoreStatus| {
            [None, Some(RowStatus::Active), Some(RowStatus::Inactive)].map(|to| status.changed_by_owner(to))
        };

        assert_eq!(judged(active), [Ok(active), Ok(active), Ok(inactive)]);
        assert_eq!(judged(inactive), [Ok(inactive), Ok(active), Ok(inactive)]);
        assert_eq!(judged(StoreStatus::Blocked), [blocked; 3]);
    }

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
