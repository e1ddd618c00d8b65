//! Prescriptions and their pictures: rows, reads, writes.
//!
//! Whoever writes one of an order holds the order first. A picture whose key is gone is erased: its row stays, and nothing shows
//! it. Deliberately absent: what a key is, and which verdict is legal.

pub mod files;
mod list;
pub mod read;
mod rows;
pub mod write;

pub use list::{PrescriptionFilter, list, owned};
pub use rows::{PatientView, PrescriptionImageView, PrescriptionLineView, PrescriptionView, ReviewerView};
pub use write::{NewImage, NewPrescription, Review};
