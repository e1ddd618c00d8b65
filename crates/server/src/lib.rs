//! The server: the one place that wires configuration, database, use-cases and HTTP into a process.
//!
//! [`Application`] is built from [`Settings`] and a clock, by the binary as by the tests. Each subcommand of the binary is a
//! file of [`commands`]. Deliberately absent: rules, SQL, routes.

pub mod application;
pub mod commands;
pub mod demo;
pub mod lock;
mod logging;
mod metrics;
pub mod settings;
mod signals;
pub mod simulate;
mod work;

pub use application::{Application, StartError, Stopper};
pub use settings::{Settings, SettingsError, Sources};
