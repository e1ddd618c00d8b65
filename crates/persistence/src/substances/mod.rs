//! Active substances: what medicines act by, and which products have which.
//!
//! Each store has its own list. `read` and `write` are the substances themselves; `links` say which product has them. Whoever
//! writes a link holds the substance first and then locks the product; who renames one locks it first and then its products, so
//! that the text by which customers search never falls behind.

mod links;
mod read;
mod write;

pub use links::{ActiveSubstance, hold, is_used};
pub(crate) use links::{link, of_product, of_products, relink};
pub use read::{SubstanceFilter, SubstanceView, find, list, store_of};
pub use write::{Substance, delete, insert, lock, update};
