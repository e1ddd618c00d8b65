//! Devices that can be told of news, by whoever is signed in at them.
//!
//! A device's token belongs to the last who signed in at it: news of one never come to another. The token is kept, since it is
//! what is sent to; it is never shown.

mod register;
mod remove;

pub use register::{RegisterDevice, register};
pub use remove::remove;
