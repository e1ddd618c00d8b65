//! The catalogue: what is sold, in which unit, under which barcode, and in which places.
//!
//! One product serves the shop and the online pharmacy. Its keys for uniqueness and search are made here, so that both
//! databases compare the same bytes. There is deliberately no stored purchase price: it follows the batches.

pub mod barcode;
mod product;
pub mod slug;
mod unit;

pub use product::{OnlineOffer, ProductNames, parse_mxik};
pub use unit::Unit;

/// Why a change of the catalogue, or of a store and its places, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogRefusal {
    /// Stock is on hand there.
    HasStock,
    /// A shift is open there.
    ShiftOpen,
    /// A pending document or an unfinished order needs it.
    HasOpenDocuments,
    /// The purchase price follows the batches and cannot be set.
    PurchasePriceIsComputed,
    /// The caller has a store already.
    StoreExists,
    /// Products have the substance.
    InUse,
    /// An unfinished order holds the product.
    ProductInOpenOrder,
}

impl CatalogRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::HasStock => "has_stock",
            Self::ShiftOpen => "shift_open",
            Self::HasOpenDocuments => "has_open_documents",
            Self::PurchasePriceIsComputed => "purchase_price_is_computed",
            Self::StoreExists => "store_exists",
            Self::InUse => "in_use",
            Self::ProductInOpenOrder => "product_in_open_order",
        }
    }
}
