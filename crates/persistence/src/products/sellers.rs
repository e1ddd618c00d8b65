//! The stores whose products a public list shows, looked up before the list: how few they are no estimate of a database knows, and
//! the list itself then reads products alone.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::ids::StoreId;

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::products::visibility::{IsStoreOpen, OnlineLocation, StoreOpen};
use crate::schema::{locations, store_settings, stores};

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
