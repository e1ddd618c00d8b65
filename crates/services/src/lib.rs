//! The use-cases: each makes one decision of the domain durable in one transaction.
//!
//! A use-case takes the [`Context`], the caller and a command, judges the right itself, does slow work outside the
//! transaction, then loads, decides, writes, and leaves its audit entry and its event beside the effect. Deliberately
//! absent: HTTP, status codes, SQL, async.

pub mod accounts;
pub mod audit;
pub mod batches;
pub mod branches;
pub mod carts;
pub mod catalogue;
pub mod categories;
mod clock;
mod context;
mod counter;
mod cursors;
pub mod deliveries;
pub mod desks;
pub mod devices;
mod error;
pub mod events;
pub mod expense_categories;
pub mod expenses;
mod file_keys;
pub mod files;
mod gate;
pub mod gateways;
pub mod health;
pub mod jobs;
pub mod keys;
pub mod limits;
mod listing;
pub mod marks;
pub mod metrics;
pub mod notice_templates;
pub mod notices;
pub mod once;
pub mod orders;
pub mod payments;
mod period;
mod places;
pub mod prescriptions;
pub mod products;
pub mod sale_returns;
pub mod sales;
mod sealing;
pub mod settings;
pub mod shifts;
pub mod sms_reports;
pub mod stock;
pub mod stores;
pub mod substances;
#[cfg(feature = "testing")]
pub mod testing;
pub mod verify;
pub mod warehouses;
pub mod workers;

pub use clock::{Clock, FixedClock, SystemClock};
pub use context::{Context, ContextSettings};
pub use error::Error;
pub use file_keys::{FileKey, FileKeys, NoFileKey};
pub use listing::ListRows;
pub use period::Period;
pub use savdo_persistence::paging::{Counts, Listed, Page, Position, REACH, SortBy};
pub use savdo_persistence::search::Search;
pub use savdo_persistence::{BusyCause, Database, Error as StorageError, LogPosition};

/// What a use-case answers.
pub type Result<T> = std::result::Result<T, Error>;
