//! Categories of a store's products.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{CategoryId, StoreId};
use savdo_domain::text;

use crate::columns;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::fragments::fragments;
use crate::paging::{Listed, Page, SortBy};
use crate::schema::{categories, stores};
use crate::search::Search;

coded_enum! {
    /// A column that the shop's list is sorted by.
    pub enum CategoryColumn {
        /// The id.
        Id = "id",
        /// The name.
        Name = "name",
        /// When it was made.
        CreatedOn = "created_on",
        /// Whether it is in use.
        Status = "status",
    }
}

fragments! {
    /// How many active products a category has.
    ProductCount: BigInt = "(SELECT count(*) FROM products WHERE products.store_id = categories.store_id \
        AND products.category_id = categories.id AND products.status = 'active')";
    /// The category is in use, as its partial index says it.
    Active: Bool = "categories.status = 'active'";
}

/// A category about to be made.
#[derive(Debug, Clone)]
pub struct NewCategory {
    /// Its store.
    pub store_id: StoreId,
    /// Its name.
    pub name: String,
    /// What belongs into it.
    pub description: String,
    /// The name of a symbol that clients draw.
    pub icon: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Which categories are wanted.
#[derive(Debug, Clone, Default)]
pub struct CategoryFilter {
    /// In one of these states.
    pub statuses: Vec<RowStatus>,
    /// By their name.
    pub search: Search,
    /// In this order; by name when empty.
    pub sort: Vec<SortBy<CategoryColumn>>,
}

/// A category as the shop sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryView {
    /// The category.
    pub id: CategoryId,
    /// Its store's name.
    pub store_name: String,
    /// Its name.
    pub name: String,
    /// What belongs into it.
    pub description: String,
    /// The name of a symbol that clients draw.
    pub icon: String,
    /// Whether it is in use.
    pub status: RowStatus,
    /// How many active products it has.
    pub product_count: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

#[derive(Queryable)]
struct CategoryRow {
    id: i64,
    store_name: String,
    name: String,
    description: String,
    icon: String,
    status: String,
    product_count: i64,
    created_at: NaiveDateTime,
}

const COLUMNS: (
    categories::id,
    stores::name,
    categories::name,
    categories::description,
    categories::icon,
    categories::status,
    ProductCount,
    categories::created_at,
) = (
    categories::id,
    stores::name,
    categories::name,
    categories::description,
    categories::icon,
    categories::status,
    ProductCount,
    categories::created_at,
);

/// A page of the store's categories.
///
/// A search is carried out here and not by the database: categories are few and have no column of search keys.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &CategoryFilter,
    page: Page,
) -> Result<Listed<CategoryView>, Error> {
    let statuses: Vec<_> = filter.statuses.iter().map(|status| status.code()).collect();
    let by_name = [SortBy {
        column: CategoryColumn::Name,
        is_descending: false,
    }];
    let sort = if filter.sort.is_empty() {
        &by_name
    } else {
        filter.sort.as_slice()
    };
    let rows: Vec<CategoryRow> = reader.statement("categories_list", |on| {
        let mut query = categories::table
            .inner_join(stores::table.on(stores::id.eq(categories::store_id)))
            .filter(categories::store_id.eq(store_id.get()))
            .filter(categories::status.eq_any(statuses))
            .select(COLUMNS)
            .into_boxed();
        for SortBy { column, is_descending } in sort {
            query = match (column, is_descending) {
                (CategoryColumn::Id, false) => query.then_order_by(categories::id.asc()),
                (CategoryColumn::Id, true) => query.then_order_by(categories::id.desc()),
                (CategoryColumn::Name, false) => query.then_order_by(categories::name_key.asc()),
                (CategoryColumn::Name, true) => query.then_order_by(categories::name_key.desc()),
                (CategoryColumn::CreatedOn, false) => query.then_order_by(categories::created_at.asc()),
                (CategoryColumn::CreatedOn, true) => query.then_order_by(categories::created_at.desc()),
                (CategoryColumn::Status, false) => query.then_order_by(categories::status.asc()),
                (CategoryColumn::Status, true) => query.then_order_by(categories::status.desc()),
            };
        }
        let is_descending = sort.last().is_some_and(|sort| sort.is_descending);
        query = if is_descending {
            query.then_order_by(categories::id.desc())
        } else {
            query.then_order_by(categories::id.asc())
        };
        query.load(on)
    })?;
    let mut views: Vec<_> = rows.into_iter().map(CategoryRow::into_view).collect::<Result<_, _>>()?;
    views.retain(|view| filter.search.finds(&[&view.name]));
    Ok(Listed {
        total: i64::try_from(views.len()).unwrap_or(i64::MAX),
        rows: page.of(views),
    })
}

/// One category of the store.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId, id: CategoryId) -> Result<Option<CategoryView>, Error> {
    let row: Option<CategoryRow> = reader.statement("category_find", |on| {
        categories::table
            .inner_join(stores::table.on(stores::id.eq(categories::store_id)))
            .filter(categories::store_id.eq(store_id.get()))
            .filter(categories::id.eq(id.get()))
            .select(COLUMNS)
            .first(on)
            .optional()
    })?;
    row.map(CategoryRow::into_view).transpose()
}

/// Whether the store has this category in use.
///
/// # Errors
/// A failed statement.
pub fn is_active(reader: &mut Reader<'_>, store_id: StoreId, id: CategoryId) -> Result<bool, Error> {
    reader.statement("category_is_active", |on| {
        diesel::select(diesel::dsl::exists(
            categories::table
                .filter(categories::store_id.eq(store_id.get()))
                .filter(categories::id.eq(id.get()))
                .filter(Active),
        ))
        .get_result(on)
    })
}

/// Whether an active category of the store has this name.
///
/// # Errors
/// A failed statement.
pub fn is_name_taken(reader: &mut Reader<'_>, store_id: StoreId, name: &str) -> Result<bool, Error> {
    let key = text::name_key(name);
    reader.statement("category_name_is_taken", |on| {
        diesel::select(diesel::dsl::exists(
            categories::table
                .filter(categories::store_id.eq(store_id.get()))
                .filter(categories::name_key.eq(key))
                .filter(Active),
        ))
        .get_result(on)
    })
}

/// Makes a category.
///
/// # Errors
/// [`Constraint::CategoryNameTaken`](crate::Constraint::CategoryNameTaken), a failed statement.
pub fn insert(tx: &mut Tx<'_>, category: &NewCategory) -> Result<CategoryId, Error> {
    tx.statement("category_insert", |on| {
        diesel::insert_into(categories::table)
            .values((
                categories::store_id.eq(category.store_id.get()),
                categories::name.eq(&category.name),
                categories::name_key.eq(text::name_key(&category.name)),
                categories::slug.eq(text::slug(&category.name, text::SLUG_LENGTH_MAX)),
                categories::description.eq(&category.description),
                categories::icon.eq(&category.icon),
                categories::status.eq(RowStatus::Active.code()),
                categories::created_at.eq(category.created_at.naive_utc()),
            ))
            .returning(categories::id)
            .get_result::<i64>(on)
    })
    .map(CategoryId::new)
}

impl CategoryRow {
    fn into_view(self) -> Result<CategoryView, Error> {
        let Self {
            id,
            store_name,
            name,
            description,
            icon,
            status,
            product_count,
            created_at,
        } = self;
        Ok(CategoryView {
            id: CategoryId::new(id),
            store_name,
            name,
            description,
            icon,
            status: columns::coded("categories", id, &status)?,
            product_count,
            created_at: columns::time(created_at),
        })
    }
}
