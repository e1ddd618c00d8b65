//! What people are told of what happened, and the list in which they read it.
//!
//! `rules` say who is told what of which event, `telling` writes it: both for the worker, no request waits for them. The rest is what
//! their owner does with his messages; `retry` is also for the staff of the store that tells them.

mod codes;
mod count;
mod list;
mod read;
mod retry;
mod rules;
mod telling;

pub(crate) use codes::write_code_text;
pub use count::{failed, unread};
pub use list::{ListNotices, list};
pub use read::{mark_all_read, mark_read, view};
pub use retry::retry;
pub use savdo_persistence::notices::{NoticeFilter, NoticeView};
pub(crate) use telling::{tell, write_text};
