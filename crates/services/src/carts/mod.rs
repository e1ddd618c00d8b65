//! Carts: a customer's own, judged against the catalogue of this moment.
//!
//! Every change locks the cart's row first, then reads lines and catalogue, decides, writes, and answers the cart as it is
//! now. A cart reserves nothing, so a change leaves neither an audit entry nor an event.

mod add;
mod change;
mod clear;
mod contents;
mod remove;
mod split;
mod view;

pub use add::{AddToCart, add};
pub use change::{ChangeCartLine, change};
pub use clear::clear;
pub(crate) use contents::load;
pub use contents::{CartContents, CartStore, OfferedLine};
pub use remove::remove;
pub use split::split;
pub use view::view;
