//! The public catalogue: products as customers browse them.
//!
//! Customers see what the rule of visibility lets them see. Staff may ask for the rest of their own scope as well; what is
//! archived nobody sees.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::Scope;
use savdo_domain::coded_enum;
use savdo_domain::ids::{CategoryId, ProductId, StoreId, SubstanceId};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::products::finding::{Holds, InIndex, IndexCount, Texts};
use crate::products::in_stock::InStock;
use crate::products::online::{OfferedRow, offered_columns};
use crate::products::shown::{ShelfRow, shelf_columns, views};
use crate::products::visibility::{IsStoreOpen, IsVisible, OnlineLocation, Visible, around_products, around_stores};
use crate::schema::{categories, locations, product_substances, products, stock_levels, store_settings, stores};
use crate::search::Search;

pub use crate::products::shown::{ShelfCategory, ShelfView};

/// Up to how many products with a text are looked up one by one.
const RARE_MAX: i64 = 5_000;

coded_enum! {
    /// How the public list is sorted.
    #[derive(Default)]
    pub enum ShelfOrdering {
        /// The cheapest first.
        Price = "price",
        /// The dearest first.
        PriceDescending = "-price",
        /// By name.
        Name = "name",
        /// By name, from the end.
        NameDescending = "-name",
        /// The newest first.
        #[default]
        Newest = "newest",
        /// The most ordered first.
        Popular = "popular",
    }
}

coded_enum! {
    /// A column that the public list is sorted by.
    pub enum ShelfColumn {
        /// The id.
        Id = "id",
        /// The price.
        Price = "price",
        /// The name.
        Name = "name",
        /// How often it was ordered.
        Popularity = "popularity",
    }
}

impl ShelfOrdering {
    /// The column and the direction.
    #[must_use]
    pub const fn sort(self) -> SortBy<ShelfColumn> {
        match self {
            Self::Price => SortBy::ascending(ShelfColumn::Price),
            Self::PriceDescending => SortBy::descending(ShelfColumn::Price),
            Self::Name => SortBy::ascending(ShelfColumn::Name),
            Self::NameDescending => SortBy::descending(ShelfColumn::Name),
            Self::Newest => SortBy::descending(ShelfColumn::Id),
            Self::Popular => SortBy::descending(ShelfColumn::Popularity),
        }
    }
}

impl SortColumn for ShelfColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "products.id",
            Self::Price => "products.sale_price",
            Self::Name => "products.name_key",
            Self::Popularity => "products.order_count",
        }
    }
}

/// Which products are wanted.
#[derive(Debug, Clone)]
pub struct ShelfFilter {
    /// Of this store.
    pub store: Option<StoreId>,
    /// Of this category.
    pub category: Option<CategoryId>,
    /// With this substance, of this store.
    pub substance: Option<(StoreId, SubstanceId)>,
    /// The key of the maker's name.
    pub manufacturer_key: Option<String>,
    /// At least at this price.
    pub price_min: Option<Money>,
    /// At most at this price.
    pub price_max: Option<Money>,
    /// With at least a piece in stock, or without.
    pub in_stock: Option<bool>,
    /// On prescription only, or without.
    pub needs_prescription: Option<bool>,
    /// By name, manufacturer, sku and substances.
    pub search: Search,
    /// Offered online, or not; what is not is hidden.
    pub is_online: Option<bool>,
    /// In this order.
    pub sort: SortBy<ShelfColumn>,
    /// Hidden products of this scope too.
    pub hidden_of: Option<Scope>,
}

/// Restricts a boxed query to what somebody may see: customers the visible, staff also their own that is not archived.
macro_rules! seen_by {
    ($query:expr, $hidden_of:expr) => {
        match $hidden_of {
            Some(Scope::All) => $query.filter(products::archived_at.is_null()),
            Some(Scope::Store(own) | Scope::StoreOrOwn { store: own, buyer: _ }) => {
                $query.filter(Visible.or(products::store_id.eq(own.get()).and(products::archived_at.is_null())))
            }
            Some(Scope::Own(_) | Scope::Assigned { .. }) | None => $query.filter(Visible),
        }
    };
}

/// A page of the public catalogue.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    now: DateTime<Utc>,
    filter: &ShelfFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<ShelfView>, Error> {
    let days = match filter.in_stock {
        Some(_) => days_of_open_stores(reader, now)?,
        None => Vec::new(),
    };
    let is_rare = is_rare(reader, filter)?;
    macro_rules! filtered {
        ($on:expr) => {{
            let mut query = seen_by!(around_stores!().into_boxed(), filter.hidden_of);
            if let Some(store) = filter.store {
                query = query.filter(products::store_id.eq(store.get()));
            }
            if let Some(category) = filter.category {
                query = query.filter(products::category_id.eq(category.get()));
            }
            if let Some((store, substance)) = filter.substance {
                query = query.filter(products::store_id.eq(store.get())).filter(
                    products::id.eq_any(
                        product_substances::table
                            .filter(product_substances::store_id.eq(store.get()))
                            .filter(product_substances::substance_id.eq(substance.get()))
                            .select(product_substances::product_id),
                    ),
                );
            }
            if let Some(key) = &filter.manufacturer_key {
                query = query.filter(products::manufacturer_key.eq(key));
            }
            if let Some(price) = filter.price_min {
                query = query.filter(products::sale_price.ge(price.tiyin()));
            }
            if let Some(price) = filter.price_max {
                query = query.filter(products::sale_price.le(price.tiyin()));
            }
            if let Some(needs_prescription) = filter.needs_prescription {
                query = query.filter(products::needs_prescription.eq(needs_prescription));
            }
            if let Some(is_online) = filter.is_online {
                query = query.filter(products::is_online.eq(is_online));
            }
            if let Some(is_wanted) = filter.in_stock {
                let in_stock = InStock { days: days.clone() };
                query = if is_wanted {
                    query.filter(in_stock)
                } else {
                    query.filter(diesel::dsl::not(in_stock))
                };
            }
            if is_rare {
                query = query.filter(InIndex::new($on, &filter.search));
            }
            if !filter.search.is_empty() {
                query = query.filter(Holds::new($on, Texts::Online, &filter.search));
            }
            query
        }};
    }
    let total = wanted.count(reader, "shelf_count", (filter, &days), |on, up_to| {
        counted!(on, up_to, filtered!(on))
    })?;
    let walk = Walk::new(&[], filter.sort, wanted.page);
    let rows: Vec<(OfferedRow, ShelfRow)> = reader.statement("shelf_list", |on| {
        filtered!(on)
            .filter(walk.beyond())
            .order(walk.order())
            .select(shelf_columns!())
            .limit(walk.limit())
            .offset(walk.offset())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, (offered, row)| match column {
        ShelfColumn::Id => Key::Number(offered.id()),
        ShelfColumn::Price => Key::Number(offered.price()),
        ShelfColumn::Name => Key::Text(row.name_key().to_owned()),
        ShelfColumn::Popularity => Key::Number(row.order_count()),
    });
    listed.try_map_rows(|rows| views(reader, now, rows))
}

/// Whether few enough have the text to be looked up one by one. Of what is not offered there is no index: only staff ask for it,
/// in their own store.
fn is_rare(reader: &mut Reader<'_>, filter: &ShelfFilter) -> Result<bool, Error> {
    if filter.search.is_empty() || filter.hidden_of.is_some() {
        return Ok(false);
    }
    let named: i64 = reader.statement("shelf_search_count", |on| {
        IndexCount::new(on, &filter.search, RARE_MAX.saturating_add(1)).get_result(on)
    })?;
    Ok(named <= RARE_MAX)
}

/// One product of the public catalogue, also a hidden one of the scope.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn find(
    reader: &mut Reader<'_>,
    hidden_of: Option<Scope>,
    now: DateTime<Utc>,
    id: ProductId,
) -> Result<Option<ShelfView>, Error> {
    let rows: Vec<(OfferedRow, ShelfRow)> = reader.statement("shelf_find", |on| {
        seen_by!(around_products!().into_boxed(), hidden_of)
            .filter(products::id.eq(id.get()))
            .select(shelf_columns!())
            .load(on)
    })?;
    Ok(views(reader, now, rows)?.pop())
}

/// Products that are offered in the same store, in stock, and act by a substance of this one: the cheapest first, then by name, at
/// most so many.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn alternatives(
    reader: &mut Reader<'_>,
    now: DateTime<Utc>,
    (store_id, id): (StoreId, ProductId),
    most: i64,
) -> Result<Vec<ShelfView>, Error> {
    let days = days_of_open_stores(reader, now)?;
    let shared = diesel::alias!(product_substances as shared);
    let rows: Vec<(OfferedRow, ShelfRow)> = reader.statement("shelf_alternatives", |on| {
        let substances = product_substances::table
            .filter(product_substances::store_id.eq(store_id.get()))
            .filter(product_substances::product_id.eq(id.get()))
            .select(product_substances::substance_id);
        let sharing = shared
            .filter(shared.field(product_substances::store_id).eq(store_id.get()))
            .filter(shared.field(product_substances::substance_id).eq_any(substances))
            .select(shared.field(product_substances::product_id));
        around_products!()
            .filter(Visible)
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.ne(id.get()))
            .filter(products::id.eq_any(sharing))
            .filter(InStock { days })
            .order((products::sale_price, products::name_key, products::id))
            .limit(most)
            .select(shelf_columns!())
            .load(on)
    })?;
    views(reader, now, rows)
}

/// The day that it is now in each time zone of the stores that sell online.
fn days_of_open_stores(reader: &mut Reader<'_>, now: DateTime<Utc>) -> Result<Vec<(String, NaiveDate)>, Error> {
    let names: Vec<String> = reader.statement("online_zones", |on| {
        stores::table
            .inner_join(store_settings::table.on(store_settings::store_id.eq(stores::id)))
            .select(stores::timezone)
            .distinct()
            .load(on)
    })?;
    names
        .into_iter()
        .map(|name| Ok((name.clone(), columns::zone(0, &name)?.day(now))))
        .collect()
}
