//! A product as the online pharmacy offers it.
//!
//! Stock is what can be sold at the branch that serves online orders, on the store's day. These reads are public and so
//! without a scope: the rule of visibility itself is what hides.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{LocationId, ProductId, StoreId};
use savdo_domain::stock::Level;
use savdo_domain::zone::Zone;
use savdo_domain::{Money, Quantity};

use crate::among::Ids;
use crate::columns;
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::products::sellable::{self, LevelOn};
use crate::products::visibility::{IsStoreOpen, IsVisible, OnlineLocation, around_products};
use crate::schema::{categories, locations, products, stock_levels, store_settings, stores};

/// A product as a line of a cart needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedView {
    /// The product.
    pub product_id: ProductId,
    /// Its store.
    pub store_id: StoreId,
    /// The store's name.
    pub store_name: String,
    /// The store's time zone.
    pub zone: Zone,
    /// The product's name.
    pub name: String,
    /// Its maker.
    pub manufacturer: String,
    /// The stored name of its picture; empty without one.
    pub image: String,
    /// The price of one piece now.
    pub price: Money,
    /// Whether it is sold on prescription only.
    pub needs_prescription: bool,
    /// The branch that serves online orders; none when the store has no active branch.
    pub location_id: Option<LocationId>,
    /// What can be sold there today.
    pub sellable: Quantity,
    /// The earliest expiry day among that.
    pub nearest_expiry: Option<NaiveDate>,
    /// Whether the store is open online.
    pub is_store_open: bool,
    /// Whether customers see the product.
    pub is_visible: bool,
}

impl OfferedView {
    /// Stock in whole pieces.
    #[must_use]
    pub const fn stock(&self) -> i64 {
        self.sellable.whole_pieces()
    }

    /// Whether a customer can order a piece now.
    #[must_use]
    pub const fn is_available(&self) -> bool {
        self.is_visible && self.stock() >= 1
    }
}

#[derive(Queryable)]
pub(super) struct OfferedRow {
    product_id: i64,
    store_id: i64,
    store_name: String,
    timezone: String,
    name: String,
    manufacturer: String,
    image: String,
    sale_price: i64,
    needs_prescription: bool,
    location_id: Option<i64>,
    on_hand: Option<i64>,
    sellable: Option<i64>,
    nearest_expiry: Option<NaiveDate>,
    is_store_open: bool,
    is_visible: bool,
}

impl OfferedRow {
    pub(super) const fn id(&self) -> i64 {
        self.product_id
    }

    pub(super) const fn price(&self) -> i64 {
        self.sale_price
    }
}

/// The columns of an [`OfferedRow`].
macro_rules! offered_columns {
    () => {
        (
            products::id,
            products::store_id,
            stores::name,
            stores::timezone,
            products::name,
            products::manufacturer,
            products::image,
            products::sale_price,
            products::needs_prescription,
            locations::id.nullable(),
            stock_levels::on_hand.nullable(),
            stock_levels::sellable.nullable(),
            stock_levels::nearest_expiry.nullable(),
            IsStoreOpen,
            IsVisible,
        )
    };
}

pub(super) use offered_columns;

/// The products with these ids that exist, visible or not, by id.
///
/// Without a scope: a cart holds products of any store, and a hidden one still has to be shown as such.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn offered_unscoped(
    reader: &mut Reader<'_>,
    now: DateTime<Utc>,
    product_ids: &[ProductId],
) -> Result<Vec<OfferedView>, Error> {
    if product_ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Ids = product_ids.iter().map(|id| id.get()).collect();
    let rows: Vec<OfferedRow> = reader.statement("products_offered", |on| {
        on_each!(on, |c| around_products!()
            .filter(ids.hold(products::id))
            .order(products::id)
            .select(offered_columns!())
            .load(c))
    })?;
    as_of(reader, now, rows)
}

/// The rows as views, with their stock as of the day that it is now in their stores.
pub(super) fn as_of(
    reader: &mut Reader<'_>,
    now: DateTime<Utc>,
    rows: Vec<OfferedRow>,
) -> Result<Vec<OfferedView>, Error> {
    let offered = rows.into_iter().map(OfferedRow::into_view);
    let mut offered: Vec<_> = offered.collect::<Result<_, _>>()?;
    let places: Vec<_> = offered
        .iter()
        .filter_map(|(view, level)| level_on(view, *level, now))
        .collect();
    let mut levels = sellable::current(reader, &places)?.into_iter();
    for (view, _) in &mut offered {
        if view.location_id.is_some() {
            let level = levels.next().unwrap_or_default();
            (view.sellable, view.nearest_expiry) = (level.sellable, level.nearest_expiry);
        }
    }
    Ok(offered.into_iter().map(|(view, _)| view).collect())
}

fn level_on(view: &OfferedView, kept: Level, now: DateTime<Utc>) -> Option<LevelOn> {
    view.location_id.map(|location_id| LevelOn {
        store_id: view.store_id,
        location_id,
        product_id: view.product_id,
        day: view.zone.day(now),
        kept,
    })
}

impl OfferedRow {
    fn into_view(self) -> Result<(OfferedView, Level), Error> {
        let Self {
            product_id,
            store_id,
            store_name,
            timezone,
            name,
            manufacturer,
            image,
            sale_price,
            needs_prescription,
            location_id,
            on_hand,
            sellable,
            nearest_expiry,
            is_store_open,
            is_visible,
        } = self;
        let level = Level {
            on_hand: Quantity::from_thousandths(on_hand.unwrap_or_default()),
            sellable: Quantity::from_thousandths(sellable.unwrap_or_default()),
            nearest_expiry,
        };
        let view = OfferedView {
            product_id: ProductId::new(product_id),
            store_id: StoreId::new(store_id),
            store_name,
            zone: columns::zone(store_id, &timezone)?,
            name,
            manufacturer,
            image,
            price: columns::money(sale_price),
            needs_prescription,
            location_id: location_id.map(LocationId::new),
            sellable: level.sellable,
            nearest_expiry,
            is_store_open,
            is_visible,
        };
        Ok((view, level))
    }
}
