//! A page of prescriptions.

use chrono::NaiveDate;
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{OrderId, StoreId, UserId};
use savdo_domain::prescription::PrescriptionStatus;

use super::PrescriptionView;
use super::read::{Found, Prescriptions, with_reviewers, within};
use super::rows::{PatientRow, PrescriptionRow};
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{prescriptions, stores, users};

/// What a list of prescriptions is narrowed to; nothing set shows all of the scope, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrescriptionFilter {
    /// Where it stands.
    pub status: Option<PrescriptionStatus>,
    /// Of this store.
    pub store: Option<StoreId>,
    /// For this order.
    pub order_id: Option<OrderId>,
    /// Came on this day of the store or later.
    pub created_from: Option<NaiveDate>,
    /// Came on this day of the store or earlier.
    pub created_to: Option<NaiveDate>,
    /// Whether the oldest come first.
    pub is_oldest_first: bool,
}

coded_enum! {
    /// What a list of prescriptions is sorted by: they are numbered as they come.
    pub enum PrescriptionColumn {
        /// The id.
        Id = "id",
    }
}

impl SortColumn for PrescriptionColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "prescriptions.id",
        }
    }
}

/// A page of the prescriptions of the scope, narrowed by the filter.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    scope: &Scope,
    filter: &PrescriptionFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<PrescriptionView>, Error> {
    let wanted = wanted.whole(*filter == PrescriptionFilter::default());
    let total = wanted.count(reader, "prescriptions_count", (scope, filter), |on, up_to| {
        counted!(on, up_to, filtered(scope, filter))
    })?;
    let sort = SortBy {
        column: PrescriptionColumn::Id,
        is_descending: !filter.is_oldest_first,
    };
    let walk = Walk::new(&[], sort, wanted);
    let rows: Vec<Found> = reader.statement("prescriptions_list", |on| {
        filtered(scope, filter)
            .filter(walk.beyond())
            .inner_join(stores::table)
            .inner_join(users::table)
            .order(walk.order())
            .select((PrescriptionRow::as_select(), stores::timezone, PatientRow::as_select()))
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, (row, ..)| match column {
        PrescriptionColumn::Id => Key::Number(row.id),
    });
    listed.try_map_rows(|rows| with_reviewers(reader, rows))
}

/// All prescriptions of a patient, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn owned(reader: &mut Reader<'_>, patient_id: UserId) -> Result<Vec<PrescriptionView>, Error> {
    let rows: Vec<Found> = reader.statement("prescriptions_owned", |on| {
        within(&Scope::Own(patient_id))
            .inner_join(stores::table)
            .inner_join(users::table)
            .order(prescriptions::id)
            .select((PrescriptionRow::as_select(), stores::timezone, PatientRow::as_select()))
            .load(on)
    })?;
    with_reviewers(reader, rows)
}

fn filtered(scope: &Scope, filter: &PrescriptionFilter) -> Prescriptions<'static> {
    let mut query = within(scope);
    if let Some(status) = filter.status {
        query = query.filter(prescriptions::status.eq(status.code()));
    }
    if let Some(store) = filter.store {
        query = query.filter(prescriptions::store_id.eq(store.get()));
    }
    if let Some(order_id) = filter.order_id {
        query = query.filter(prescriptions::order_id.eq(order_id.get()));
    }
    if let Some(from) = filter.created_from {
        query = query.filter(prescriptions::day.ge(from));
    }
    if let Some(to) = filter.created_to {
        query = query.filter(prescriptions::day.le(to));
    }
    query
}
