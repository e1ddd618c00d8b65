//! Workers: who works in a store, and as what.

mod hire;

pub use hire::{HireWorker, hire};
