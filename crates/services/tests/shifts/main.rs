//! Shifts: opened and closed by whom, joined by what, and reports that are never anything but the sum of their documents.

#![expect(clippy::unwrap_used, clippy::panic, reason = "this is a test")]

mod joining;
mod opening;
mod racing;
mod random;
mod reporting;

use chrono::TimeDelta;
use savdo_domain::access::Actor;
use savdo_domain::ids::{ProductId, SaleId, ShiftId};
use savdo_domain::settings::SettingsPatch;
use savdo_services::once::Unkeyed;
use savdo_services::sales::{self, CancelSale, SaleDetailView};
use savdo_services::shifts::{self, ShiftReported, ShiftSeen};
use savdo_services::testing::{Goods, Shop, World, end, receipt, shift};
use savdo_services::verify::verify;
use savdo_services::{Result, settings};

/// A shop that has shifts, with a thousand pieces of bread at 10000.00.
fn shop_with_bread(world: &World) -> (Shop, ProductId) {
    let shop = world.shop();
    let bread = world.product(&shop, Goods::named("Non"));
    world.receive(&shop, receipt(&shop, bread, "1000", "7000"));
    world.use_shifts(&shop);
    (shop, bread)
}

fn change(world: &World, shop: &Shop, patch: SettingsPatch) {
    settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();
}

fn open(world: &World, worker: &Actor, shop: &Shop) -> Result<ShiftSeen> {
    shifts::open(&world.context, worker, shift(shop), &Unkeyed)
}

fn close(world: &World, worker: &Actor, id: ShiftId) -> Result<ShiftReported> {
    shifts::close(&world.context, worker, end(id), &Unkeyed).map(|closed| closed.reported)
}

fn cancel(world: &World, worker: &Actor, id: SaleId) -> Result<SaleDetailView> {
    let reason = String::new();
    sales::cancel(&world.context, worker, CancelSale { id, reason }, &Unkeyed)
}

/// Time passes, as it does between two documents of a real counter.
fn pass(world: &World) {
    world.clock.advance(TimeDelta::minutes(7));
}

/// Nothing of the world contradicts anything else, and nobody died of a dead-lock.
fn check(world: &World) {
    world.check_ledger();
    assert_eq!(verify(&world.context).unwrap().differences, []);
    assert_eq!(world.database.probe().retries(), 0);
}
