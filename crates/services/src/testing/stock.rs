//! Goods of a test: taken in and sold through the use-cases.

use savdo_domain::access::Actor;
use savdo_domain::ids::{LocationId, ProductId};
use savdo_domain::sale::{PaymentType, Tendered};
use savdo_domain::stock::MovementType;
use savdo_domain::{Money, Quantity};

use super::{Shop, World};
use crate::once::Unkeyed;
use crate::sales::{self, SaleDetailView, Sell, SellLine};
use crate::stock::{self, MoveGoods, MovementView};
use crate::warehouses::{self, CreateWarehouse};

/// An amount.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn money(text: &str) -> Money {
    Money::parse(text).unwrap_or_else(|error| panic!("{text:?} is no amount: {error:?}"))
}

/// A quantity.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap_or_else(|error| panic!("{text:?} is no quantity: {error:?}"))
}

/// Goods that keep, taken into the branch of the shop.
#[must_use]
pub fn receipt(shop: &Shop, product_id: ProductId, pieces: &str, unit_cost: &str) -> MoveGoods {
    MoveGoods {
        product_id,
        movement_type: MovementType::In,
        quantity: quantity(pieces),
        branch: Some(shop.branch_id),
        warehouse: None,
        unit_cost: Some(money(unit_cost)),
        supplier: None,
        description: String::new(),
        series: String::new(),
        expires_on: None,
        batch: None,
    }
}

/// A sale for cash in the branch of the shop.
#[must_use]
pub fn sale(shop: &Shop, items: &[(ProductId, &str)]) -> Sell {
    let line = |(product_id, pieces): &(ProductId, &str)| SellLine {
        product_id: *product_id,
        quantity: quantity(pieces),
        unit_price: None,
        original_price: None,
        discount_percent: None,
    };
    Sell {
        branch: Some(shop.branch_id),
        payment_type: PaymentType::Cash,
        items: items.iter().map(line).collect(),
        discount: Money::ZERO,
        tendered: Tendered::default(),
        customer: None,
        description: String::new(),
        client_id: None,
        sold_at: None,
    }
}

/// What goods that leave ask for: by hand, from the branch of the shop.
#[must_use]
pub fn issue(shop: &Shop, product_id: ProductId, pieces: &str) -> MoveGoods {
    MoveGoods {
        movement_type: MovementType::Out,
        unit_cost: None,
        ..receipt(shop, product_id, pieces, "0")
    }
}

impl World {
    /// A warehouse of the shop.
    ///
    /// # Panics
    /// When it is refused.
    pub fn warehouse(&self, shop: &Shop, name: &str) -> LocationId {
        let command = CreateWarehouse {
            name: name.to_owned(),
            address: String::new(),
        };
        let made = warehouses::create(&self.context, &shop.owner, command, &Unkeyed);
        made.unwrap_or_else(|error| panic!("no warehouse: {error}"))
            .warehouse
            .id
    }

    /// Goods that the shop's owner took in.
    ///
    /// # Panics
    /// When they are refused.
    pub fn receive(&self, shop: &Shop, command: MoveGoods) -> MovementView {
        stock::move_goods(&self.context, &shop.owner, command, &Unkeyed)
            .unwrap_or_else(|error| panic!("not received: {error}"))
    }

    /// A sale that somebody made.
    ///
    /// # Panics
    /// When it is refused.
    pub fn sell(&self, seller: &Actor, command: Sell) -> SaleDetailView {
        let sold = sales::sell(&self.context, seller, command, &Unkeyed);
        sold.unwrap_or_else(|error| panic!("not sold: {error}")).sale
    }
}
