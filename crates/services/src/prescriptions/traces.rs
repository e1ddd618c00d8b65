//! What a prescription leaves behind: entries of the audit log, and events (payments.md 6.2). Neither tells of a medicine.

use chrono::{DateTime, Utc};
use savdo_domain::access::Actor;
use savdo_domain::ids::{OrderId, PrescriptionId, PrescriptionImageId, StoreId};
use savdo_domain::prescription::PrescriptionStatus;
use savdo_persistence::prescriptions::PrescriptionView;
use savdo_persistence::{Error, Tx};
use serde_json::json;

use crate::audit::{self, Action, Author, Entry, Subject};
use crate::events::{self, Event, News};

/// A prescription that was shown to the pharmacy.
pub(super) fn of_submission(
    tx: &mut Tx<'_>,
    author: &Author,
    (store_id, order_id): (StoreId, Option<OrderId>),
    (id, images): (PrescriptionId, usize),
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let of_order = order_id.map_or_else(|| "buyurtmasiz".to_owned(), |order_id| format!("buyurtma №{order_id}"));
    let entry = Entry {
        store_id: Some(store_id),
        action: Action::Create,
        subject_type: Subject::Prescription,
        subject_id: id.get(),
        description: format!("Retsept №{id}: {of_order}, {images} ta rasm"),
        details: Some(json!({ "order_id": order_id, "images": images })),
    };
    audit::record(tx, author, at, entry)?;
    publish(tx, Event::PrescriptionSubmitted, store_id, (id, order_id), at)
}

/// A prescription that was judged.
pub(super) fn of_review(
    tx: &mut Tx<'_>,
    author: &Author,
    prescription: &PrescriptionView,
    (status, reason): (PrescriptionStatus, &str),
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let (action, event) = match status {
        PrescriptionStatus::Approved => (Action::Approve, Event::PrescriptionApproved),
        PrescriptionStatus::Rejected | PrescriptionStatus::Pending => (Action::Reject, Event::PrescriptionRejected),
    };
    let (id, before) = (prescription.id, prescription.status);
    let entry = Entry {
        store_id: Some(prescription.store_id),
        action,
        subject_type: Subject::Prescription,
        subject_id: id.get(),
        description: format!("Retsept №{id}: {before} → {status}"),
        details: Some(json!({
            "changes": { "status": { "old": before, "new": status } },
            "order_id": prescription.order_id,
            "reason": reason,
        })),
    };
    audit::record(tx, author, at, entry)?;
    publish(tx, event, prescription.store_id, (id, prescription.order_id), at)
}

/// A picture that somebody of the pharmacy looked at.
pub(super) fn of_look(
    tx: &mut Tx<'_>,
    actor: &Actor,
    prescription: &PrescriptionView,
    image_id: PrescriptionImageId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let entry = Entry {
        store_id: Some(prescription.store_id),
        action: Action::View,
        subject_type: Subject::PrescriptionImage,
        subject_id: image_id.get(),
        description: format!("Retsept №{}: rasm №{image_id} ko'rildi", prescription.id),
        details: Some(json!({ "prescription_id": prescription.id, "order_id": prescription.order_id })),
    };
    audit::record(tx, &Author::from(actor), at, entry)
}

/// A try at somebody else's prescription.
pub(super) fn of_denial(
    tx: &mut Tx<'_>,
    actor: &Actor,
    store_id: StoreId,
    (prescription_id, image_id): (PrescriptionId, Option<PrescriptionImageId>),
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let (subject_type, subject_id) = match image_id {
        Some(image_id) => (Subject::PrescriptionImage, image_id.get()),
        None => (Subject::Prescription, prescription_id.get()),
    };
    let entry = Entry {
        store_id: Some(store_id),
        action: Action::ViewDenied,
        subject_type,
        subject_id,
        description: format!("Retsept №{prescription_id}: begona kishi ochmoqchi bo'ldi"),
        details: Some(json!({ "prescription_id": prescription_id })),
    };
    audit::record(tx, &Author::from(actor), at, entry)
}

/// Pictures that are shown no more, as their time was over.
pub(super) fn of_erasure(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    (prescription_id, images): (PrescriptionId, usize),
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let entry = Entry {
        store_id: Some(store_id),
        action: Action::Delete,
        subject_type: Subject::Prescription,
        subject_id: prescription_id.get(),
        description: format!("Retsept №{prescription_id}: saqlash muddati tugadi, {images} ta rasm o'chirildi"),
        details: Some(json!({ "images": images })),
    };
    audit::record(tx, &Author::system(), at, entry)
}

fn publish(
    tx: &mut Tx<'_>,
    event: Event,
    store_id: StoreId,
    (id, order_id): (PrescriptionId, Option<OrderId>),
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let news = News {
        store_id,
        event,
        subject: ("prescription", id.get()),
        payload: json!({ "prescription_id": id, "order_id": order_id, "store_id": store_id }),
    };
    events::publish(tx, at, &news)
}
