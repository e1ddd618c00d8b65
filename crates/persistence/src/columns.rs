//! How values of the domain stand in columns: the three conversions that every row goes through.

use chrono::{DateTime, NaiveDateTime, Utc};
use savdo_domain::Money;
use savdo_domain::coded::Coded;
use savdo_domain::zone::Zone;

use crate::error::Error;

/// An amount as the column holds it, in tiyin.
pub(crate) fn money(tiyin: i64) -> Money {
    Money::from_tiyin(tiyin)
}

/// An instant as the column holds it: UTC without a zone.
pub(crate) fn time(stored: NaiveDateTime) -> DateTime<Utc> {
    stored.and_utc()
}

/// A coded value; a code that is none of ours is a corrupt row.
pub(crate) fn coded<T: Coded>(table: &'static str, id: i64, code: &str) -> Result<T, Error> {
    T::from_code(code).ok_or_else(|| Error::Corrupt {
        table,
        id,
        why: format!("unknown code {code:?}"),
    })
}

/// The time zone of the store with this id; a name that is none is a corrupt row.
pub(crate) fn zone(store_id: i64, name: &str) -> Result<Zone, Error> {
    Zone::parse(name).map_err(|error| Error::Corrupt {
        table: "stores",
        id: store_id,
        why: error.to_string(),
    })
}
