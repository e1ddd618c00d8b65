//! The files of prescriptions: which are stored, which are over, which keys are sealed by whom.
//!
//! Without a scope: jobs and whoever runs the installation look after those of all stores.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use savdo_domain::ids::{PrescriptionId, PrescriptionImageId, StoreId};

use super::PrescriptionImageView;
use super::read::IsKept;
use super::rows::ImageRow;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::{orders, prescription_images, prescriptions};

/// From when on a prescription is kept no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outdated {
    /// Of orders that were handed over before.
    pub delivered_before: DateTime<Utc>,
    /// Of orders that were cancelled before, and of those without an order that came before.
    pub cancelled_before: DateTime<Utc>,
}

/// Which of these stored names a picture has that can still be shown.
///
/// # Errors
/// A failed statement.
pub fn named_unscoped(reader: &mut Reader<'_>, names: &[String]) -> Result<Vec<String>, Error> {
    reader.statement("prescriptions_named_files", |on| {
        prescription_images::table
            .filter(prescription_images::file.eq_any(names))
            .filter(IsKept)
            .select(prescription_images::file)
            .load(on)
    })
}

/// Which of these stored names a picture has that is erased.
///
/// # Errors
/// A failed statement.
pub fn erased_unscoped(reader: &mut Reader<'_>, names: &[String]) -> Result<Vec<String>, Error> {
    reader.statement("prescriptions_erased_files", |on| {
        prescription_images::table
            .filter(prescription_images::file.eq_any(names))
            .filter(prescription_images::sealed_key.is_null())
            .select(prescription_images::file)
            .load(on)
    })
}

/// Pictures that can still be shown whose key another than this sealed, after this one, in the order of their ids.
///
/// # Errors
/// A failed statement.
pub fn sealed_by_others_unscoped(
    reader: &mut Reader<'_>,
    current: &str,
    after: PrescriptionImageId,
    most: i64,
) -> Result<Vec<PrescriptionImageView>, Error> {
    let rows = reader.statement("prescription_images_sealed_by_others", |on| {
        prescription_images::table
            .filter(prescription_images::id.gt(after.get()))
            .filter(prescription_images::key_id.ne(current))
            .filter(IsKept)
            .order(prescription_images::id)
            .select(ImageRow::as_select())
            .limit(most)
            .load::<ImageRow>(on)
    })?;
    Ok(rows.into_iter().map(PrescriptionImageView::from).collect())
}

/// Pictures that can still be shown, after this one, in the order of their ids.
///
/// # Errors
/// A failed statement.
pub fn kept_unscoped(
    reader: &mut Reader<'_>,
    after: PrescriptionImageId,
    most: i64,
) -> Result<Vec<PrescriptionImageView>, Error> {
    let rows = reader.statement("prescription_images_kept", |on| {
        prescription_images::table
            .filter(prescription_images::id.gt(after.get()))
            .filter(IsKept)
            .order(prescription_images::id)
            .select(ImageRow::as_select())
            .limit(most)
            .load::<ImageRow>(on)
    })?;
    Ok(rows.into_iter().map(PrescriptionImageView::from).collect())
}

/// Seals the key of a picture anew, if it is still what it was; says whether it was.
///
/// # Errors
/// A failed statement.
pub fn rewrap(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    image: &PrescriptionImageView,
    (key_id, sealed_key): (&str, &str),
) -> Result<bool, Error> {
    let count = tx.statement("prescription_image_rewrap", |on| {
        diesel::update(prescription_images::table)
            .filter(prescription_images::store_id.eq(store_id.get()))
            .filter(prescription_images::id.eq(image.id.get()))
            .filter(prescription_images::sealed_key.eq(image.sealed_key.as_deref()))
            .set((
                prescription_images::key_id.eq(key_id),
                prescription_images::sealed_key.eq(sealed_key),
            ))
            .execute(on)
    })?;
    Ok(count == 1)
}

/// The next prescriptions with pictures that can still be shown, after this one in the order of their ids, and whether their time is
/// over. All are walked through, a few at a time: so no statement grows with the archive.
///
/// # Errors
/// A failed statement.
pub fn next_kept_unscoped(
    reader: &mut Reader<'_>,
    outdated: Outdated,
    after: PrescriptionId,
    most: i64,
) -> Result<Vec<(StoreId, PrescriptionId, bool)>, Error> {
    let (delivered, cancelled) = (
        outdated.delivered_before.naive_utc(),
        outdated.cancelled_before.naive_utc(),
    );
    let rows: Vec<(i64, i64, Option<bool>)> = reader.statement("prescriptions_kept", |on| {
        let pictures = prescription_images::table
            .filter(prescription_images::store_id.eq(prescriptions::store_id))
            .filter(prescription_images::prescription_id.eq(prescriptions::id))
            .filter(IsKept);
        prescriptions::table
            .left_join(
                orders::table.on(prescriptions::order_id
                    .eq(orders::id.nullable())
                    .and(prescriptions::store_id.eq(orders::store_id))),
            )
            .filter(prescriptions::id.gt(after.get()))
            .filter(exists(pictures))
            .select((
                prescriptions::store_id,
                prescriptions::id,
                orders::delivered_at
                    .nullable()
                    .lt(delivered)
                    .or(orders::cancelled_at.nullable().lt(cancelled))
                    .or(prescriptions::order_id
                        .is_null()
                        .and(prescriptions::created_at.lt(cancelled))),
            ))
            .order(prescriptions::id)
            .limit(most)
            .load(on)
    })?;
    let rows = rows.into_iter();
    let row = |(store_id, id, is_over): (i64, i64, Option<bool>)| {
        (
            StoreId::new(store_id),
            PrescriptionId::new(id),
            is_over.unwrap_or_default(),
        )
    };
    Ok(rows.map(row).collect())
}

/// Erases the keys of all pictures of a prescription; the names of their files.
///
/// # Errors
/// A failed statement.
pub fn erase(tx: &mut Tx<'_>, store_id: StoreId, prescription_id: PrescriptionId) -> Result<Vec<String>, Error> {
    tx.statement("prescription_erase", |on| {
        diesel::update(prescription_images::table)
            .filter(prescription_images::store_id.eq(store_id.get()))
            .filter(prescription_images::prescription_id.eq(prescription_id.get()))
            .filter(IsKept)
            .set(prescription_images::sealed_key.eq(None::<String>))
            .returning(prescription_images::file)
            .get_results::<String>(on)
    })
}
