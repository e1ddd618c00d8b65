//! Substances as anybody reads them, and as the staff of their store does.
//!
//! Public, and so without a scope: whether a store is open online hides or shows its list.

use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::coded_enum;
use savdo_domain::ids::{StoreId, SubstanceId};

use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::products::visibility::{OnlineLocation, StoreOpen};
use crate::schema::{locations, store_settings, stores, substances};
use crate::search::Search;

/// A substance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubstanceView {
    /// The substance.
    pub id: SubstanceId,
    /// Its store.
    pub store_id: StoreId,
    /// Its name, unique in the store.
    pub name: String,
    /// What it is, possibly nothing.
    pub description: String,
}

/// Which substances are wanted.
#[derive(Debug, Clone, Default)]
pub struct SubstanceFilter {
    /// Of this store.
    pub store: Option<StoreId>,
    /// By name.
    pub search: Search,
    /// Those of this scope also where its store is not open online.
    pub hidden_of: Option<Scope>,
}

coded_enum! {
    /// A column that the list is sorted by.
    pub enum SubstanceColumn {
        /// The id.
        Id = "id",
        /// The name.
        Name = "name",
    }
}

impl SortColumn for SubstanceColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "substances.id",
            Self::Name => "substances.name_key",
        }
    }
}

#[derive(Queryable)]
struct SubstanceRow {
    id: i64,
    store_id: i64,
    name: String,
    description: String,
    name_key: String,
}

const COLUMNS: (
    substances::id,
    substances::store_id,
    substances::name,
    substances::description,
    substances::name_key,
) = (
    substances::id,
    substances::store_id,
    substances::name,
    substances::description,
    substances::name_key,
);

/// The substances that somebody may see: those of stores that are open online, and of his own scope.
macro_rules! seen_by {
    ($hidden_of:expr) => {{
        let query = substances::table
            .inner_join(stores::table.on(stores::id.eq(substances::store_id)))
            .inner_join(store_settings::table.on(store_settings::store_id.eq(substances::store_id)))
            .left_join(
                locations::table.on(locations::store_id
                    .eq(substances::store_id)
                    .and(locations::id.nullable().eq(OnlineLocation))),
            )
            .into_boxed();
        match $hidden_of {
            Some(Scope::All) => query,
            Some(Scope::Store(own) | Scope::StoreOrOwn { store: own, buyer: _ }) => {
                query.filter(StoreOpen.or(substances::store_id.eq(own.get())))
            }
            Some(Scope::Own(_) | Scope::Assigned { .. }) | None => query.filter(StoreOpen),
        }
    }};
}

/// A page of substances, by name.
///
/// # Errors
/// A failed statement.
pub fn list(
    reader: &mut Reader<'_>,
    filter: &SubstanceFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<SubstanceView>, Error> {
    macro_rules! filtered {
        () => {{
            let mut query = seen_by!(filter.hidden_of);
            if let Some(store) = filter.store {
                query = query.filter(substances::store_id.eq(store.get()));
            }
            for pattern in filter.search.patterns() {
                query = query.filter(substances::search.like(pattern).escape('\\'));
            }
            query
        }};
    }
    let total = wanted.count(reader, "substances_count", filter, |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&[], SortBy::ascending(SubstanceColumn::Name), wanted);
    let rows: Vec<SubstanceRow> = reader.statement("substances_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(COLUMNS)
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| match column {
        SubstanceColumn::Id => Key::Number(row.id),
        SubstanceColumn::Name => Key::Text(row.name_key.clone()),
    });
    Ok(listed.map(SubstanceView::from))
}

/// One of them.
///
/// # Errors
/// A failed statement.
pub fn find(
    reader: &mut Reader<'_>,
    hidden_of: Option<Scope>,
    id: SubstanceId,
) -> Result<Option<SubstanceView>, Error> {
    let row: Option<SubstanceRow> = reader.statement("substance_find", |on| {
        seen_by!(hidden_of)
            .filter(substances::id.eq(id.get()))
            .select(COLUMNS)
            .first(on)
            .optional()
    })?;
    Ok(row.map(SubstanceView::from))
}

/// The store of a substance, if the scope may write it.
///
/// # Errors
/// A failed statement.
pub fn store_of(reader: &mut Reader<'_>, scope: &Scope, id: SubstanceId) -> Result<Option<StoreId>, Error> {
    let store_id: Option<i64> = reader.statement("substance_store", |on| {
        substances::table
            .filter(substances::id.eq(id.get()))
            .select(substances::store_id)
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

impl From<SubstanceRow> for SubstanceView {
    fn from(row: SubstanceRow) -> Self {
        let SubstanceRow {
            id,
            store_id,
            name,
            description,
            name_key: _,
        } = row;
        Self {
            id: SubstanceId::new(id),
            store_id: StoreId::new(store_id),
            name,
            description,
        }
    }
}
