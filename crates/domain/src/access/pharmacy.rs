//! Rights in the online pharmacy, where the role alone counts and sections do not.
//!
//! Staff are the owner, managers and operators of a store, and the admin in all stores. A courier sees what is assigned to
//! him. Whoever ordered is the buyer of that order whatever he is elsewhere; a seller and a worker on leave or gone is that alone.

use crate::access::{AccessRefusal, Actor, Effect, Role, Scope, Worker, WorkerStatus, Workplace};
use crate::coded_enum;
use crate::ids::{StoreId, UserId};
use crate::order::Hand;

coded_enum! {
    /// What a caller is to the online pharmacy.
    pub enum PharmacyRole {
        /// An admin of the installation; an owner or manager of a store.
        Admin = "admin",
        /// An operator of a store.
        Operator = "operator",
        /// A courier of a store.
        Courier = "courier",
        /// Everybody else.
        Customer = "customer",
    }
}

impl PharmacyRole {
    /// What an account is to the online pharmacy, by the role of its active worker.
    #[must_use]
    pub const fn of(is_superuser: bool, role: Option<Role>) -> Self {
        if is_superuser {
            return Self::Admin;
        }
        match role {
            Some(Role::Owner | Role::Manager) => Self::Admin,
            Some(Role::Operator) => Self::Operator,
            Some(Role::Courier) => Self::Courier,
            Some(Role::Seller) | None => Self::Customer,
        }
    }
}

impl Actor {
    /// What this caller is to the online pharmacy.
    #[must_use]
    pub fn pharmacy_role(&self) -> PharmacyRole {
        PharmacyRole::of(self.is_superuser, self.active_worker().map(Worker::role))
    }

    /// The orders that this caller sees; for staff also those he may carry on, even when the store is switched off.
    ///
    /// # Errors
    /// [`AccessRefusal::StoreBlocked`] for staff and couriers of a blocked store.
    pub fn order_scope(&self) -> Result<Scope, AccessRefusal> {
        if self.is_superuser {
            return Ok(Scope::All);
        }
        let Some((worker, store)) = self.workplace() else {
            return Ok(Scope::Own(self.user_id));
        };
        match worker.role() {
            Role::Owner | Role::Manager | Role::Operator => {
                let of_store_or_own = Scope::StoreOrOwn {
                    store: store.id,
                    buyer: self.user_id,
                };
                store.check_open(Effect::Reads).map(|()| of_store_or_own)
            }
            Role::Courier => {
                let assigned = Scope::Assigned {
                    store: store.id,
                    courier: worker.id,
                    buyer: self.user_id,
                };
                store.check_open(Effect::Reads).map(|()| assigned)
            }
            Role::Seller => Ok(Scope::Own(self.user_id)),
        }
    }

    /// The deliveries that this caller sees: a courier those that are or were his, staff their store's.
    ///
    /// # Errors
    /// [`AccessRefusal::Forbidden`] for whoever only orders; [`AccessRefusal::StoreBlocked`].
    pub fn delivery_scope(&self) -> Result<Scope, AccessRefusal> {
        match self.order_scope()? {
            Scope::Own(_) => Err(AccessRefusal::Forbidden),
            Scope::StoreOrOwn { store, .. } => Ok(Scope::Store(store)),
            scope @ (Scope::Assigned { .. } | Scope::Store(_) | Scope::All) => Ok(scope),
        }
    }

    /// The prescriptions that this caller sees: his own, and staff those of their store.
    ///
    /// # Errors
    /// [`AccessRefusal::StoreBlocked`] for staff and couriers of a blocked store.
    pub fn prescription_scope(&self) -> Result<Scope, AccessRefusal> {
        match self.order_scope()? {
            Scope::Assigned { buyer, .. } => Ok(Scope::Own(buyer)),
            scope @ (Scope::Own(_) | Scope::Store(_) | Scope::StoreOrOwn { .. } | Scope::All) => Ok(scope),
        }
    }

    /// The payments that this caller sees: those for his own orders, and staff those of their store.
    ///
    /// # Errors
    /// [`AccessRefusal::StoreBlocked`] for staff and couriers of a blocked store.
    pub fn payment_scope(&self) -> Result<Scope, AccessRefusal> {
        self.prescription_scope()
    }

    /// The payments whose logs this caller reads: staff those of their store.
    ///
    /// # Errors
    /// As [`Self::review_scope`].
    pub fn payment_log_scope(&self) -> Result<Scope, AccessRefusal> {
        self.review_scope()
    }

    /// The payments whose money this caller says was given back by hand: an owner or manager those of the store, an admin all.
    ///
    /// # Errors
    /// [`AccessRefusal::Forbidden`] for everybody else, [`AccessRefusal::StoreBlocked`].
    pub fn refund_scope(&self) -> Result<Scope, AccessRefusal> {
        match self.pharmacy_role() {
            PharmacyRole::Admin => self.review_scope(),
            PharmacyRole::Operator | PharmacyRole::Courier | PharmacyRole::Customer => Err(AccessRefusal::Forbidden),
        }
    }

    /// The prescriptions that this caller judges: staff those of their store.
    ///
    /// # Errors
    /// [`AccessRefusal::Forbidden`] for everybody else, [`AccessRefusal::StoreBlocked`].
    pub fn review_scope(&self) -> Result<Scope, AccessRefusal> {
        match self.order_scope()? {
            Scope::Own(_) | Scope::Assigned { .. } => Err(AccessRefusal::Forbidden),
            Scope::StoreOrOwn { store, .. } => Ok(Scope::Store(store)),
            scope @ (Scope::Store(_) | Scope::All) => Ok(scope),
        }
    }

    /// The deliveries that this caller gives out: staff those of their store.
    ///
    /// # Errors
    /// As [`Self::review_scope`].
    pub fn dispatch_scope(&self) -> Result<Scope, AccessRefusal> {
        self.review_scope()
    }

    /// Whose hand this caller lends to an order that he sees, of `store_id` and ordered by `buyer`. What a courier ordered for
    /// himself he does not carry.
    #[must_use]
    pub fn hand_in(&self, store_id: StoreId, buyer: UserId) -> Hand {
        if self.is_superuser {
            return Hand::Admin;
        }
        let here = self.workplace().filter(|(_, store)| store.id == store_id);
        match here.map(|(worker, _)| worker.role()) {
            Some(Role::Owner | Role::Manager) => Hand::Admin,
            Some(Role::Operator) => Hand::Operator,
            Some(Role::Courier) if buyer != self.user_id => Hand::Courier,
            Some(Role::Courier | Role::Seller) | None => Hand::Buyer,
        }
    }

    /// The products that this caller sees also when they are hidden, or may change.
    ///
    /// # Errors
    /// [`AccessRefusal::Forbidden`] for all but staff, [`AccessRefusal::StoreBlocked`], and for writes
    /// [`AccessRefusal::StoreInactive`].
    pub fn catalogue_scope(&self, effect: Effect) -> Result<Scope, AccessRefusal> {
        if self.is_superuser {
            return Ok(Scope::All);
        }
        let (worker, store) = self.workplace().ok_or(AccessRefusal::Forbidden)?;
        match worker.role() {
            Role::Owner | Role::Manager | Role::Operator => store.check_open(effect).map(|()| Scope::Store(store.id)),
            Role::Courier | Role::Seller => Err(AccessRefusal::Forbidden),
        }
    }

    /// The words of messages that this caller sees and may change: an owner or manager those of the store, an admin all.
    ///
    /// # Errors
    /// [`AccessRefusal::Forbidden`] for everybody else, [`AccessRefusal::StoreBlocked`], and for writes
    /// [`AccessRefusal::StoreInactive`].
    pub fn template_scope(&self, effect: Effect) -> Result<Scope, AccessRefusal> {
        if self.is_superuser {
            return Ok(Scope::All);
        }
        let (worker, store) = self.workplace().ok_or(AccessRefusal::Forbidden)?;
        match worker.role() {
            Role::Owner | Role::Manager => store.check_open(effect).map(|()| Scope::Store(store.id)),
            Role::Operator | Role::Courier | Role::Seller => Err(AccessRefusal::Forbidden),
        }
    }

    /// Judges whether this caller may order: customers, owners, managers and admins.
    ///
    /// # Errors
    /// [`AccessRefusal::Forbidden`] for sellers, operators and couriers at work; for owners and managers what their own store's
    /// being switched off or blocked forbids.
    pub fn permit_checkout(&self) -> Result<(), AccessRefusal> {
        if self.is_superuser {
            return Ok(());
        }
        match self.active_worker().map(Worker::role) {
            Some(Role::Owner | Role::Manager) => match self.workplace() {
                Some((_, store)) => store.check_open(Effect::Writes),
                None => Ok(()),
            },
            None => Ok(()),
            Some(Role::Seller | Role::Operator | Role::Courier) => Err(AccessRefusal::Forbidden),
        }
    }

    fn active_worker(&self) -> Option<&Worker> {
        self.worker
            .as_ref()
            .filter(|worker| worker.status == WorkerStatus::Active)
    }

    fn workplace(&self) -> Option<(&Worker, &Workplace)> {
        let worker = self.active_worker()?;
        worker.store.as_ref().map(|store| (worker, store))
    }
}
