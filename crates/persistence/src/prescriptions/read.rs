//! Reads of prescriptions.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::Bool;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, PrescriptionId, PrescriptionImageId, StoreId, UserId};
use savdo_domain::prescription::PrescriptionStatus;

use super::rows::{ImageRow, LineRow, PatientRow, PrescriptionRow};
use super::{PrescriptionImageView, PrescriptionLineView, PrescriptionView, ReviewerView};
use crate::connection::{AnyConnection, on_each};
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::orders::OrderView;
use crate::orders::read::ids_of;
use crate::schema::{order_lines, prescription_images, prescriptions, stores, users};

/// A prescription of the scope; `None` for any other.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find(
    reader: &mut Reader<'_>,
    scope: &Scope,
    prescription_id: PrescriptionId,
) -> Result<Option<PrescriptionView>, Error> {
    let found = reader.statement("prescription_find", |on| {
        within(scope)
            .filter(prescriptions::id.eq(prescription_id.get()))
            .inner_join(stores::table)
            .inner_join(users::table)
            .select((PrescriptionRow::as_select(), stores::timezone, PatientRow::as_select()))
            .first::<Found>(on)
            .optional()
    })?;
    let mut views = with_reviewers(reader, found.into_iter().collect())?;
    Ok(views.pop())
}

/// Of which store and whose a prescription is, whoever asks: for the trace of a try that was refused.
///
/// # Errors
/// A failed statement.
pub fn whose_unscoped(
    reader: &mut Reader<'_>,
    prescription_id: PrescriptionId,
) -> Result<Option<(StoreId, UserId)>, Error> {
    let found = reader.statement("prescription_whose", |on| {
        prescriptions::table
            .filter(prescriptions::id.eq(prescription_id.get()))
            .select((prescriptions::store_id, prescriptions::user_id))
            .first::<(i64, i64)>(on)
            .optional()
    })?;
    Ok(found.map(|(store_id, patient_id)| (StoreId::new(store_id), UserId::new(patient_id))))
}

/// Of which prescription a picture is, whoever asks: for the same trace.
///
/// # Errors
/// A failed statement.
pub fn of_image_unscoped(
    reader: &mut Reader<'_>,
    image_id: PrescriptionImageId,
) -> Result<Option<PrescriptionId>, Error> {
    let found = reader.statement("prescription_of_image", |on| {
        prescription_images::table
            .filter(prescription_images::id.eq(image_id.get()))
            .select(prescription_images::prescription_id)
            .first::<i64>(on)
            .optional()
    })?;
    Ok(found.map(PrescriptionId::new))
}

/// Why a prescription was rejected; nothing where it was not.
///
/// # Errors
/// A failed statement.
pub fn rejection(reader: &mut Reader<'_>, store_id: StoreId, prescription_id: PrescriptionId) -> Result<String, Error> {
    let found = reader.statement("prescription_rejection", |on| {
        prescriptions::table
            .filter(prescriptions::store_id.eq(store_id.get()))
            .filter(prescriptions::id.eq(prescription_id.get()))
            .select(prescriptions::rejection_reason)
            .first::<String>(on)
            .optional()
    })?;
    Ok(found.unwrap_or_default())
}

/// How many prescriptions an order has had, and whether one of them is pending. The order is locked.
///
/// # Errors
/// A failed statement.
pub fn counted(reader: &mut Reader<'_>, store_id: StoreId, order_id: OrderId) -> Result<(i64, bool), Error> {
    let statuses: Vec<String> = reader.statement("prescriptions_of_order", |on| {
        prescriptions::table
            .filter(prescriptions::store_id.eq(store_id.get()))
            .filter(prescriptions::order_id.eq(order_id.get()))
            .select(prescriptions::status)
            .load(on)
    })?;
    let has_pending = statuses
        .iter()
        .any(|status| status == PrescriptionStatus::Pending.code());
    Ok((i64::try_from(statuses.len()).unwrap_or(i64::MAX), has_pending))
}

/// Which of the orders that the caller was shown have a prescription that is pending or approved. Only those that need one are
/// looked at.
///
/// # Errors
/// A failed statement.
pub fn uploaded(reader: &mut Reader<'_>, shown: &[OrderView]) -> Result<BTreeSet<OrderId>, Error> {
    let (order_ids, store_ids) = ids_of(shown.iter().filter(|order| order.needs_prescription));
    if order_ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found = reader.statement("orders_with_prescription", |on| {
        on_each!(on, |c| prescriptions::table
            .filter(store_ids.hold(prescriptions::store_id))
            .filter(order_ids.hold(prescriptions::order_id.assume_not_null()))
            .filter(prescriptions::status.ne(PrescriptionStatus::Rejected.code()))
            .select(prescriptions::order_id.assume_not_null())
            .load::<i64>(c))
    })?;
    Ok(found.into_iter().map(OrderId::new).collect())
}

/// The pictures of prescriptions that the caller was shown, those that are erased left out.
///
/// # Errors
/// A failed statement.
pub fn images(
    reader: &mut Reader<'_>,
    shown: &[PrescriptionView],
) -> Result<BTreeMap<PrescriptionId, Vec<PrescriptionImageView>>, Error> {
    let mut images: BTreeMap<_, Vec<PrescriptionImageView>> = BTreeMap::new();
    if shown.is_empty() {
        return Ok(images);
    }
    let ids: Vec<i64> = shown.iter().map(|shown| shown.id.get()).collect();
    let stores: BTreeSet<i64> = shown.iter().map(|shown| shown.store_id.get()).collect();
    let rows = reader.statement("prescription_images", |on| {
        prescription_images::table
            .filter(prescription_images::store_id.eq_any(stores))
            .filter(prescription_images::prescription_id.eq_any(ids))
            .filter(IsKept)
            .order(prescription_images::id)
            .select(ImageRow::as_select())
            .load::<ImageRow>(on)
    })?;
    for row in rows {
        let view = PrescriptionImageView::from(row);
        images.entry(view.prescription_id).or_default().push(view);
    }
    Ok(images)
}

/// A picture of a prescription that the caller was shown, erased or not.
///
/// # Errors
/// A failed statement.
pub fn image(
    reader: &mut Reader<'_>,
    shown: &PrescriptionView,
    image_id: PrescriptionImageId,
) -> Result<Option<PrescriptionImageView>, Error> {
    let found = reader.statement("prescription_image", |on| {
        prescription_images::table
            .filter(prescription_images::store_id.eq(shown.store_id.get()))
            .filter(prescription_images::prescription_id.eq(shown.id.get()))
            .filter(prescription_images::id.eq(image_id.get()))
            .select(ImageRow::as_select())
            .first::<ImageRow>(on)
            .optional()
    })?;
    Ok(found.map(PrescriptionImageView::from))
}

/// The lines that need the prescriptions that the caller was shown, order by order in their own order.
///
/// # Errors
/// A failed statement.
pub fn lines(
    reader: &mut Reader<'_>,
    shown: &[PrescriptionView],
) -> Result<BTreeMap<OrderId, Vec<PrescriptionLineView>>, Error> {
    let mut lines: BTreeMap<_, Vec<PrescriptionLineView>> = BTreeMap::new();
    let orders: BTreeSet<i64> = shown
        .iter()
        .filter_map(|shown| shown.order_id)
        .map(OrderId::get)
        .collect();
    if orders.is_empty() {
        return Ok(lines);
    }
    let stores: BTreeSet<i64> = shown.iter().map(|shown| shown.store_id.get()).collect();
    let rows = reader.statement("prescription_lines", |on| {
        order_lines::table
            .filter(order_lines::store_id.eq_any(stores))
            .filter(order_lines::order_id.eq_any(orders))
            .filter(order_lines::needs_prescription)
            .order((order_lines::order_id, order_lines::line_number))
            .select(LineRow::as_select())
            .load::<LineRow>(on)
    })?;
    for row in rows {
        let view = PrescriptionLineView::from(row);
        lines.entry(view.order_id).or_default().push(view);
    }
    Ok(lines)
}

fragments! {
    /// Its picture can still be shown. As text, so that the planner knows the partial index to fit.
    IsKept: Bool = "prescription_images.sealed_key IS NOT NULL";
}

pub(super) type Prescriptions<'a> = prescriptions::BoxedQuery<'a, <AnyConnection as Connection>::Backend>;
pub(super) type Found = (PrescriptionRow, String, PatientRow);

/// The prescriptions of a scope. A courier sees no more than his own.
pub(super) fn within(scope: &Scope) -> Prescriptions<'static> {
    let all = prescriptions::table.into_boxed();
    match *scope {
        Scope::Own(patient) | Scope::Assigned { buyer: patient, .. } => {
            all.filter(prescriptions::user_id.eq(patient.get()))
        }
        Scope::Store(store) => all.filter(prescriptions::store_id.eq(store.get())),
        Scope::StoreOrOwn { store, buyer } => all.filter(
            prescriptions::store_id
                .eq(store.get())
                .or(prescriptions::user_id.eq(buyer.get())),
        ),
        Scope::All => all,
    }
}

/// Adds to each prescription who judged it.
pub(super) fn with_reviewers(reader: &mut Reader<'_>, found: Vec<Found>) -> Result<Vec<PrescriptionView>, Error> {
    let ids: BTreeSet<i64> = found.iter().filter_map(|(row, ..)| row.reviewer_id()).collect();
    let known = if ids.is_empty() {
        Vec::new()
    } else {
        reader.statement("prescription_reviewers", |on| {
            users::table
                .filter(users::id.eq_any(ids))
                .select((users::id, users::first_name))
                .load::<(i64, String)>(on)
        })?
    };
    let reviewers: BTreeMap<i64, String> = known.into_iter().collect();
    let views = found.into_iter().map(|(row, timezone, patient)| {
        let reviewer = row.reviewer_id().and_then(|id| {
            let first_name = reviewers.get(&id)?.clone();
            Some(ReviewerView {
                id: UserId::new(id),
                first_name,
            })
        });
        row.view(&timezone, patient, reviewer)
    });
    views.collect()
}
