//! Prescriptions: a buyer shows the pharmacy what a physician wrote, and somebody there judges it.
//!
//! An order that waits for a prescription has one that is pending at most, and five in all. What is approved or rejected stays
//! so. Deliberately absent: the pictures, and where the order goes then.

mod refusal;
mod review;
mod status;

pub use refusal::PrescriptionRefusal;
pub use review::{Submission, Verdict, review};
pub use status::PrescriptionStatus;

/// The most pictures of one prescription.
pub const IMAGES_MAX: usize = 5;
/// The most prescriptions of one order.
pub const PER_ORDER_MAX: i64 = 5;
