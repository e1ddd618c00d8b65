//! The words of messages: those of the installation, and those that a store has in their place.
//!
//! What words are the words of (store, type, channel, language) is said once, when they are made. Those of the installation are
//! there for good: they are changed and switched off.

mod change;
mod create;
mod remove;
mod see;
mod traces;

pub use change::{ChangeTemplate, change};
pub use create::{CreateTemplate, create};
pub use remove::remove;
pub use savdo_persistence::notices::templates::TemplateView;
pub use see::{ListTemplates, list, view};
