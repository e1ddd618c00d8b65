//! Which orders a scope holds.
//!
//! A scope of "these or those" is no single walk of an index: a list takes it part by part, each walked in the order of the
//! list as far as the page needs, and merges them. The parts of a scope share no order.

use diesel::Connection;
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::ids::{StoreId, UserId, WorkerId};

use crate::connection::AnyConnection;
use crate::schema::orders;

pub(super) type Orders<'a> = orders::BoxedQuery<'a, <AnyConnection as Connection>::Backend>;

/// Orders that one index leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Those that this account ordered.
    Own(UserId),
    /// Those that this account ordered from other stores.
    OwnElsewhere(UserId, StoreId),
    /// Those assigned to this courier of the store.
    Assigned(StoreId, WorkerId),
    /// Those that this account ordered and this courier of the store does not carry.
    OwnUnassigned(UserId, StoreId, WorkerId),
    /// Those of this store.
    Store(StoreId),
    /// Those of all stores.
    All,
}

impl Part {
    /// The parts of a scope.
    pub(super) fn of(scope: &Scope) -> Vec<Self> {
        match *scope {
            Scope::Own(buyer) => vec![Self::Own(buyer)],
            Scope::Assigned { store, courier, buyer } => {
                vec![
                    Self::Assigned(store, courier),
                    Self::OwnUnassigned(buyer, store, courier),
                ]
            }
            Scope::Store(store) => vec![Self::Store(store)],
            Scope::StoreOrOwn { store, buyer } => vec![Self::Store(store), Self::OwnElsewhere(buyer, store)],
            Scope::All => vec![Self::All],
        }
    }

    /// Its orders.
    pub(super) fn orders(self) -> Orders<'static> {
        let orders = orders::table.into_boxed();
        match self {
            Self::Own(buyer) => orders.filter(orders::buyer_id.eq(buyer.get())),
            Self::OwnElsewhere(buyer, store) => orders
                .filter(orders::buyer_id.eq(buyer.get()))
                .filter(orders::store_id.ne(store.get())),
            Self::Assigned(store, courier) => orders
                .filter(orders::store_id.eq(store.get()))
                .filter(orders::courier_id.eq(courier.get())),
            Self::OwnUnassigned(buyer, store, courier) => {
                let by_others = orders::courier_id.is_null().or(orders::courier_id.ne(courier.get()));
                orders
                    .filter(orders::buyer_id.eq(buyer.get()))
                    .filter(by_others.assume_not_null().or(orders::store_id.ne(store.get())))
            }
            Self::Store(store) => orders.filter(orders::store_id.eq(store.get())),
            Self::All => orders,
        }
    }
}

/// The orders of the scope, to be narrowed to one of them.
pub(super) fn within(scope: &Scope) -> Orders<'static> {
    let orders = orders::table.into_boxed();
    match *scope {
        Scope::Own(buyer) => Part::Own(buyer).orders(),
        Scope::Assigned { store, courier, buyer } => {
            let his = orders::store_id
                .eq(store.get())
                .and(orders::courier_id.eq(courier.get()));
            orders.filter(his.assume_not_null().or(orders::buyer_id.eq(buyer.get())))
        }
        Scope::Store(store) => Part::Store(store).orders(),
        Scope::StoreOrOwn { store, buyer } => {
            orders.filter(orders::store_id.eq(store.get()).or(orders::buyer_id.eq(buyer.get())))
        }
        Scope::All => orders,
    }
}
