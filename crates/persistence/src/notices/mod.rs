//! Messages to people, one row for each channel, and the words they are made from.
//!
//! `facts` is what a message of an order can say; `write` and `settled` are the rows that the worker makes and moves; `read` is
//! the list of their owner. `templates` are the words of the installation and of stores.

mod facts;
mod owned;
mod read;
mod settled;
pub mod templates;
mod write;

pub use facts::{OrderFactsView, Recipient, order_facts, recipient_unscoped, working};
pub use owned::{ToldView, owned};
pub use read::{NoticeFilter, NoticeView, count_failed, count_unread, find, find_to_retry, list};
pub(crate) use settled::settle;
pub use settled::{SmsToSendView, sms_to_send_unscoped};
pub use write::{NewNotice, insert, mark_all_read, mark_read, retry};
