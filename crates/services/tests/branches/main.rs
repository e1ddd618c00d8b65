//! Branches change, close and open again, whatever is sold, ordered and taken in there meanwhile.

#![cfg(test)]

mod changing;
mod racing;
mod waiting;

use savdo_domain::access::{Actor, RowStatus};
use savdo_domain::cart::CartPart;
use savdo_domain::ids::{LocationId, OrderId, ProductId};
use savdo_domain::order::PaymentMethod;
use savdo_domain::settings::SettingsPatch;
use savdo_services::branches::{self, BranchDetailView, ChangeBranch, CreateBranch};
use savdo_services::carts::{self, AddToCart};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, CancelOrder, OrderSeen, PlaceOrder};
use savdo_services::testing::{Shop, World};
use savdo_services::verify::verify;
use savdo_services::{Result, settings};

pub(crate) fn open(world: &World, shop: &Shop, name: &str) -> Result<BranchDetailView> {
    let command = CreateBranch {
        name: name.to_owned(),
        address: String::new(),
        phone: String::new(),
    };
    branches::create(&world.context, &shop.owner, command, &Unkeyed)
}

pub(crate) fn close(world: &World, shop: &Shop) -> Result<BranchDetailView> {
    branches::close(&world.context, &shop.owner, shop.branch_id)
}

pub(crate) fn change(world: &World, shop: &Shop, id: LocationId, command: ChangeBranch) -> Result<BranchDetailView> {
    branches::change(&world.context, &shop.owner, id, command)
}

pub(crate) fn renamed(name: &str) -> ChangeBranch {
    ChangeBranch {
        name: Some(name.to_owned()),
        ..ChangeBranch::default()
    }
}

pub(crate) fn now(status: RowStatus) -> ChangeBranch {
    ChangeBranch {
        status: Some(status),
        ..ChangeBranch::default()
    }
}

pub(crate) fn status(world: &World, shop: &Shop) -> RowStatus {
    let branch = branches::detail(&world.context, &shop.owner, shop.branch_id).unwrap();
    branch.branch.status
}

/// What the audit log says of the branch: action, description, details.
pub(crate) fn told(world: &World, id: LocationId) -> Vec<String> {
    world.database.lines(&format!(
        "SELECT action || ' ' || description || ' ' || details AS line FROM audit_entries \
         WHERE subject_type = 'branch' AND subject_id = {id} AND action <> 'create' ORDER BY id"
    ))
}

/// A customer with a piece in his cart.
pub(crate) fn buyer(world: &World, product_id: ProductId) -> Actor {
    let buyer = world.customer();
    let line = AddToCart { product_id, pieces: 1 };
    carts::add(&world.context, &buyer, line, &Unkeyed).unwrap();
    buyer
}

/// Orders what lies in the cart.
pub(crate) fn order(world: &World, buyer: &Actor) -> Result<OrderSeen> {
    let command = PlaceOrder {
        delivery_address: "Toshkent, Navoiy 1".to_owned(),
        comment: String::new(),
        payment_method: PaymentMethod::Cash,
        expected_total: None,
        part: CartPart::All,
    };
    orders::place(&world.context, buyer, command, &Unkeyed)
}

pub(crate) fn cancel(world: &World, shop: &Shop, order_id: OrderId) -> Result<OrderSeen> {
    let command = CancelOrder {
        order_id,
        reason: "kerak emas".to_owned(),
    };
    orders::cancel(&world.context, &shop.owner, command, &Unkeyed)
}

#[track_caller]
pub(crate) fn check(world: &World) {
    world.check_ledger();
    assert_eq!(verify(&world.context).unwrap().differences, []);
}

/// Another branch of the same shop.
pub(crate) fn another(world: &World, shop: &Shop, name: &str) -> Shop {
    let branch_id = open(world, shop, name).unwrap().branch.id;
    Shop {
        branch_id,
        ..shop.clone()
    }
}

/// Lets the branch serve online orders.
pub(crate) fn serve_from(world: &World, shop: &Shop) -> Result<()> {
    let patch = SettingsPatch {
        online_location: Some(Some(shop.branch_id)),
        ..SettingsPatch::default()
    };
    settings::change(&world.context, &shop.owner, shop.store_id, patch).map(|_| ())
}
