//! What leaves the process: each channel behind the trait that the services call.
//!
//! A gateway hands one message over and tells how that ended; it keeps nothing, decides nothing and knows no database. Every call
//! ends within some ten seconds, whatever the other side does.

pub mod email;
mod http;
pub mod sms;
