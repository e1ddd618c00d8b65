//! Short messages: into the log of a developer's machine, or not at all.

mod log;
mod none;

pub use log::LogSms;
pub use none::NoSms;
