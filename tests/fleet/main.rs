//! Two servers and two workers behind HAProxy, as deployed: what one process keeps, several keep together.
//!
//! Every law is asserted over HTTP, through the proxy, and at the end by `savdo verify`.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "this is a test")]

mod dying;
mod paying;
mod providers;
mod racing;
mod sharing;
mod trading;
mod words;
