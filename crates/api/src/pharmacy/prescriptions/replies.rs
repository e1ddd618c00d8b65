//! What is answered about prescriptions. Several keys come twice: existing clients know them by either name.

use actix_web::HttpRequest;
use savdo_domain::account::Language;
use savdo_domain::prescription::PrescriptionStatus;
use savdo_domain::zone::Zone;
use savdo_services::prescriptions::{ImageSeen, PatientView, PrescriptionLineView, PrescriptionSeen, ReviewerView};
use serde::Serialize;
use utoipa::ToSchema;

use super::tickets;
use crate::messages::{self, Done};
use crate::reply;

/// A prescription.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriptionReply {
    id: i64,
    #[schema(value_type = String)]
    status: PrescriptionStatus,
    status_display: String,
    holat_nomi: String,
    order_id: Option<i64>,
    order: Option<i64>,
    /// None once their time is over.
    images: Vec<ImageReply>,
    rasmlar: Vec<ImageReply>,
    /// The lines of the order that need it.
    items: Vec<PrescriptionLineReply>,
    dorilar: Vec<PrescriptionLineReply>,
    rejection_reason: Option<String>,
    reviewed_by: Option<ReviewerReply>,
    reviewed_at: Option<String>,
    created_at: String,
    /// To staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<PatientReply>,
}

/// A prescription that was judged.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewedReply {
    #[serde(flatten)]
    prescription: PrescriptionReply,
    message: String,
    xabar: String,
}

/// A picture of a prescription.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImageReply {
    id: i64,
    /// Its address, with a ticket for five minutes.
    image: String,
    uploaded_at: String,
}

/// A medicine that needs the prescription.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PrescriptionLineReply {
    id: i64,
    product: i64,
    product_name: String,
    dori_nomi: String,
    quantity: i64,
}

/// Who judged it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewerReply {
    id: i64,
    first_name: String,
}

/// Whose it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatientReply {
    id: i64,
    first_name: String,
    last_name: String,
    phone_number: String,
}

/// For whom an answer is written: where he reaches pictures, and his language.
#[derive(Debug, Clone)]
pub(in crate::pharmacy) struct Manner {
    origin: String,
    language: Language,
    is_kept: bool,
}

impl Manner {
    pub(in crate::pharmacy) fn of(request: &HttpRequest, language: Language) -> Self {
        let origin = reply::origin(request);
        Self {
            origin,
            language,
            is_kept: false,
        }
    }

    /// For an answer that may be kept under a key: without the tickets, which it gets on its way out.
    pub(super) fn kept(self) -> Self {
        Self { is_kept: true, ..self }
    }

    pub(super) const fn language(&self) -> Language {
        self.language
    }
}

impl PrescriptionReply {
    pub(super) fn of(seen: PrescriptionSeen, manner: &Manner) -> Self {
        let PrescriptionSeen {
            prescription,
            images,
            lines,
            shows_patient,
        } = seen;
        let (id, zone) = (prescription.id.get(), prescription.zone);
        let images = images.into_iter().map(|image| ImageReply::of(image, id, zone, manner));
        let images: Vec<_> = images.collect();
        let items: Vec<_> = lines.into_iter().map(PrescriptionLineReply::from).collect();
        let status_display = messages::label(manner.language, "prescription_status", prescription.status);
        let order_id = prescription.order_id.map(|order_id| order_id.get());
        Self {
            id,
            status: prescription.status,
            holat_nomi: status_display.clone(),
            status_display,
            order_id,
            order: order_id,
            rasmlar: images.clone(),
            images,
            dorilar: items.clone(),
            items,
            rejection_reason: Some(prescription.rejection_reason).filter(|reason| !reason.is_empty()),
            reviewed_by: prescription.reviewer.map(ReviewerReply::from),
            reviewed_at: prescription.reviewed_at.map(|at| zone.write(at)),
            created_at: zone.write(prescription.created_at),
            customer: shows_patient.then(|| prescription.patient.into()),
        }
    }
}

impl ReviewedReply {
    pub(super) fn of(seen: PrescriptionSeen, done: Done, manner: &Manner) -> Self {
        let message = messages::done(manner.language, done);
        Self {
            prescription: PrescriptionReply::of(seen, manner),
            xabar: message.clone(),
            message,
        }
    }
}

impl ImageReply {
    fn of(image: ImageSeen, prescription: i64, zone: Zone, manner: &Manner) -> Self {
        let (id, origin) = (image.id.get(), &manner.origin);
        let address = format!("{origin}/api/v1/pharmacy/prescriptions/{prescription}/images/{id}/");
        Self {
            id,
            image: if manner.is_kept {
                address
            } else {
                tickets::shown_by(&address, &image.ticket)
            },
            uploaded_at: zone.write(image.uploaded_at),
        }
    }
}

impl From<PrescriptionLineView> for PrescriptionLineReply {
    fn from(line: PrescriptionLineView) -> Self {
        Self {
            id: line.id.get(),
            product: line.product_id.get(),
            dori_nomi: line.product_name.clone(),
            product_name: line.product_name,
            quantity: line.pieces,
        }
    }
}

impl From<ReviewerView> for ReviewerReply {
    fn from(reviewer: ReviewerView) -> Self {
        Self {
            id: reviewer.id.get(),
            first_name: reviewer.first_name,
        }
    }
}

impl From<PatientView> for PatientReply {
    fn from(patient: PatientView) -> Self {
        Self {
            id: patient.id.get(),
            first_name: patient.first_name,
            last_name: patient.last_name,
            phone_number: patient.phone,
        }
    }
}
