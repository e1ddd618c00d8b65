//! A page of payments.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{OrderId, StoreId, UserId};
use savdo_domain::payment::{PaymentState, Provider};

use super::PaymentView;
use super::read::{JoinedRow, joined, joined_columns, view, within};
use super::rows::{PaidOrderRow, PaymentRow};
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{orders, payments, stores, users};

/// What a list of payments is narrowed to; nothing set shows all of the scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// Where it stands.
    pub state: Option<PaymentState>,
    /// Who takes the money.
    pub provider: Option<Provider>,
    /// For this order.
    pub order_id: Option<OrderId>,
    /// Of this store.
    pub store_id: Option<StoreId>,
    /// For what this account ordered.
    pub buyer_id: Option<UserId>,
    /// Begun then or later.
    pub from: Option<DateTime<Utc>>,
    /// Begun before then.
    pub before: Option<DateTime<Utc>>,
}

coded_enum! {
    /// What a list of payments is sorted by: they are numbered as they are begun.
    pub enum PaymentColumn {
        /// The id.
        Id = "id",
    }
}

impl SortColumn for PaymentColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "payments.id",
        }
    }
}

/// A page of the payments of the scope, narrowed by the filter, the newest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    scope: &Scope,
    filter: &PaymentFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<PaymentView>, Error> {
    let wanted = wanted.whole(*filter == PaymentFilter::default());
    macro_rules! filtered {
        () => {{
            let mut query = within!(scope);
            if let Some(state) = filter.state {
                query = query.filter(payments::status.eq(state.code()));
            }
            if let Some(provider) = filter.provider {
                query = query.filter(payments::provider.eq(provider.code()));
            }
            if let Some(order_id) = filter.order_id {
                query = query.filter(payments::order_id.eq(order_id.get()));
            }
            if let Some(store_id) = filter.store_id {
                query = query.filter(payments::store_id.eq(store_id.get()));
            }
            if let Some(buyer_id) = filter.buyer_id {
                query = query.filter(orders::buyer_id.eq(buyer_id.get()));
            }
            if let Some(from) = filter.from {
                query = query.filter(payments::created_at.ge(from.naive_utc()));
            }
            if let Some(before) = filter.before {
                query = query.filter(payments::created_at.lt(before.naive_utc()));
            }
            query
        }};
    }
    let total = wanted.count(reader, "payments_count", (scope, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&[], SortBy::descending(PaymentColumn::Id), wanted);
    let rows: Vec<JoinedRow> = reader.statement("payments_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(joined_columns!())
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, (row, ..)| match column {
        PaymentColumn::Id => Key::Number(row.id),
    });
    listed.try_map_rows(|rows| rows.into_iter().map(view).collect())
}
