//! A prescription as one caller sees it.

use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Scope};
use savdo_domain::ids::{PrescriptionId, PrescriptionImageId};
use savdo_domain::order::Hand;
use savdo_persistence::prescriptions::{PrescriptionLineView, PrescriptionView, read};
use savdo_persistence::{Error, Reader};

use crate::Context;

/// A prescription as one caller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrescriptionSeen {
    /// The prescription.
    pub prescription: PrescriptionView,
    /// Its pictures; none once they are erased.
    pub images: Vec<ImageSeen>,
    /// The lines of its order that need it.
    pub lines: Vec<PrescriptionLineView>,
    /// Whether this caller is told whose it is: staff.
    pub shows_patient: bool,
}

/// A picture of a prescription, and what its caller may show it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSeen {
    /// The picture.
    pub id: PrescriptionImageId,
    /// What a browser shows it by, for five minutes.
    pub ticket: Ticket,
    /// When it came.
    pub uploaded_at: DateTime<Utc>,
}

/// A ticket to a picture. Never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket(pub String);

impl std::fmt::Debug for Ticket {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Ticket(***)")
    }
}

/// A ticket to a picture for a caller that was shown it.
#[must_use]
pub fn ticket(context: &Context, actor: &Actor, image_id: PrescriptionImageId) -> Ticket {
    Ticket(context.tickets().issue(actor, image_id, context.now()))
}

/// Adds to each prescription that `actor` was shown its pictures and the lines that need it.
pub(super) fn all(
    reader: &mut Reader<'_>,
    context: &Context,
    actor: &Actor,
    now: DateTime<Utc>,
    shown: Vec<PrescriptionView>,
) -> Result<Vec<PrescriptionSeen>, Error> {
    let mut images = read::images(reader, &shown)?;
    let lines = read::lines(reader, &shown)?;
    let seen = shown.into_iter().map(|prescription| {
        let images = images.remove(&prescription.id).unwrap_or_default();
        let images = images.into_iter().map(|image| ImageSeen {
            id: image.id,
            ticket: Ticket(context.tickets().issue(actor, image.id, now)),
            uploaded_at: image.uploaded_at,
        });
        let order_id = prescription.order_id;
        PrescriptionSeen {
            images: images.collect(),
            lines: order_id.and_then(|id| lines.get(&id).cloned()).unwrap_or_default(),
            shows_patient: is_staff(actor, &prescription),
            prescription,
        }
    });
    Ok(seen.collect())
}

/// As [`all`], of one prescription of the scope; `None` for any other.
pub(super) fn find(
    reader: &mut Reader<'_>,
    context: &Context,
    actor: &Actor,
    scope: &Scope,
    (prescription_id, now): (PrescriptionId, DateTime<Utc>),
) -> Result<Option<PrescriptionSeen>, Error> {
    let Some(found) = read::find(reader, scope, prescription_id)? else {
        return Ok(None);
    };
    Ok(all(reader, context, actor, now, vec![found])?.pop())
}

/// Whether the caller works for the pharmacy that it was shown to.
fn is_staff(actor: &Actor, prescription: &PrescriptionView) -> bool {
    match actor.hand_in(prescription.store_id, prescription.patient.id) {
        Hand::Operator | Hand::Admin => true,
        Hand::Buyer | Hand::Courier => false,
    }
}
