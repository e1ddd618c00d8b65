//! Products as the shop keeps them, and putting them online.
//!
//! A product is written by `naming` alone, which makes its keys unique and says which name is taken.

mod archive;
mod change;
mod create;
mod currency;
mod detail;
mod introduce;
mod list;
mod naming;
mod offer;
mod scan;
mod traces;

pub use archive::archive;
pub use change::{ChangeProduct, change, put_aside};
pub use create::{CreateProduct, create};
pub use currency::PriceCurrency;
pub use detail::detail;
pub use introduce::{IntroduceProduct, introduce};
pub use list::{ListProducts, list};
pub use offer::{OfferProduct, offer};
pub use savdo_persistence::products::{Product, ProductColumn, ProductRowView, ProductView, StoredProduct};
pub use scan::scan;
