//! People of a test: each registered and signed in through the use-cases.

use std::sync::atomic::Ordering;

use savdo_domain::access::{Actor, Role};
use savdo_domain::ids::{LocationId, StoreId};

use super::{World, origin};
use crate::accounts::{
    AddCustomer, CreateAdmin, Door, Login, Register, SignedIn, StaffAccount, TokenPair, add_customer, authenticate,
    create_admin, login,
};
use crate::branches::CreateBranch;
use crate::once::Unkeyed;
use crate::workers::HireWorker;
use crate::{accounts, branches, workers};

/// The password of everybody.
pub const PASSWORD: &str = "tong-otguncha-7";

/// A store with one active branch, and its owner.
#[derive(Debug, Clone)]
pub struct Shop {
    /// The store.
    pub store_id: StoreId,
    /// Its branch.
    pub branch_id: LocationId,
    /// Its owner, signed in.
    pub owner: Actor,
}

/// What the `number`-th owner registers with: user name `owner1`, phone `+998900000001`, store `Do'kon 1`.
#[must_use]
pub fn register(number: u32) -> Register {
    Register {
        account: staff("owner", number),
        password2: PASSWORD.to_owned(),
        store_name: Some(format!("Do'kon {number}")),
    }
}

impl World {
    /// A registered owner with a store and one active branch.
    #[must_use]
    pub fn shop(&self) -> Shop {
        let number = self.next();
        let signed_in = done(accounts::register(&self.context, &origin(), register(number)));
        let owner = self.actor(&signed_in);
        let branch = CreateBranch {
            name: "Markaz".to_owned(),
            address: String::new(),
            phone: String::new(),
        };
        let branch = done(branches::create(&self.context, &owner, branch, &Unkeyed));
        Shop {
            store_id: branch.store.id,
            branch_id: branch.branch.id,
            owner,
        }
    }

    /// Somebody who begins to work in the branch of a shop, signed in.
    #[must_use]
    pub fn hire(&self, shop: &Shop, role: Role) -> Actor {
        let account = staff("worker", self.next());
        let name = account.username.clone();
        let command = HireWorker {
            account,
            role,
            branch: Some(shop.branch_id),
            salary: None,
            sections: None,
        };
        done(workers::hire(&self.context, &shop.owner, command, &Unkeyed));
        self.actor(&self.login(&name))
    }

    /// A customer with a proven phone, signed in.
    #[must_use]
    pub fn customer(&self) -> Actor {
        let number = self.next();
        let phone = phone(number);
        let command = AddCustomer {
            phone: phone.clone(),
            password: PASSWORD.to_owned(),
            first_name: "Mijoz".to_owned(),
            last_name: number.to_string(),
        };
        done(add_customer(&self.context, command));
        self.actor(&self.login(&phone))
    }

    /// An admin of the installation, signed in.
    #[must_use]
    pub fn admin(&self) -> Actor {
        let account = staff("admin", self.next());
        let name = account.username.clone();
        done(create_admin(&self.context, CreateAdmin { account }));
        self.actor(&self.login(&name))
    }

    /// The same person with tokens of a new session.
    #[must_use]
    pub fn tokens_of(&self, actor: &Actor) -> TokenPair {
        let user = done(accounts::profile(&self.context, actor));
        let name = if user.username.is_empty() {
            user.phone
        } else {
            user.username
        };
        self.login(&name).tokens
    }

    /// The same person as he is now, after a change of his place of work.
    #[must_use]
    pub fn again(&self, actor: &Actor) -> Actor {
        let access = self.tokens_of(actor).access;
        done(authenticate(&self.context, &access, origin()))
    }

    /// The caller behind fresh tokens.
    #[must_use]
    pub fn actor(&self, signed_in: &SignedIn) -> Actor {
        done(authenticate(&self.context, &signed_in.tokens.access, origin()))
    }

    /// Signs somebody in by name or phone, with everybody's password.
    fn login(&self, name: &str) -> SignedIn {
        let command = Login {
            name: name.to_owned(),
            password: PASSWORD.to_owned(),
            door: Door::Pharmacy,
        };
        done(login(&self.context, &origin(), command))
    }

    fn next(&self) -> u32 {
        self.people.fetch_add(1, Ordering::Relaxed) + 1
    }
}

fn staff(name: &str, number: u32) -> StaffAccount {
    StaffAccount {
        username: format!("{name}{number}"),
        password: PASSWORD.to_owned(),
        phone1: phone(number),
        ..StaffAccount::default()
    }
}

fn phone(number: u32) -> String {
    format!("+99890{number:07}")
}

pub(super) fn done<T>(result: crate::Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("a builder failed: {error}"))
}
