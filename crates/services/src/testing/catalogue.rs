//! Goods of a test: each made, and offered online, through the use-cases.

use savdo_domain::Money;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{CategoryId, ProductId, SubstanceId};
use savdo_domain::settings::SettingsPatch;

use super::people::done;
use super::{Shop, World};
use crate::categories::CreateCategory;
use crate::once::Unkeyed;
use crate::products::{CreateProduct, OfferProduct};
use crate::substances::CreateSubstance;
use crate::{categories, products, settings, substances};

/// Goods about to be made; a test states only what it is about.
#[derive(Debug, Clone)]
pub struct Goods {
    /// The name, which no other product of the shop has.
    pub name: String,
    /// The price of one unit: 10000.00 unless said otherwise.
    pub price: Money,
    /// The purchase price while there is no batch.
    pub cost: Money,
    /// The unit.
    pub unit: Unit,
    /// The category; goods that go online get one of their own without it.
    pub category: Option<CategoryId>,
    /// Received only with series and expiry.
    pub is_medicine: bool,
    /// Sold on prescription only, online.
    pub needs_prescription: bool,
}

impl Goods {
    /// Pieces of this name at 10000.00.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            price: Money::from_tiyin(1_000_000),
            cost: Money::ZERO,
            unit: Unit::Piece,
            category: None,
            is_medicine: false,
            needs_prescription: false,
        }
    }

    /// The same at another price.
    #[must_use]
    pub fn at(self, price: Money) -> Self {
        Self { price, ..self }
    }
}

impl World {
    /// A category of a shop.
    pub fn category(&self, shop: &Shop, name: &str) -> CategoryId {
        let command = CreateCategory {
            name: name.to_owned(),
            description: String::new(),
            icon: String::new(),
        };
        done(categories::create(&self.context, &shop.owner, command, &Unkeyed)).id
    }

    /// An active substance of a shop.
    pub fn substance(&self, shop: &Shop, name: &str) -> SubstanceId {
        let command = CreateSubstance {
            name: name.to_owned(),
            description: String::new(),
            store: None,
        };
        done(substances::create(&self.context, &shop.owner, command, &Unkeyed)).id
    }

    /// Says what a product acts by.
    pub fn give_substances(&self, shop: &Shop, id: ProductId, active: &[SubstanceId]) {
        let command = OfferProduct {
            active_substances: Some(active.to_vec()),
            ..OfferProduct::default()
        };
        done(products::offer(&self.context, &shop.owner, id, command, &Unkeyed));
    }

    /// A product of a shop, not offered online.
    pub fn product(&self, shop: &Shop, goods: Goods) -> ProductId {
        let command = CreateProduct {
            name: goods.name,
            category: goods.category,
            unit: goods.unit,
            purchase_price: goods.cost,
            sale_price: goods.price,
            is_medicine: goods.is_medicine,
            ..CreateProduct::default()
        };
        done(products::create(&self.context, &shop.owner, command, &Unkeyed))
            .stored
            .id
    }

    /// A product of a shop that is open online, offered there.
    pub fn online_product(&self, shop: &Shop, goods: Goods) -> ProductId {
        self.open_online(shop);
        let needs_prescription = goods.needs_prescription;
        let category = goods
            .category
            .unwrap_or_else(|| self.category(shop, &format!("Toifa: {}", goods.name)));
        let id = self.product(shop, goods);
        let command = OfferProduct {
            category: Some(category),
            sku: Some(format!("SKU-{id}")),
            manufacturer: Some("Nika Pharm".to_owned()),
            needs_prescription: Some(needs_prescription),
            is_active: Some(true),
            ..OfferProduct::default()
        };
        done(products::offer(&self.context, &shop.owner, id, command, &Unkeyed));
        id
    }

    /// Opens a shop online.
    pub fn open_online(&self, shop: &Shop) {
        let patch = SettingsPatch {
            online_enabled: Some(true),
            ..SettingsPatch::default()
        };
        done(settings::change(&self.context, &shop.owner, shop.store_id, patch));
    }
}
