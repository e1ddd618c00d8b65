//! Prescriptions from the first picture to the end of their time, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod breaking;
mod keeping;
mod looking;
mod racing;
mod reviewing;
mod submitting;
mod support;
