//! The stores whose products a public list shows, and what of their categories it leaves out, looked up before the list: how few they
//! are no estimate of a database knows, and the list itself then reads products or their texts alone.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType};
use savdo_domain::access::{RowStatus, Scope};
use savdo_domain::coded::Coded;
use savdo_domain::ids::StoreId;

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::products::visibility::{IsStoreOpen, OnlineLocation, StoreOpen};
use crate::schema::{categories, locations, store_settings, stores};

/// A store whose products somebody may see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seller {
    pub(super) store_id: i64,
    /// The branch that serves its online orders; none only for staff.
    pub(super) location_id: Option<i64>,
    /// The day that it is there now.
    pub(super) day: NaiveDate,
    /// Whether customers see what it offers.
    pub(super) is_open: bool,
}

/// The stores that are open online, and those whose hidden products are asked for; or one of these.
pub(super) fn sellers(
    reader: &mut Reader<'_>,
    now: DateTime<Utc>,
    hidden_of: Option<Scope>,
    store: Option<StoreId>,
) -> Result<Vec<Seller>, Error> {
    let rows: Vec<(i64, String, Option<i64>, bool)> = reader.statement("online_sellers", |on| {
        let mut query = stores::table
            .inner_join(store_settings::table.on(store_settings::store_id.eq(stores::id)))
            .left_join(
                locations::table.on(locations::store_id
                    .eq(stores::id)
                    .and(locations::id.nullable().eq(OnlineLocation))),
            )
            .order(stores::id)
            .select((stores::id, stores::timezone, locations::id.nullable(), IsStoreOpen))
            .into_boxed();
        match hidden_of {
            Some(Scope::All) => {}
            Some(Scope::Store(own) | Scope::StoreOrOwn { store: own, buyer: _ }) => {
                query = query.filter(StoreOpen.or(stores::id.eq(own.get())));
            }
            Some(Scope::Own(_) | Scope::Assigned { .. }) | None => query = query.filter(StoreOpen),
        }
        if let Some(store) = store {
            query = query.filter(stores::id.eq(store.get()));
        }
        query.load(on)
    })?;
    let seller = |(store_id, timezone, location_id, is_open): (i64, String, Option<i64>, bool)| {
        Ok(Seller {
            store_id,
            location_id,
            day: columns::zone(store_id, &timezone)?.day(now),
            is_open,
        })
    };
    rows.into_iter().map(seller).collect()
}

/// What is open online, as the rows of `shelf_texts` are compared with it.
#[derive(Debug, Clone)]
pub(super) struct Open {
    stores: Vec<i64>,
    /// Categories of theirs that are put aside: few or none.
    aside: Vec<i64>,
}

impl Open {
    pub(super) fn of(reader: &mut Reader<'_>, sellers: &[Seller]) -> Result<Self, Error> {
        let open = sellers.iter().filter(|seller| seller.is_open);
        let stores: Vec<_> = open.map(|seller| seller.store_id).collect();
        let aside = reader.statement("online_categories_aside", |on| {
            categories::table
                .filter(categories::status.ne(RowStatus::Active.code()))
                .filter(categories::store_id.eq_any(&stores))
                .order(categories::id)
                .select(categories::id)
                .load(on)
        })?;
        Ok(Self { stores, aside })
    }
}

impl Open {
    /// Whether nothing is.
    pub(super) const fn is_nothing(&self) -> bool {
        self.stores.is_empty()
    }

    /// Whether it is all of one store.
    pub(super) const fn is_one_store(&self) -> bool {
        matches!(self.stores.as_slice(), [_])
    }

    /// The row is of an open store; `is_aside` as in [`push_stores`].
    pub(super) fn push_stores<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>, is_aside: bool) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<BigInt>,
        i64: ToSql<BigInt, DB>,
    {
        push_stores(pass, &self.stores, is_aside)
    }

    /// And in none of the categories that are put aside.
    pub(super) fn push_aside<DB: Backend>(&self, pass: &mut AstPass<'_, '_, DB>) {
        if !self.aside.is_empty() {
            pass.push_sql(" AND products.category_id NOT IN (");
            push_listed(pass, &self.aside);
            pass.push_sql(")");
        }
    }
}

/// The product is of one of these stores; `is_aside`: said so that no index on the store answers it.
pub(super) fn push_stores<'b, DB>(pass: &mut AstPass<'_, 'b, DB>, ids: &'b [i64], is_aside: bool) -> QueryResult<()>
where
    DB: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, DB>,
{
    let column = if is_aside {
        "products.store_id + 0"
    } else {
        "products.store_id"
    };
    match ids {
        [] => pass.push_sql("FALSE"),
        [id] => {
            pass.push_sql(column);
            pass.push_sql(" = ");
            pass.push_bind_param::<BigInt, _>(id)?;
        }
        ids => {
            pass.push_sql(column);
            pass.push_sql(" IN (");
            push_listed(pass, ids);
            pass.push_sql(")");
        }
    }
    Ok(())
}

/// Such a statement is prepared for once: the next may name others.
fn push_listed<DB: Backend>(pass: &mut AstPass<'_, '_, DB>, ids: &[i64]) {
    pass.unsafe_to_cache_prepared();
    let ids: Vec<_> = ids.iter().map(i64::to_string).collect();
    pass.push_sql(&ids.join(", "));
}
