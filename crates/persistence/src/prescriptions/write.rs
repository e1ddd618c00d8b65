//! Writes of prescriptions: a new one, its pictures, a verdict on it. The order, where it has one, is locked.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, PrescriptionId, PrescriptionImageId, StoreId, UserId};
use savdo_domain::prescription::PrescriptionStatus;

use crate::database::Tx;
use crate::error::Error;
use crate::schema::{prescription_images, prescriptions};

/// A prescription about to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewPrescription {
    /// The store.
    pub store_id: StoreId,
    /// The order that it is for.
    pub order_id: Option<OrderId>,
    /// Whose it is.
    pub patient_id: UserId,
    /// The store's day.
    pub day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
}

/// A picture about to be written. Its key comes later: the seal of that names the picture.
#[derive(Debug, Clone, Copy)]
pub struct NewImage<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The prescription.
    pub prescription_id: PrescriptionId,
    /// The name of its file.
    pub file: &'a str,
    /// Under which key of the installation its own will be sealed.
    pub key_id: &'a str,
    /// How many bytes the picture has.
    pub size: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// A verdict about to be written.
#[derive(Debug, Clone, Copy)]
pub struct Review<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The prescription.
    pub prescription_id: PrescriptionId,
    /// What it is from now on.
    pub status: PrescriptionStatus,
    /// Why, for one that is rejected.
    pub reason: &'a str,
    /// Who says so.
    pub reviewer_id: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a prescription that waits to be judged.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, new: &NewPrescription) -> Result<PrescriptionId, Error> {
    tx.statement("prescription_insert", |on| {
        diesel::insert_into(prescriptions::table)
            .values((
                prescriptions::store_id.eq(new.store_id.get()),
                prescriptions::order_id.eq(new.order_id.map(OrderId::get)),
                prescriptions::user_id.eq(new.patient_id.get()),
                prescriptions::status.eq(PrescriptionStatus::Pending.code()),
                prescriptions::rejection_reason.eq(""),
                prescriptions::day.eq(new.day),
                prescriptions::created_at.eq(new.at.naive_utc()),
            ))
            .returning(prescriptions::id)
            .get_result::<i64>(on)
    })
    .map(PrescriptionId::new)
}

/// Writes a picture, for now without its key.
///
/// # Errors
/// A failed statement.
pub fn insert_image(tx: &mut Tx<'_>, new: &NewImage<'_>) -> Result<PrescriptionImageId, Error> {
    tx.statement("prescription_image_insert", |on| {
        diesel::insert_into(prescription_images::table)
            .values((
                prescription_images::store_id.eq(new.store_id.get()),
                prescription_images::prescription_id.eq(new.prescription_id.get()),
                prescription_images::file.eq(new.file),
                prescription_images::key_id.eq(new.key_id),
                prescription_images::size.eq(new.size),
                prescription_images::uploaded_at.eq(new.at.naive_utc()),
            ))
            .returning(prescription_images::id)
            .get_result::<i64>(on)
    })
    .map(PrescriptionImageId::new)
}

/// Gives a picture that was just written its key under seal.
///
/// # Errors
/// A failed statement.
pub fn set_key(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    image_id: PrescriptionImageId,
    sealed_key: &str,
) -> Result<(), Error> {
    tx.statement("prescription_image_key", |on| {
        diesel::update(prescription_images::table)
            .filter(prescription_images::store_id.eq(store_id.get()))
            .filter(prescription_images::id.eq(image_id.get()))
            .set(prescription_images::sealed_key.eq(sealed_key))
            .execute(on)
    })?;
    Ok(())
}

/// Writes a verdict if nobody was first; says whether it did.
///
/// # Errors
/// A failed statement.
pub fn review(tx: &mut Tx<'_>, review: &Review<'_>) -> Result<bool, Error> {
    let count = tx.statement("prescription_review", |on| {
        diesel::update(prescriptions::table)
            .filter(prescriptions::store_id.eq(review.store_id.get()))
            .filter(prescriptions::id.eq(review.prescription_id.get()))
            .filter(prescriptions::status.eq(PrescriptionStatus::Pending.code()))
            .set((
                prescriptions::status.eq(review.status.code()),
                prescriptions::rejection_reason.eq(review.reason),
                prescriptions::reviewed_by.eq(review.reviewer_id.get()),
                prescriptions::reviewed_at.eq(review.at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(count == 1)
}

/// Closes what is pending of an order that is cancelled: nobody judged it.
///
/// # Errors
/// A failed statement.
pub fn close_pending(
    tx: &mut Tx<'_>,
    (store_id, order_id): (StoreId, OrderId),
    reason: &str,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    tx.statement("prescription_close", |on| {
        diesel::update(prescriptions::table)
            .filter(prescriptions::store_id.eq(store_id.get()))
            .filter(prescriptions::order_id.eq(order_id.get()))
            .filter(prescriptions::status.eq(PrescriptionStatus::Pending.code()))
            .set((
                prescriptions::status.eq(PrescriptionStatus::Rejected.code()),
                prescriptions::rejection_reason.eq(reason),
                prescriptions::reviewed_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}
