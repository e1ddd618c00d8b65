//! Categories of a store's expenses.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{ExpenseCategoryId, StoreId};
use savdo_domain::text;

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::fragments::fragments;
use crate::paging::{Cutting, Key, Listed, RowFilter, SortBy, SortColumn, Walk, Wanted, counted, in_statuses};
use crate::schema::{expense_categories, stores};

const TABLE: &str = "expense_categories";

coded_enum! {
    /// What categories of expenses may be sorted by.
    pub enum ExpenseCategoryColumn {
        /// The id.
        Id = "id",
        /// The name.
        Name = "name",
    }
}

impl SortColumn for ExpenseCategoryColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "expense_categories.id",
            Self::Name => "expense_categories.name_key",
        }
    }
}

fragments! {
    /// How many active expenses a category has.
    ExpenseCount: BigInt = "(SELECT count(*) FROM expenses WHERE expenses.store_id = expense_categories.store_id \
        AND expenses.category_id = expense_categories.id AND expenses.status = 'active')";
}

/// A category of expenses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpenseCategoryView {
    /// The category.
    pub id: ExpenseCategoryId,
    /// Its store's name.
    pub store_name: String,
    /// Its name.
    pub name: String,
    /// Whether it is in use.
    pub status: RowStatus,
    /// How many active expenses it has.
    pub expense_count: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What can be changed of a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpenseCategory {
    /// Its name, unique among the active ones of the store.
    pub name: String,
    /// Whether it is in use.
    pub status: RowStatus,
}

type CategoryRow = (i64, String, String, String, i64, NaiveDateTime, String);

/// A page of the store's categories.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &RowFilter<ExpenseCategoryColumn>,
    wanted: Wanted<'_>,
) -> Result<Listed<ExpenseCategoryView>, Error> {
    macro_rules! filtered {
        () => {{
            let mut query = with_store()
                .filter(expense_categories::store_id.eq(store_id.get()))
                .into_boxed();
            query = in_statuses!(query, expense_categories::status, filter.statuses);
            for pattern in filter.search.patterns() {
                query = query.filter(expense_categories::search.like(pattern).escape('\\'));
            }
            query
        }};
    }
    let total = wanted.count(reader, "expense_categories_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::ascending(ExpenseCategoryColumn::Name), wanted);
    let rows: Vec<CategoryRow> = reader.statement("expense_categories_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(COLUMNS)
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| match column {
        ExpenseCategoryColumn::Id => Key::Number(row.0),
        ExpenseCategoryColumn::Name => Key::Text(row.6.clone()),
    });
    listed.try_map_rows(|rows| rows.into_iter().map(view).collect())
}

/// One category of the store, in whatever state.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn find(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    id: ExpenseCategoryId,
) -> Result<Option<ExpenseCategoryView>, Error> {
    let row: Option<CategoryRow> = reader.statement("expense_category_find", |on| {
        with_store()
            .filter(expense_categories::store_id.eq(store_id.get()))
            .filter(expense_categories::id.eq(id.get()))
            .select(COLUMNS)
            .first(on)
            .optional()
    })?;
    row.map(view).transpose()
}

/// Whether the store has this category in use; it stays so until the end of the transaction.
///
/// # Errors
/// A failed statement.
pub fn hold_active(tx: &mut Tx<'_>, store_id: StoreId, id: ExpenseCategoryId) -> Result<bool, Error> {
    let status: Option<String> = tx.statement("expense_category_hold", |on| {
        macro_rules! query {
            () => {
                expense_categories::table
                    .filter(expense_categories::store_id.eq(store_id.get()))
                    .filter(expense_categories::id.eq(id.get()))
                    .select(expense_categories::status)
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
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: ExpenseCategoryId) -> Result<Option<ExpenseCategory>, Error> {
    let row: Option<(String, String)> = tx.statement("expense_category_lock", |on| {
        macro_rules! query {
            () => {
                expense_categories::table
                    .filter(expense_categories::store_id.eq(store_id.get()))
                    .filter(expense_categories::id.eq(id.get()))
                    .select((expense_categories::name, expense_categories::status))
            };
        }
        match on {
            AnyConnection::Sqlite(on) => query!().first(on).optional(),
            AnyConnection::Postgres(on) => query!().for_no_key_update().first(on).optional(),
        }
    })?;
    row.map(|(name, status)| {
        let status = columns::coded(TABLE, id.get(), &status)?;
        Ok(ExpenseCategory { name, status })
    })
    .transpose()
}

/// Makes a category, in use.
///
/// # Errors
/// [`Constraint::ExpenseCategoryNameTaken`](crate::Constraint), a failed statement.
pub fn insert(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    name: &str,
    created_at: DateTime<Utc>,
) -> Result<ExpenseCategoryId, Error> {
    tx.statement("expense_category_insert", |on| {
        diesel::insert_into(expense_categories::table)
            .values((
                expense_categories::store_id.eq(store_id.get()),
                expense_categories::name.eq(name),
                expense_categories::name_key.eq(text::name_key(name)),
                expense_categories::search.eq(text::search_text(&[name])),
                expense_categories::status.eq(RowStatus::Active.code()),
                expense_categories::created_at.eq(created_at.naive_utc()),
            ))
            .returning(expense_categories::id)
            .get_result::<i64>(on)
    })
    .map(ExpenseCategoryId::new)
}

/// Writes a category locked before.
///
/// # Errors
/// As [`insert`].
pub fn update(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    id: ExpenseCategoryId,
    category: &ExpenseCategory,
) -> Result<(), Error> {
    let ExpenseCategory { name, status } = category;
    tx.statement("expense_category_update", |on| {
        diesel::update(expense_categories::table)
            .filter(expense_categories::store_id.eq(store_id.get()))
            .filter(expense_categories::id.eq(id.get()))
            .set((
                expense_categories::name.eq(name),
                expense_categories::name_key.eq(text::name_key(name)),
                expense_categories::search.eq(text::search_text(&[name])),
                expense_categories::status.eq(status.code()),
            ))
            .execute(on)
    })?;
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_store() -> _ {
    expense_categories::table.inner_join(stores::table.on(stores::id.eq(expense_categories::store_id)))
}

const COLUMNS: (
    expense_categories::id,
    stores::name,
    expense_categories::name,
    expense_categories::status,
    ExpenseCount,
    expense_categories::created_at,
    expense_categories::name_key,
) = (
    expense_categories::id,
    stores::name,
    expense_categories::name,
    expense_categories::status,
    ExpenseCount,
    expense_categories::created_at,
    expense_categories::name_key,
);

fn view(
    (id, store_name, name, status, expense_count, created_at, _): CategoryRow,
) -> Result<ExpenseCategoryView, Error> {
    Ok(ExpenseCategoryView {
        id: ExpenseCategoryId::new(id),
        store_name,
        name,
        status: columns::coded(TABLE, id, &status)?,
        expense_count,
        created_at: columns::time(created_at),
    })
}
