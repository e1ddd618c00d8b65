//! A product as its row holds it, with the keys that are made of its texts.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::RowStatus;
use savdo_domain::catalog::{ProductNames, Unit};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{CategoryId, ProductId, StoreId};
use savdo_domain::{Money, Percent};

use crate::columns;
use crate::error::Error;
use crate::schema::products;
use crate::substances::ActiveSubstance;

/// How many bytes of key and text an entry of the index of names takes.
const WALK_LENGTH_MAX: usize = 2_000;

/// What can be said and changed of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its category.
    pub category_id: Option<CategoryId>,
    /// Its name.
    pub name: String,
    /// Its maker; empty for goods that only the counter sells.
    pub manufacturer: String,
    /// The number of the article, possibly empty.
    pub sku: String,
    /// Its address part, unique in the store.
    pub slug: String,
    /// Its barcode.
    pub barcode: String,
    /// The unit it is sold in.
    pub unit: Unit,
    /// The price of one unit.
    pub sale_price: Money,
    /// The purchase price given by hand, which counts while there is no batch.
    pub first_cost: Money,
    /// What it is.
    pub description: String,
    /// How it is used.
    pub usage: String,
    /// Its code in the state catalogue; empty without one.
    pub mxik_code: String,
    /// The code of its packing in the state catalogue; empty without one.
    pub package_code: String,
    /// The share of value added tax; none where it is not subject to it.
    pub vat_percent: Option<Percent>,
    /// The stored name of its picture; empty without one.
    pub image: String,
    /// Whether it is received only with series and expiry.
    pub is_medicine: bool,
    /// Whether it is sold on prescription only.
    pub needs_prescription: bool,
    /// Whether it is offered online.
    pub is_online: bool,
    /// Since when it is gone from the online catalogue for good.
    pub archived_at: Option<DateTime<Utc>>,
    /// Whether the counter sells it.
    pub status: RowStatus,
    /// What it acts by, in the order of ids.
    pub substances: Vec<ActiveSubstance>,
}

/// A product of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredProduct {
    /// The product.
    pub id: ProductId,
    /// Its store.
    pub store_id: StoreId,
    /// What is said of it.
    pub product: Product,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Product {
    /// The texts that its keys are made of.
    #[must_use]
    pub fn names(&self) -> ProductNames<'_> {
        ProductNames {
            name: &self.name,
            manufacturer: &self.manufacturer,
            sku: &self.sku,
            barcode: &self.barcode,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = products)]
pub(super) struct ProductRow {
    id: i64,
    store_id: i64,
    category_id: Option<i64>,
    name: String,
    manufacturer: String,
    sku: String,
    slug: String,
    barcode: String,
    unit: String,
    sale_price: i64,
    first_cost: i64,
    description: String,
    usage: String,
    mxik_code: String,
    package_code: String,
    vat_percent: Option<i64>,
    image: String,
    is_medicine: bool,
    needs_prescription: bool,
    is_online: bool,
    archived_at: Option<NaiveDateTime>,
    status: String,
    created_at: NaiveDateTime,
}

/// Every column that follows from a [`Product`].
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = products, treat_none_as_null = true)]
pub(super) struct ProductColumns<'a> {
    category_id: Option<i64>,
    name: &'a str,
    name_key: String,
    manufacturer: &'a str,
    manufacturer_key: String,
    sku: &'a str,
    sku_key: String,
    slug: &'a str,
    barcode: &'a str,
    unit: &'static str,
    sale_price: i64,
    first_cost: i64,
    description: &'a str,
    usage: &'a str,
    mxik_code: &'a str,
    package_code: &'a str,
    vat_percent: Option<i64>,
    image: &'a str,
    is_medicine: bool,
    needs_prescription: bool,
    is_online: bool,
    archived_at: Option<NaiveDateTime>,
    shop_search: String,
    online_search: String,
    walk_search: Option<String>,
    status: &'static str,
}

/// The text that stands in the index of names beside the key: none where PostgreSQL would refuse an entry of that length.
pub(crate) fn walk_search(name_key: &str, shop_search: &str) -> Option<String> {
    let length = name_key.len().saturating_add(shop_search.len());
    (length <= WALK_LENGTH_MAX).then(|| shop_search.to_owned())
}

/// What customers search, with the names of the substances in the order of their ids.
pub(crate) fn online_search(names: &ProductNames<'_>, substances: &[ActiveSubstance]) -> String {
    let of_substances: Vec<_> = substances.iter().map(|substance| substance.name.as_str()).collect();
    names.online_search(&of_substances)
}

impl<'a> From<&'a Product> for ProductColumns<'a> {
    fn from(product: &'a Product) -> Self {
        let names = product.names();
        let (name_key, shop_search) = (names.name_key(), names.shop_search());
        let Product {
            category_id,
            name,
            manufacturer,
            sku,
            slug,
            barcode,
            unit,
            sale_price,
            first_cost,
            description,
            usage,
            mxik_code,
            package_code,
            vat_percent,
            image,
            is_medicine,
            needs_prescription,
            is_online,
            archived_at,
            status,
            substances,
        } = product;
        Self {
            category_id: category_id.map(CategoryId::get),
            name,
            walk_search: walk_search(&name_key, &shop_search),
            name_key,
            manufacturer,
            manufacturer_key: names.manufacturer_key(),
            sku,
            sku_key: names.sku_key(),
            slug,
            barcode,
            unit: unit.code(),
            sale_price: sale_price.tiyin(),
            first_cost: first_cost.tiyin(),
            description,
            usage,
            mxik_code,
            package_code,
            vat_percent: vat_percent.map(Percent::hundredths),
            image,
            is_medicine: *is_medicine,
            needs_prescription: *needs_prescription,
            is_online: *is_online,
            archived_at: archived_at.map(|at| at.naive_utc()),
            shop_search,
            online_search: online_search(&names, substances),
            status: status.code(),
        }
    }
}

impl ProductRow {
    pub(super) const fn key(&self) -> (StoreId, ProductId) {
        (StoreId::new(self.store_id), ProductId::new(self.id))
    }

    /// The product, with what it acts by.
    pub(super) fn into_stored(self, substances: Vec<ActiveSubstance>) -> Result<StoredProduct, Error> {
        let ProductRow {
            id,
            store_id,
            category_id,
            name,
            manufacturer,
            sku,
            slug,
            barcode,
            unit,
            sale_price,
            first_cost,
            description,
            usage,
            mxik_code,
            package_code,
            vat_percent,
            image,
            is_medicine,
            needs_prescription,
            is_online,
            archived_at,
            status,
            created_at,
        } = self;
        let product = Product {
            category_id: category_id.map(CategoryId::new),
            name,
            manufacturer,
            sku,
            slug,
            barcode,
            unit: columns::coded("products", id, &unit)?,
            sale_price: columns::money(sale_price),
            first_cost: columns::money(first_cost),
            description,
            usage,
            mxik_code,
            package_code,
            vat_percent: vat_percent.map(Percent::from_hundredths),
            image,
            is_medicine,
            needs_prescription,
            is_online,
            archived_at: archived_at.map(columns::time),
            status: columns::coded("products", id, &status)?,
            substances,
        };
        Ok(StoredProduct {
            id: ProductId::new(id),
            store_id: StoreId::new(store_id),
            product,
            created_at: columns::time(created_at),
        })
    }
}
