//! Products as the shop reads them.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use savdo_domain::access::{RowStatus, Scope};
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{CategoryId, ProductId, StoreId};
use savdo_domain::stock::level;
use savdo_domain::{Money, Quantity};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::paging::{Key, Listed, SortBy, SortColumn, Walk, Wanted, counted, in_statuses};
use crate::products::rows::{ProductRow, StoredProduct};
use crate::schema::{categories, products, stores};
use crate::search::Search;

coded_enum! {
    /// A column that the shop's list is sorted by.
    pub enum ProductColumn {
        /// The id.
        Id = "id",
        /// The name.
        Name = "name",
        /// The price.
        SalePrice = "sale_price",
        /// When it was made.
        CreatedOn = "created_on",
        /// Whether the counter sells it.
        Status = "status",
    }
}

macro_rules! left_batches {
    () => {
        "FROM stock_levels AS level JOIN stock_batches AS batch ON batch.store_id = level.store_id \
         AND batch.location_id = level.location_id AND batch.product_id = level.product_id AND NOT batch.is_spent \
         WHERE level.store_id = products.store_id AND level.product_id = products.id"
    };
}

impl SortColumn for ProductColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "products.id",
            Self::Name => "products.name_key",
            Self::SalePrice => "products.sale_price",
            Self::CreatedOn => "products.created_at",
            Self::Status => "products.status",
        }
    }
}

fragments! {
    /// What is left of its batches in value.
    LeftValue: Nullable<BigInt> = concat!("(SELECT CAST(sum(batch.value_left) AS BIGINT) ", left_batches!(), ")");
    /// What is left of its batches in quantity.
    LeftQuantity: Nullable<BigInt> = concat!("(SELECT CAST(sum(batch.quantity_left) AS BIGINT) ", left_batches!(), ")");
    /// The unit cost of its newest batch.
    NewestCost: Nullable<BigInt> = "(SELECT batch.unit_cost FROM stock_batches AS batch \
        WHERE batch.store_id = products.store_id AND batch.product_id = products.id ORDER BY batch.id DESC LIMIT 1)";
    /// All that lies in the store.
    StockTotal: Nullable<BigInt> = "(SELECT CAST(sum(level.on_hand) AS BIGINT) FROM stock_levels AS level \
        WHERE level.store_id = products.store_id AND level.product_id = products.id)";
}

/// Which products are wanted.
#[derive(Debug, Clone, Default)]
pub struct ProductFilter {
    /// Of this category.
    pub category: Option<CategoryId>,
    /// In one of these states; in any when empty.
    pub statuses: Vec<RowStatus>,
    /// Sold in this unit.
    pub unit: Option<Unit>,
    /// With exactly this barcode.
    pub barcode: Option<String>,
    /// By name, barcode and sku.
    pub search: Search,
    /// In this order; by name when empty.
    pub sort: Vec<SortBy<ProductColumn>>,
}

/// A product in the shop's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRowView {
    /// The product.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// The name of its category.
    pub category_name: Option<String>,
    /// The unit it is sold in.
    pub unit: Unit,
    /// The price of one unit.
    pub sale_price: Money,
    /// Its barcode.
    pub barcode: String,
    /// The stored name of its picture; empty without one.
    pub image: String,
    /// Whether the counter sells it.
    pub status: RowStatus,
}

/// A product with all that the shop says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductView {
    /// The product itself.
    pub stored: StoredProduct,
    /// The name of its category, also of one put aside.
    pub category_name: Option<String>,
    /// Its store's name.
    pub store_name: String,
    /// What a unit cost on average, as of now.
    pub purchase_price: Money,
    /// What is left in its batches.
    pub left: Quantity,
    /// All that lies in the store.
    pub stock_total: Quantity,
}

#[derive(Queryable)]
struct ListRow {
    id: i64,
    name: String,
    category_name: Option<String>,
    unit: String,
    sale_price: i64,
    barcode: String,
    image: String,
    status: String,
    name_key: String,
    created_at: NaiveDateTime,
}

impl ListRow {
    fn key(column: ProductColumn, row: &Self) -> Key {
        match column {
            ProductColumn::Id => Key::Number(row.id),
            ProductColumn::Name => Key::Text(row.name_key.clone()),
            ProductColumn::SalePrice => Key::Number(row.sale_price),
            ProductColumn::CreatedOn => Key::Time(row.created_at),
            ProductColumn::Status => Key::Text(row.status.clone()),
        }
    }

    fn into_view(self) -> Result<ProductRowView, Error> {
        let Self {
            id,
            name,
            category_name,
            unit,
            sale_price,
            barcode,
            image,
            status,
            name_key: _,
            created_at: _,
        } = self;
        Ok(ProductRowView {
            id: ProductId::new(id),
            name,
            category_name,
            unit: columns::coded("products", id, &unit)?,
            sale_price: columns::money(sale_price),
            barcode,
            image,
            status: columns::coded("products", id, &status)?,
        })
    }
}

/// Value and quantity left, cost of the newest batch, cost given by hand.
type CostColumns = (Option<i64>, Option<i64>, Option<i64>, i64);

/// A page of the store's products.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &ProductFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<ProductRowView>, Error> {
    macro_rules! filtered {
        () => {{
            let mut query = products::table
                .left_join(categories::table.on(categories::id.nullable().eq(products::category_id)))
                .filter(products::store_id.eq(store_id.get()))
                .into_boxed();
            query = in_statuses!(query, products::status, filter.statuses);
            if let Some(category) = filter.category {
                query = query.filter(products::category_id.eq(category.get()));
            }
            if let Some(unit) = filter.unit {
                query = query.filter(products::unit.eq(unit.code()));
            }
            if let Some(barcode) = &filter.barcode {
                query = query.filter(products::barcode.eq(barcode));
            }
            for pattern in filter.search.patterns() {
                query = query.filter(products::shop_search.like(pattern).escape('\\'));
            }
            query
        }};
    }
    let total = wanted.count(reader, "products_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::ascending(ProductColumn::Name), wanted.page);
    let rows: Vec<ListRow> = reader.statement("products_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select((
                products::id,
                products::name,
                categories::name.nullable(),
                products::unit,
                products::sale_price,
                products::barcode,
                products::image,
                products::status,
                products::name_key,
                products::created_at,
            ))
            .limit(walk.limit())
            .offset(walk.offset())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, ListRow::key);
    listed.try_map_rows(|rows| rows.into_iter().map(ListRow::into_view).collect())
}

/// One product of the store, in every state.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId, id: ProductId) -> Result<Option<ProductView>, Error> {
    type Row = (ProductRow, Option<String>, String, CostColumns, Option<i64>);
    let row: Option<Row> = reader.statement("product_find", |on| {
        products::table
            .inner_join(stores::table.on(stores::id.eq(products::store_id)))
            .left_join(categories::table.on(categories::id.nullable().eq(products::category_id)))
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.eq(id.get()))
            .select((
                ProductRow::as_select(),
                categories::name.nullable(),
                stores::name,
                (LeftValue, LeftQuantity, NewestCost, products::first_cost),
                StockTotal,
            ))
            .first(on)
            .optional()
    })?;
    let Some((row, category_name, store_name, costs, stock_total)) = row else {
        return Ok(None);
    };
    Ok(Some(ProductView {
        stored: StoredProduct::try_from(row)?,
        category_name,
        store_name,
        purchase_price: purchase_price(costs),
        left: Quantity::from_thousandths(costs.1.unwrap_or_default()),
        stock_total: Quantity::from_thousandths(stock_total.unwrap_or_default()),
    }))
}

/// What a unit of each product cost on average, as of now; products that are not the store's are left out.
///
/// # Errors
/// A failed statement.
pub fn purchase_prices(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    product_ids: &[ProductId],
) -> Result<BTreeMap<ProductId, Money>, Error> {
    let ids: Vec<_> = product_ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, CostColumns)> = reader.statement("purchase_prices", |on| {
        products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.eq_any(ids))
            .select((
                products::id,
                (LeftValue, LeftQuantity, NewestCost, products::first_cost),
            ))
            .load(on)
    })?;
    let price = |(id, costs)| (ProductId::new(id), purchase_price(costs));
    Ok(rows.into_iter().map(price).collect())
}

fn purchase_price((value, quantity, newest_cost, first_cost): CostColumns) -> Money {
    level::purchase_price(
        columns::money(value.unwrap_or_default()),
        Quantity::from_thousandths(quantity.unwrap_or_default()),
        newest_cost.map(columns::money),
        columns::money(first_cost),
    )
}

/// The store of a product, if the scope sees it.
///
/// # Errors
/// A failed statement.
pub fn store_of(reader: &mut Reader<'_>, scope: &Scope, id: ProductId) -> Result<Option<StoreId>, Error> {
    let store_id: Option<i64> = reader.statement("product_store", |on| {
        products::table
            .filter(products::id.eq(id.get()))
            .select(products::store_id)
            .first(on)
            .optional()
    })?;
    let is_seen = |store_id: &StoreId| match scope {
        Scope::Store(own) | Scope::StoreOrOwn { store: own, buyer: _ } => own == store_id,
        Scope::All => true,
        Scope::Own(_) | Scope::Assigned { .. } => false,
    };
    Ok(store_id.map(StoreId::new).filter(is_seen))
}
