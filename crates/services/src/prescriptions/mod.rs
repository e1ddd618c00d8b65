//! Prescriptions: shown to the pharmacy, looked at, judged, erased when their time is over.
//!
//! Whoever writes one of an order holds the order first, so that its prescriptions and its step never disagree. Each look of staff at
//! a picture leaves a trace, and so does each try at somebody else's. Deliberately absent: what a picture shows.

mod denied;
mod erase;
mod image;
mod keeping;
mod list;
mod pending;
mod review;
mod rewrap;
mod seen;
mod submit;
mod ticket;
pub(crate) mod traces;
mod view;

pub use erase::erase_outdated;
pub use image::{ImageShown, Viewer, image};
pub use keeping::Keeping;
pub use list::list;
pub use pending::pending;
pub use review::{RejectPrescription, approve, reject};
pub use rewrap::rewrap_keys;
pub use savdo_persistence::prescriptions::{
    PatientView, PrescriptionFilter, PrescriptionLineView, PrescriptionView, ReviewerView,
};
pub use seen::{ImageSeen, PrescriptionSeen, Ticket, ticket};
pub use submit::{SubmitPrescription, submit};
pub(crate) use ticket::Tickets;
pub use view::view;
