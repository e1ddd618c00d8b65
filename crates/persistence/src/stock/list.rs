//! A page of a store's stock.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::not;
use diesel::prelude::*;
use savdo_domain::Quantity;
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{CategoryId, LevelId, LocationId, ProductId, StoreId};
use savdo_domain::stock::{Level, LocationKind, Place};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::products::sellable::{self, LevelOn};
use crate::schema::{locations, products, stock_levels};
use crate::search::Search;

coded_enum! {
    /// A column that a list of stock is sorted by.
    pub enum StockColumn {
        /// The id.
        Id = "id",
        /// How much lies there.
        Quantity = "quantity",
        /// The name of the product.
        ProductName = "product_name",
        /// When it last changed.
        UpdatedOn = "updated_on",
    }
}

impl SortColumn for StockColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "stock_levels.id",
            Self::Quantity => "stock_levels.on_hand",
            Self::ProductName => "products.name_key",
            Self::UpdatedOn => "stock_levels.updated_at",
        }
    }
}

/// Which stock is wanted.
#[derive(Debug, Clone, Default)]
pub struct StockFilter {
    /// In this branch.
    pub branch: Option<LocationId>,
    /// In this warehouse.
    pub warehouse: Option<LocationId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of the products of this category.
    pub category: Option<CategoryId>,
    /// By name and barcode of the product.
    pub search: Search,
    /// `Some(true)`: only where something lies; `Some(false)`: only where nothing does.
    pub is_nonzero: Option<bool>,
    /// In this order; by name of the product when empty.
    pub sort: Vec<SortBy<StockColumn>>,
}

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

/// A page of the store's stock on `day`. An empty level that was put aside is left out.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    day: NaiveDate,
    filter: &StockFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<StockView>, Error> {
    macro_rules! filtered {
        () => {{
            let mut query = stock_levels::table
                .inner_join(products::table)
                .inner_join(locations::table)
                .filter(stock_levels::store_id.eq(store_id.get()))
                // Said again, for the index that has the names of one store in order.
                .filter(products::store_id.eq(store_id.get()))
                .filter(not(stock_levels::is_hidden))
                .into_boxed();
            query = at_places!(query, stock_levels::location_id, filter);
            if let Some(product) = filter.product {
                query = query.filter(stock_levels::product_id.eq(product.get()));
            }
            if let Some(category) = filter.category {
                query = query.filter(products::category_id.eq(category.get()));
            }
            match filter.is_nonzero {
                Some(true) => query = query.filter(stock_levels::on_hand.gt(0)),
                Some(false) => query = query.filter(stock_levels::on_hand.eq(0)),
                None => {}
            }
            for pattern in filter.search.patterns() {
                query = query.filter(products::shop_search.like(pattern).escape('\\'));
            }
            query
        }};
    }
    let total = wanted.count(reader, "stock_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::ascending(StockColumn::ProductName), wanted.page);
    let rows: Vec<StockRow> = reader.statement("stock_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select((
                stock_levels::id,
                (products::id, products::name, products::unit, products::name_key),
                (locations::id, locations::kind, locations::name),
                (
                    stock_levels::on_hand,
                    stock_levels::sellable,
                    stock_levels::nearest_expiry,
                ),
                stock_levels::updated_at,
            ))
            .limit(walk.limit())
            .offset(walk.offset())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| row.key(column));
    listed.try_map_rows(|rows| {
        let levels: Vec<LevelOn> = rows.iter().map(|row| row.level_on(store_id, day)).collect();
        let current = sellable::current(reader, &levels)?;
        let rows = rows.into_iter().zip(current);
        rows.map(|(row, level)| row.into_view(level)).collect()
    })
}

#[derive(Queryable)]
struct StockRow {
    id: i64,
    product: (i64, String, String, String),
    location: (i64, String, String),
    level: (i64, i64, Option<NaiveDate>),
    updated_at: NaiveDateTime,
}

impl StockRow {
    fn key(&self, column: StockColumn) -> Key {
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
            unit: columns::coded("products", product_id, &unit)?,
            place: Place {
                location_id: LocationId::new(location_id),
                kind: columns::coded("locations", location_id, &kind)?,
            },
            location_name,
            quantity: level.on_hand,
            available: level.sellable,
            updated_at: columns::time(updated_at),
        })
    }
}
