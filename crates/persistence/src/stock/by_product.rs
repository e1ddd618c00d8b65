//! A store's stock by product: each with all the places where it lies.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use savdo_domain::Quantity;
use savdo_domain::catalog::Unit;
use savdo_domain::coded_enum;
use savdo_domain::ids::{ProductId, StoreId};

use super::views::{StockRow, StockView, columns, views, with_names};
use crate::columns::coded;
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{locations, products, stock_levels};
use crate::search::Search;

coded_enum! {
    /// A column that the stock by product is sorted by.
    pub enum ByProductColumn {
        /// The id of the product.
        Id = "id",
        /// Its name.
        Name = "name",
    }
}

impl SortColumn for ByProductColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "products.id",
            Self::Name => "products.name_key",
        }
    }
}

/// Of which products the places are wanted.
#[derive(Debug, Clone, Default)]
pub struct ByProductFilter {
    /// This one.
    pub product: Option<ProductId>,
    /// By name and barcode.
    pub search: Search,
}

/// A product with all the places where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductStockView {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// The unit it is sold in.
    pub unit: Unit,
    /// All that lies in the store.
    pub total: Quantity,
    /// Where, by name of the place.
    pub places: Vec<StockView>,
}

/// A page of the store's products that lie somewhere, each with all its places, by name.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn by_product(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    day: NaiveDate,
    filter: &ByProductFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<ProductStockView>, Error> {
    macro_rules! filtered {
        () => {{
            let levels = stock_levels::table
                .filter(stock_levels::store_id.eq(products::store_id))
                .filter(stock_levels::product_id.eq(products::id))
                .filter(not(stock_levels::is_hidden));
            let mut query = products::table
                .filter(products::store_id.eq(store_id.get()))
                .filter(exists(levels))
                .into_boxed();
            if let Some(product) = filter.product {
                query = query.filter(products::id.eq(product.get()));
            }
            for pattern in filter.search.patterns() {
                query = query.filter(products::shop_search.like(pattern).escape('\\'));
            }
            query
        }};
    }
    let total = wanted.count(reader, "stock_by_product_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&[], SortBy::ascending(ByProductColumn::Name), wanted);
    let rows: Vec<ProductRow> = reader.statement("stock_by_product", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select((products::id, products::name, products::unit, products::name_key))
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, (id, _, _, name_key)| match column {
        ByProductColumn::Id => Key::Number(*id),
        ByProductColumn::Name => Key::Text(name_key.clone()),
    });
    listed.try_map_rows(|rows| with_places(reader, store_id, day, rows))
}

/// The products with their places, by name of the place.
fn with_places(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    day: NaiveDate,
    rows: Vec<ProductRow>,
) -> Result<Vec<ProductStockView>, Error> {
    let ids: Vec<i64> = rows.iter().map(|(id, ..)| *id).collect();
    let levels: Vec<StockRow> = reader.statement("stock_of_products", |on| {
        with_names()
            .filter(stock_levels::store_id.eq(store_id.get()))
            .filter(stock_levels::product_id.eq_any(&ids))
            .filter(not(stock_levels::is_hidden))
            .order((stock_levels::product_id, locations::name_key, stock_levels::id))
            .select(columns())
            .load(on)
    })?;
    let mut by_product: BTreeMap<ProductId, Vec<StockView>> = BTreeMap::new();
    for view in views(reader, store_id, day, levels)? {
        by_product.entry(view.product_id).or_default().push(view);
    }
    rows.into_iter()
        .map(|(id, product_name, unit, _)| {
            let places = by_product.remove(&ProductId::new(id)).unwrap_or_default();
            let corrupt = || Error::Corrupt {
                table: "stock_levels",
                id,
                why: "the levels of the product sum to more than fits".to_owned(),
            };
            Ok(ProductStockView {
                product_id: ProductId::new(id),
                product_name,
                unit: coded("products", id, &unit)?,
                total: Quantity::checked_sum(places.iter().map(|place| place.quantity)).ok_or_else(corrupt)?,
                places,
            })
        })
        .collect()
}

/// Id, name, unit and key of the name.
type ProductRow = (i64, String, String, String);
