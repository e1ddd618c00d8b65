//! What leaves the process: each channel behind the trait that the services call, and what servers share.
//!
//! A gateway of messages hands one over and tells how that ended; it keeps nothing, decides nothing and knows no database. Every call
//! ends within some ten seconds, whatever the other side does.

pub mod click;
pub mod email;
mod http;
pub mod shared;
pub mod sms;
