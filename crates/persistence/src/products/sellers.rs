//! The stores whose products a public list shows, looked up before the list: how few they are no estimate of a database knows, and
//! the list itself then reads products alone.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
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

impl<DB> QueryFragment<DB> for Open
where
    DB: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        push_stores(&mut pass, &self.stores, false)?;
        if !self.aside.is_empty() {
            pass.push_sql(" AND products.category_id NOT IN (");
            pass.push_sql(&listed(&self.aside));
            pass.push_sql(")");
        }
        Ok(())
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
            pass.push_sql(&listed(ids));
            pass.push_sql(")");
        }
    }
    Ok(())
}

fn listed(ids: &[i64]) -> String {
    let ids: Vec<_> = ids.iter().map(i64::to_string).collect();
    ids.join(", ")
}
