//! Categories of a store's products.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{CategoryId, StoreId};
use savdo_domain::text;

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::fragments::fragments;
use crate::paging::{Cutting, Key, Listed, RowFilter, SortBy, SortColumn, Walk, Wanted, counted, in_statuses};
use crate::schema::{categories, stores};

const TABLE: &str = "categories";

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

impl SortColumn for CategoryColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "categories.id",
            Self::Name => "categories.name_key",
            Self::CreatedOn => "categories.created_at",
            Self::Status => "categories.status",
        }
    }
}

fragments! {
    /// How many active products a category has.
    ProductCount: BigInt = "(SELECT count(*) FROM products WHERE products.store_id = categories.store_id \
        AND products.category_id = categories.id AND products.status = 'active')";
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

/// What can be changed of a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name, unique among the active ones of the store.
    pub name: String,
    /// What belongs into it.
    pub description: String,
    /// The name of a symbol that clients draw.
    pub icon: String,
    /// Whether it is in use.
    pub status: RowStatus,
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
    name_key: String,
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
    categories::name_key,
) = (
    categories::id,
    stores::name,
    categories::name,
    categories::description,
    categories::icon,
    categories::status,
    ProductCount,
    categories::created_at,
    categories::name_key,
);

/// A page of the store's categories.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &RowFilter<CategoryColumn>,
    wanted: Wanted<'_>,
) -> Result<Listed<CategoryView>, Error> {
    macro_rules! filtered {
        () => {{
            let mut query = categories::table
                .inner_join(stores::table.on(stores::id.eq(categories::store_id)))
                .filter(categories::store_id.eq(store_id.get()))
                .into_boxed();
            query = in_statuses!(query, categories::status, filter.statuses);
            for pattern in filter.search.patterns() {
                query = query.filter(categories::search.like(pattern).escape('\\'));
            }
            query
        }};
    }
    let total = wanted.count(reader, "categories_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::ascending(CategoryColumn::Name), wanted);
    let rows: Vec<CategoryRow> = reader.statement("categories_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(COLUMNS)
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| row.key(column));
    listed.try_map_rows(|rows| rows.into_iter().map(CategoryRow::into_view).collect())
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

/// Whether the store has this category in use; it stays so until the end of the transaction.
///
/// # Errors
/// A failed statement.
pub fn hold_active(tx: &mut Tx<'_>, store_id: StoreId, id: CategoryId) -> Result<bool, Error> {
    let status: Option<String> = tx.statement("category_hold", |on| {
        macro_rules! query {
            () => {
                categories::table
                    .filter(categories::store_id.eq(store_id.get()))
                    .filter(categories::id.eq(id.get()))
                    .select(categories::status)
            };
        }
        match on {
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(on) => query!().first(on).optional(),
            AnyConnection::Postgres(on) => query!().for_share().first(on).optional(),
        }
    })?;
    Ok(status.as_deref() == Some(RowStatus::Active.code()))
}

/// Reads a category that is about to be changed and locks its row.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: CategoryId) -> Result<Option<Category>, Error> {
    let row: Option<(String, String, String, String)> = tx.statement("category_lock", |on| {
        macro_rules! query {
            () => {
                categories::table
                    .filter(categories::store_id.eq(store_id.get()))
                    .filter(categories::id.eq(id.get()))
                    .select((
                        categories::name,
                        categories::description,
                        categories::icon,
                        categories::status,
                    ))
            };
        }
        match on {
            AnyConnection::Sqlite(on) => query!().first(on).optional(),
            AnyConnection::Postgres(on) => query!().for_no_key_update().first(on).optional(),
        }
    })?;
    row.map(|(name, description, icon, status)| {
        Ok(Category {
            name,
            description,
            icon,
            status: columns::coded(TABLE, id.get(), &status)?,
        })
    })
    .transpose()
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
                Named::from(category.name.as_str()),
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

/// Writes a category locked before; its slug follows its name.
///
/// # Errors
/// As [`insert`].
pub fn update(tx: &mut Tx<'_>, store_id: StoreId, id: CategoryId, category: &Category) -> Result<(), Error> {
    let Category {
        name,
        description,
        icon,
        status,
    } = category;
    tx.statement("category_update", |on| {
        diesel::update(categories::table)
            .filter(categories::store_id.eq(store_id.get()))
            .filter(categories::id.eq(id.get()))
            .set((
                Named::from(name.as_str()),
                categories::description.eq(description),
                categories::icon.eq(icon),
                categories::status.eq(status.code()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Every column that follows from a name.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = categories)]
struct Named<'a> {
    name: &'a str,
    name_key: String,
    slug: String,
    search: String,
}

impl<'a> From<&'a str> for Named<'a> {
    fn from(name: &'a str) -> Self {
        Self {
            name,
            name_key: text::name_key(name),
            slug: text::slug(name, text::SLUG_LENGTH_MAX),
            search: text::search_text(&[name]),
        }
    }
}

impl CategoryRow {
    fn key(&self, column: CategoryColumn) -> Key {
        match column {
            CategoryColumn::Id => Key::Number(self.id),
            CategoryColumn::Name => Key::Text(self.name_key.clone()),
            CategoryColumn::CreatedOn => Key::Time(self.created_at),
            CategoryColumn::Status => Key::Text(self.status.clone()),
        }
    }

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
            name_key: _,
        } = self;
        Ok(CategoryView {
            id: CategoryId::new(id),
            store_name,
            name,
            description,
            icon,
            status: columns::coded(TABLE, id, &status)?,
            product_count,
            created_at: columns::time(created_at),
        })
    }
}
