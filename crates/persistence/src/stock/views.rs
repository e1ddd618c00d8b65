//! What lies where, as the office reads it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Quantity;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{LevelId, LocationId, ProductId, StoreId};
use savdo_domain::stock::{Level, Place};

use super::list::StockColumn;
use crate::columns::{coded, time};
use crate::database::Reader;
use crate::error::Error;
use crate::paging::Key;
use crate::products::sellable::{self, LevelOn};
use crate::schema::{locations, products, stock_levels};

/// How much of a product lies at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockView {
    /// The level.
    pub id: LevelId,
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// The unit it is sold in.
    pub unit: Unit,
    /// Where it lies.
    pub place: Place,
    /// The name of the place.
    pub location_name: String,
    /// All that lies there.
    pub quantity: Quantity,
    /// What of it can be sold.
    pub available: Quantity,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The rows with what their levels hold on the day asked.
pub(super) fn views(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    day: NaiveDate,
    rows: Vec<StockRow>,
) -> Result<Vec<StockView>, Error> {
    let levels: Vec<LevelOn> = rows.iter().map(|row| row.level_on(store_id, day)).collect();
    let current = sellable::current(reader, &levels)?;
    let rows = rows.into_iter().zip(current);
    rows.map(|(row, level)| row.into_view(level)).collect()
}

/// Levels with product and place.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn with_names() -> _ {
    stock_levels::table
        .inner_join(products::table)
        .inner_join(locations::table)
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn columns() -> _ {
    (
        stock_levels::id,
        (products::id, products::name, products::unit, products::name_key),
        (locations::id, locations::kind, locations::name),
        (
            stock_levels::on_hand,
            stock_levels::sellable,
            stock_levels::nearest_expiry,
        ),
        stock_levels::updated_at,
    )
}

#[derive(Queryable)]
pub(super) struct StockRow {
    id: i64,
    product: (i64, String, String, String),
    location: (i64, String, String),
    level: (i64, i64, Option<NaiveDate>),
    updated_at: NaiveDateTime,
}

impl StockRow {
    pub(super) fn key(&self, column: StockColumn) -> Key {
        match column {
            StockColumn::Id => Key::Number(self.id),
            StockColumn::Quantity => Key::Number(self.level.0),
            StockColumn::ProductName => Key::Text(self.product.3.clone()),
            StockColumn::UpdatedOn => Key::Time(self.updated_at),
        }
    }

    fn level_on(&self, store_id: StoreId, day: NaiveDate) -> LevelOn {
        let (on_hand, sellable, nearest_expiry) = self.level;
        LevelOn {
            store_id,
            location_id: LocationId::new(self.location.0),
            product_id: ProductId::new(self.product.0),
            day,
            kept: Level {
                on_hand: Quantity::from_thousandths(on_hand),
                sellable: Quantity::from_thousandths(sellable),
                nearest_expiry,
            },
        }
    }

    /// The row with what its level holds on the day asked.
    fn into_view(self, level: Level) -> Result<StockView, Error> {
        let Self {
            id,
            product: (product_id, product_name, unit, _),
            location: (location_id, kind, location_name),
            level: _,
            updated_at,
        } = self;
        Ok(StockView {
            id: LevelId::new(id),
            product_id: ProductId::new(product_id),
            product_name,
            unit: coded("products", product_id, &unit)?,
            place: Place {
                location_id: LocationId::new(location_id),
                kind: coded("locations", location_id, &kind)?,
            },
            location_name,
            quantity: level.on_hand,
            available: level.sellable,
            updated_at: time(updated_at),
        })
    }
}
