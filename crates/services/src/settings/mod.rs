//! The settings of a store.

mod change;
mod view;

pub use change::change;
pub use view::{SettingsView, list, view};
