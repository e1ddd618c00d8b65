//! Products: the one catalogue that the counter and the online pharmacy share.
//!
//! `online` holds the one rule of what customers see.

pub mod online;
mod sellable;

pub use online::{OfferedView, offered_unscoped};
