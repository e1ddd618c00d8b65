//! Savdo over HTTP: two dialects over the same use-cases.
//!
//! A handler translates: body to command, view to reply. Every path is a row of [`routes`]; every error is a [`Problem`]
//! that [`edge`] writes in the dialect of its path. Deliberately absent: rules of the trade, SQL, and any decision on who
//! may do what.

rust_i18n::i18n!("locales", fallback = "uz");

pub mod blocking;
pub mod coalescing;
pub mod dialect;
mod docs;
pub mod edge;
pub mod extract;
pub mod guards;
mod headers;
pub mod hooks;
pub mod media;
pub mod messages;
pub mod metrics;
pub mod openapi;
pub mod paper;
pub mod pharmacy;
pub mod problem;
pub mod providers;
mod refusals;
pub mod reply;
pub mod routes;
pub mod shell;
pub mod shop;
pub mod system;
pub mod trace;

pub use problem::Problem;
