//! The shop's list of products.
//!
//! A search comes in by one of two ways: along the names while many have the text (`finding`), else by the index of texts
//! (`texts`), which counts as well. What is found is the same either way.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::RowStatus;
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{CategoryId, ProductId, StoreId};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted, in_statuses};
use crate::products::finding::{Holds, InWalk, OfStore, Texts};
use crate::products::striding::{Strides, Walked};
use crate::products::texts::{Found, InTexts, TextCount};
use crate::schema::{categories, products};
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

impl ProductFilter {
    /// What a walk along the names needs, if it may be tried: they are the order, and one state and one text all that narrows.
    fn walkable(&self) -> Option<(RowStatus, &str)> {
        let is_by_name = self
            .sort
            .first()
            .is_none_or(|first| first.column == ProductColumn::Name);
        match (self.statuses.as_slice(), self.search.needles()) {
            ([status], [needle]) if is_by_name && !self.is_narrowed() => Some((*status, needle)),
            _ => None,
        }
    }

    /// Whether more is asked than a text and states.
    fn is_narrowed(&self) -> bool {
        self.category.is_some() || self.unit.is_some() || self.barcode.is_some()
    }

    /// Whether what is found and its order both stand in the table of texts.
    fn is_told_by_texts(&self) -> bool {
        let is_there = |sort: &SortBy<ProductColumn>| matches!(sort.column, ProductColumn::Name | ProductColumn::Id);
        !self.is_narrowed() && self.sort.iter().all(is_there)
    }
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

/// The query that `filter` says in a store, without an order.
macro_rules! filtered {
    ($on:expr, $store_id:expr, $filter:expr) => {
        filtered!($on, $store_id, $filter, OfStore::new($store_id))
    };
    ($on:expr, $store_id:expr, $filter:expr, $of_store:expr) => {{
        let mut query = products::table
            .left_join(categories::table.on(categories::id.nullable().eq(products::category_id)))
            .filter($of_store)
            .into_boxed();
        query = in_statuses!(query, products::status, $filter.statuses);
        if let Some(category) = $filter.category {
            query = query.filter(products::category_id.eq(category.get()));
        }
        if let Some(unit) = $filter.unit {
            query = query.filter(products::unit.eq(unit.code()));
        }
        if let Some(barcode) = &$filter.barcode {
            query = query.filter(products::barcode.eq(barcode));
        }
        if !$filter.search.is_empty() {
            query = query.filter(Holds::new($on, Texts::Shop, &$filter.search));
        }
        query
    }};
}

/// The names of a store's products of one state, with what is looked through: all of it stands in one index.
macro_rules! names {
    ($store_id:expr, $status:expr) => {
        products::table
            .filter(products::store_id.eq($store_id.get()))
            .filter(products::status.eq($status.code()))
            .select((products::id, products::walk_search))
    };
}

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
    let walk = Walk::new(&filter.sort, SortBy::ascending(ProductColumn::Name), wanted);
    let list = format!("products {store_id} {filter:?}");
    let strides = Strides::after(wanted.known(&list));
    let (rows, is_late) = found(reader, store_id, filter, (&walk, strides))?;
    let total = match walk.length_of_only(rows.len()) {
        Some(total) => total,
        None => wanted.count_late(reader, list, is_late, |reader, up_to| {
            count(reader, store_id, filter, up_to)
        })?,
    };
    let listed = walk.listed(rows, total, ListRow::key);
    listed.try_map_rows(|rows| rows.into_iter().map(ListRow::into_view).collect())
}

/// The rows of a page, and whether they lie late in the order.
fn found(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &ProductFilter,
    (walk, strides): (&Walk<ProductColumn>, Strides),
) -> Result<(Vec<ListRow>, bool), Error> {
    macro_rules! ordered {
        ($narrowed:expr) => {
            $narrowed.filter(walk.beyond()).order(walk.order()).select((
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
        };
    }
    macro_rules! page {
        ($on:expr, $narrowed:expr) => {
            ordered!($narrowed).cut_to(walk.cut()).load::<ListRow>($on)
        };
    }
    if filter.search.is_empty() {
        let rows = reader.statement("products_list", |on| page!(on, filtered!(on, store_id, filter)))?;
        return Ok((rows, false));
    }
    let mut is_late = false;
    if let Some((status, needle)) = filter.walkable() {
        let walked = strides.walk(walk, |steps| {
            reader.statement("products_walk", |on| {
                let names = names!(store_id, status)
                    .filter(walk.beyond())
                    .order(walk.order())
                    .limit(steps);
                let walked = InWalk::new(on, names, needle, walk.reach());
                page!(
                    on,
                    filtered!(on, store_id, filter, OfStore::hidden(store_id)).filter(walked)
                )
            })
        })?;
        is_late = walked.is_late();
        if let Walked::Page(rows) = walked {
            return Ok((rows, false));
        }
    }
    let rows = reader.statement("products_search", |on| {
        let named = InTexts::new(Found::of_counter(on, store_id, &filter.statuses, &filter.search));
        let filtered = filtered!(on, store_id, filter, OfStore::hidden(store_id));
        if filter.is_told_by_texts() {
            ordered!(filtered.filter(named.on_page(walk))).load(on)
        } else {
            page!(on, filtered.filter(named))
        }
    })?;
    Ok((rows, is_late))
}

fn count(reader: &mut Reader<'_>, store_id: StoreId, filter: &ProductFilter, up_to: Option<i64>) -> Result<i64, Error> {
    if filter.search.is_empty() {
        return reader.statement("products_count", |on| {
            counted!(on, up_to, filtered!(on, store_id, filter))
        });
    }
    reader.statement("products_search_count", |on| {
        let found = Found::of_counter(on, store_id, &filter.statuses, &filter.search);
        if !filter.is_narrowed() {
            return TextCount::new(found, up_to).get_result(on);
        }
        let named = InTexts::new(found);
        counted!(
            on,
            up_to,
            filtered!(on, store_id, filter, OfStore::hidden(store_id)).filter(named)
        )
    })
}
