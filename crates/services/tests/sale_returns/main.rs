//! Returns: what of a sale may come back, where its goods and its money go, and what happens when many come at once.

#![cfg(test)]

mod confirming;
mod elsewhere;
mod joining;
mod racing;
mod random;
mod writing;

use savdo_domain::access::Actor;
use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleReturnId};
use savdo_domain::sale::PaymentType;
use savdo_domain::sale_return::ExceededLine;
use savdo_domain::settings::SettingsPatch;
use savdo_services::branches::{self, CreateBranch};
use savdo_services::once::Unkeyed;
use savdo_services::sale_returns::{self, CreateSaleReturn, SaleReturnDetailView};
use savdo_services::sales::{self, CancelSale, SaleDetailView, Sell};
use savdo_services::testing::{Goods, Shop, World, money, quantity, receipt, sale};
use savdo_services::verify::verify;
use savdo_services::{Result, settings};

/// A shop with a product at this price: two batches that keep, of 4 pieces at 50.00 and then 100 at 70.00.
fn shop_with(world: &World, price: &str) -> (Shop, ProductId) {
    let shop = world.shop();
    let product = world.product(&shop, Goods::named("Choy").at(money(price)));
    world.receive(&shop, receipt(&shop, product, "4", "50.00"));
    world.receive(&shop, receipt(&shop, product, "100", "70.00"));
    (shop, product)
}

fn by_card(command: Sell) -> Sell {
    Sell {
        payment_type: PaymentType::Card,
        ..command
    }
}

fn sold(world: &World, shop: &Shop, product: ProductId, pieces: &str) -> SaleDetailView {
    world.sell(&shop.owner, sale(shop, &[(product, pieces)]))
}

fn create(world: &World, worker: &Actor, command: CreateSaleReturn) -> Result<SaleReturnDetailView> {
    sale_returns::create(&world.context, worker, command, &Unkeyed)
}

fn confirm(world: &World, worker: &Actor, id: SaleReturnId) -> Result<SaleReturnDetailView> {
    sale_returns::confirm(&world.context, worker, id, &Unkeyed)
}

fn drop_it(world: &World, worker: &Actor, id: SaleReturnId) -> Result<SaleReturnDetailView> {
    sale_returns::cancel(&world.context, worker, id, &Unkeyed)
}

fn cancel_sale(world: &World, worker: &Actor, id: SaleId) -> Result<SaleDetailView> {
    let reason = String::new();
    sales::cancel(&world.context, worker, CancelSale { id, reason }, &Unkeyed)
}

fn change(world: &World, shop: &Shop, patch: SettingsPatch) {
    settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();
}

fn another_branch(world: &World, shop: &Shop) -> LocationId {
    let command = CreateBranch {
        name: "Chilonzor".to_owned(),
        address: String::new(),
        phone: String::new(),
    };
    let branch = branches::create(&world.context, &shop.owner, command, &Unkeyed).unwrap();
    branch.branch.id
}

fn exceeded(product_id: ProductId, sold: &str, returned: &str, requested: &str) -> ExceededLine {
    ExceededLine {
        product_id,
        sold: quantity(sold),
        returned: quantity(returned),
        requested: quantity(requested),
    }
}

/// Nothing of the world contradicts anything else, and nobody died of a dead-lock.
fn check(world: &World) {
    world.check_ledger();
    assert_eq!(verify(&world.context).unwrap().differences, []);
    assert_eq!(world.database.probe().retries(), 0);
}
