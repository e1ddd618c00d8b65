//! The public catalogue: products as customers browse them.
//!
//! Customers see what the rule of visibility lets them see. Staff may ask for the rest of their own scope as well; what is
//! archived nobody sees.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::Scope;
use savdo_domain::coded_enum;
use savdo_domain::ids::{CategoryId, ProductId, StoreId, SubstanceId};

use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Key, Known, Listed, Page, SortBy, SortColumn, Walk, Wanted, counted};
use crate::products::finding::InShelfWalk;
use crate::products::narrowing::{InPage, Narrowed};
use crate::products::online::{OfferedRow, offered_columns};
use crate::products::sellers::{Open, Seller, sellers};
use crate::products::shown::{ShelfRow, shelf_columns, views};
use crate::products::striding::{Strides, Walked};
use crate::products::texts::{Found, InTexts, TextCount};
use crate::products::visibility::{IsStoreOpen, IsVisible, OnlineLocation, Visible, around_products};
use crate::schema::{categories, locations, products, stock_levels, store_settings, stores};
use crate::search::Search;

pub use crate::products::shown::{ShelfCategory, ShelfView};

/// Up to how many products with a text are looked up one by one.
const RARE_MAX: i64 = 5_000;
/// Up to how many products are sorted for a page; of more the page is found by walking their order.
const SORTED_MAX: i64 = 5_000;

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
    /// Shares a substance with this product of the store, and is another.
    pub stands_in_for: Option<(StoreId, ProductId)>,
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

impl ShelfFilter {
    /// Whether what is found and its order both stand in the table of texts.
    fn is_told_by_texts(&self) -> bool {
        let Self {
            store: _,
            category: None,
            substance: None,
            stands_in_for: None,
            manufacturer_key: None,
            price_min: None,
            price_max: None,
            in_stock: None,
            needs_prescription: None,
            search: _,
            is_online: None | Some(true),
            sort,
            hidden_of: None,
        } = self
        else {
            return false;
        };
        sort.column == ShelfColumn::Id
    }
}

/// A page as it is read.
type Rows = Vec<(OfferedRow, ShelfRow)>;

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
    let sellers = sellers(reader, now, filter.hidden_of, filter.store)?;
    let wanted = wanted.whole(filter.is_told_by_texts() && filter.search.is_empty());
    let walk = Walk::new(&[], filter.sort, wanted);
    let asked = (filter, sellers.as_slice());
    let (rows, total) = if filter.is_told_by_texts() {
        by_texts(reader, asked, (&walk, wanted))?
    } else {
        narrowed(reader, asked, (&walk, wanted))?
    };
    let listed = walk.listed(rows, total, |column, (offered, row)| match column {
        ShelfColumn::Id => Key::Number(offered.id()),
        ShelfColumn::Price => Key::Number(offered.price()),
        ShelfColumn::Name => Key::Text(row.name_key().to_owned()),
        ShelfColumn::Popularity => Key::Number(row.order_count()),
    });
    listed.try_map_rows(|rows| views(reader, now, rows))
}

/// All that is open, or what of it has a text, by age: on the way through the texts while many have it, else by their index. And
/// its length.
fn by_texts(
    reader: &mut Reader<'_>,
    (filter, sellers): (&ShelfFilter, &[Seller]),
    (walk, wanted): (&Walk<ShelfColumn>, Wanted<'_>),
) -> Result<(Rows, i64), Error> {
    macro_rules! page {
        ($on:expr, $page:expr) => {
            around_products!()
                .filter($page)
                .order(walk.order())
                .select(shelf_columns!())
                .load($on)
        };
    }
    let open = Open::of(reader, sellers)?;
    if open.is_nothing() {
        return Ok((Vec::new(), 0));
    }
    let list = format!("shelf {filter:?} {open:?}");
    let mut run = |steps| {
        reader.statement("shelf_walk", |on| {
            page!(on, InShelfWalk::new(on, (&open, &filter.search), walk, steps))
        })
    };
    let walked = if filter.search.is_empty() {
        Walked::Page(run(walk.reach())?)
    } else {
        Strides::after(wanted.known(&list)).walk(walk, run)?
    };
    let is_late = walked.is_late();
    let rows: Rows = match walked {
        Walked::Page(rows) => rows,
        Walked::TooFew { .. } => reader.statement("shelf_search", |on| {
            let found = Found::of_shelf(on, &open, &filter.search);
            page!(on, InTexts::new(found).on_page(walk))
        })?,
    };
    let total = match walk.length_of_only(rows.len()) {
        Some(total) => total,
        None => wanted.count_late(reader, list, is_late, |reader, up_to| {
            reader.statement("shelf_search_count", |on| {
                TextCount::new(Found::of_shelf(on, &open, &filter.search), up_to).get_result(on)
            })
        })?,
    };
    Ok((rows, total))
}

/// What is asked for otherwise, and its length.
fn narrowed(
    reader: &mut Reader<'_>,
    (filter, sellers): (&ShelfFilter, &[Seller]),
    (walk, wanted): (&Walk<ShelfColumn>, Wanted<'_>),
) -> Result<(Rows, i64), Error> {
    let list = format!("shelf {filter:?} {sellers:?}");
    let rare = rare(reader, (filter, sellers), wanted.known(&list))?;
    let total = wanted.count_by(reader, list, |reader, up_to| {
        reader.statement("shelf_count", |on| {
            let narrowed = Narrowed::new(on, (filter, sellers), rare.as_ref(), false);
            counted!(on, up_to, products::table.filter(narrowed))
        })
    })?;
    let rows = reader.statement("shelf_list", |on| {
        let narrowed = Narrowed::new(on, (filter, sellers), rare.as_ref(), total > SORTED_MAX);
        around_products!()
            .filter(InPage::new(narrowed, walk))
            .order(walk.order())
            .select(shelf_columns!())
            .load(on)
    })?;
    Ok((rows, total))
}

/// What is open, if few enough of it have the text to be looked up one by one. Of what is not offered there is no index: only staff ask
/// for it, in their own store.
fn rare(
    reader: &mut Reader<'_>,
    (filter, sellers): (&ShelfFilter, &[Seller]),
    known: Option<Known>,
) -> Result<Option<Open>, Error> {
    if filter.search.is_empty() || filter.hidden_of.is_some() || known.is_some_and(|known| known.total > RARE_MAX) {
        return Ok(None);
    }
    let open = Open::of(reader, sellers)?;
    let named: i64 = reader.statement("shelf_rare_count", |on| {
        let found = Found::of_shelf(on, &open, &filter.search);
        TextCount::new(found, Some(RARE_MAX.saturating_add(1))).get_result(on)
    })?;
    Ok((named <= RARE_MAX).then_some(open))
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
        let query = around_products!().into_boxed();
        let query = match hidden_of {
            Some(Scope::All) => query.filter(products::archived_at.is_null()),
            Some(Scope::Store(own) | Scope::StoreOrOwn { store: own, buyer: _ }) => {
                query.filter(Visible.or(products::store_id.eq(own.get()).and(products::archived_at.is_null())))
            }
            Some(Scope::Own(_) | Scope::Assigned { .. }) | None => query.filter(Visible),
        };
        query
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
    let filter = ShelfFilter {
        store: Some(store_id),
        category: None,
        substance: None,
        stands_in_for: Some((store_id, id)),
        manufacturer_key: None,
        price_min: None,
        price_max: None,
        in_stock: Some(true),
        needs_prescription: None,
        search: Search::default(),
        is_online: None,
        sort: SortBy::ascending(ShelfColumn::Price),
        hidden_of: None,
    };
    let sellers = sellers(reader, now, None, filter.store)?;
    let by_price = [ShelfColumn::Price, ShelfColumn::Name].map(SortBy::ascending);
    // A walk reads one row more than its page has.
    let first = Page::new(1, most.saturating_sub(1));
    let walk = Walk::over(&by_price, filter.sort, &first);
    let rows: Vec<(OfferedRow, ShelfRow)> = reader.statement("shelf_alternatives", |on| {
        let narrowed = Narrowed::new(on, (&filter, &sellers), None, false);
        around_products!()
            .filter(InPage::new(narrowed, &walk))
            .order(walk.order())
            .select(shelf_columns!())
            .load(on)
    })?;
    views(reader, now, rows)
}
