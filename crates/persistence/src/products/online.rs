//! What customers of the online pharmacy see.
//!
//! Whether a product is visible, and which branch serves it, is said here once, for the public list and detail, the cart and
//! the checkout. Stock is what can be sold at that branch on the store's day. These reads are public and so without a
//! scope: the rule itself is what hides.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use savdo_domain::ids::{LocationId, ProductId, StoreId};
use savdo_domain::stock::Level;
use savdo_domain::zone::Zone;
use savdo_domain::{Money, Quantity};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::products::sellable::{self, LevelOn};
use crate::schema::{categories, locations, products, stock_levels, store_settings, stores};

macro_rules! open_store {
    () => {
        "stores.status = 'active' AND store_settings.online_enabled AND locations.id IS NOT NULL"
    };
}

macro_rules! offered_product {
    () => {
        "products.is_online AND products.status = 'active' AND products.archived_at IS NULL \
         AND products.sale_price > 0 AND products.currency_id = 1 \
         AND products.unit IN ('dona', 'yashik', 'qop', 'quti') AND categories.status = 'active'"
    };
}

fragments! {
    /// The branch that serves online orders: the chosen one, else the oldest; none without an active branch.
    OnlineLocation: Nullable<BigInt> =
        "coalesce((SELECT chosen.id FROM locations AS chosen WHERE chosen.store_id = store_settings.store_id \
          AND chosen.id = store_settings.online_location_id AND chosen.kind = 'branch' AND chosen.status = 'active'), \
         (SELECT min(oldest.id) FROM locations AS oldest WHERE oldest.store_id = store_settings.store_id \
          AND oldest.kind = 'branch' AND oldest.status = 'active'))";
    /// The store is open online (pharmacy.md, words). Needs the store, its settings and its online location.
    StoreOpen: Bool = concat!("(", open_store!(), ")");
    /// The same as a value.
    IsStoreOpen: Bool = concat!("coalesce((", open_store!(), "), FALSE)");
    /// Customers see the product (pharmacy.md 2.2). Needs what [`StoreOpen`] needs, and the category.
    Visible: Bool = concat!("(", open_store!(), " AND ", offered_product!(), ")");
    /// The same as a value.
    IsVisible: Bool = concat!("coalesce((", open_store!(), " AND ", offered_product!(), "), FALSE)");
}

/// Everything that a piece above speaks of, around `products`.
macro_rules! around_products {
    () => {
        products::table
            .inner_join(stores::table.on(stores::id.eq(products::store_id)))
            .inner_join(store_settings::table.on(store_settings::store_id.eq(products::store_id)))
            .left_join(
                categories::table.on(categories::store_id
                    .eq(products::store_id)
                    .and(categories::id.nullable().eq(products::category_id))),
            )
            .left_join(
                locations::table.on(locations::store_id
                    .eq(products::store_id)
                    .and(locations::id.nullable().eq(OnlineLocation))),
            )
            .left_join(
                stock_levels::table.on(stock_levels::store_id
                    .eq(products::store_id)
                    .and(stock_levels::location_id.nullable().eq(locations::id.nullable()))
                    .and(stock_levels::product_id.eq(products::id))),
            )
    };
}

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
struct OfferedRow {
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
    let ids: Vec<_> = product_ids.iter().map(|id| id.get()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<OfferedRow> = reader.statement("products_offered", |on| {
        around_products!()
            .filter(products::id.eq_any(ids))
            .order(products::id)
            .select(offered_columns!())
            .load(on)
    })?;
    as_of(reader, now, rows)
}

/// The rows as views, with their stock as of the day that it is now in their stores.
fn as_of(reader: &mut Reader<'_>, now: DateTime<Utc>, rows: Vec<OfferedRow>) -> Result<Vec<OfferedView>, Error> {
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
            zone: zone(store_id, &timezone)?,
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

fn zone(store_id: i64, timezone: &str) -> Result<Zone, Error> {
    Zone::parse(timezone).map_err(|error| Error::Corrupt {
        table: "stores",
        id: store_id,
        why: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use savdo_domain::catalog::Unit;
    use savdo_domain::coded::Coded;

    #[test]
    fn the_rule_names_the_units_that_are_handed_over_whole() {
        let countable: Vec<_> = Unit::ALL
            .iter()
            .filter(|unit| unit.is_countable())
            .map(|unit| format!("'{}'", unit.code()))
            .collect();

        let units = format!("products.unit IN ({})", countable.join(", "));
        assert!(offered_product!().contains(&units), "{units}");
    }
}
