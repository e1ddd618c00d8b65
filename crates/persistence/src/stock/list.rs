//! A page of a store's stock.

use chrono::NaiveDate;
use diesel::dsl::not;
use diesel::prelude::*;
use savdo_domain::Quantity;
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{CategoryId, LevelId, LocationId, ProductId, StoreId};
use savdo_domain::stock::LocationKind;

use super::views::{StockRow, StockView, columns, views, with_names};
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Listed, SortBy, SortColumn, Walk, Wanted, counted};
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

/// Which levels count as short.
#[derive(Debug, Clone, Copy)]
pub struct LowFilter {
    /// In this branch.
    pub branch: Option<LocationId>,
    /// In this warehouse.
    pub warehouse: Option<LocationId>,
    /// Up to so much is short.
    pub most: Quantity,
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
    let wanted = wanted.whole(*filter == StockFilter::default());
    macro_rules! filtered {
        () => {{
            let mut query = with_names()
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
    let walk = Walk::new(&filter.sort, SortBy::ascending(StockColumn::ProductName), wanted);
    let rows: Vec<StockRow> = reader.statement("stock_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(columns())
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| row.key(column));
    listed.try_map_rows(|rows| views(reader, store_id, day, rows))
}

/// One level of the store on `day`, also an empty one that was put aside.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    day: NaiveDate,
    id: LevelId,
) -> Result<Option<StockView>, Error> {
    let rows: Vec<StockRow> = reader.statement("stock_find", |on| {
        with_names()
            .filter(stock_levels::store_id.eq(store_id.get()))
            .filter(stock_levels::id.eq(id.get()))
            .select(columns())
            .load(on)
    })?;
    Ok(views(reader, store_id, day, rows)?.pop())
}

/// The levels that are short on `day`, the lowest first: something lies there, and no more than `most`, of a product in use.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn low(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    day: NaiveDate,
    filter: &LowFilter,
) -> Result<Vec<StockView>, Error> {
    let rows: Vec<StockRow> = reader.statement("stock_low", |on| {
        let query = with_names()
            .filter(stock_levels::store_id.eq(store_id.get()))
            .filter(stock_levels::on_hand.gt(0))
            .filter(stock_levels::on_hand.le(filter.most.thousandths()))
            .filter(products::status.eq(RowStatus::Active.code()))
            .into_boxed();
        at_places!(query, stock_levels::location_id, filter)
            .order((stock_levels::on_hand, products::name_key, stock_levels::id))
            .select(columns())
            .load(on)
    })?;
    views(reader, store_id, day, rows)
}
