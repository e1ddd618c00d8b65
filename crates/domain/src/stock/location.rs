//! Where stock lies.

use crate::coded_enum;
use crate::ids::LocationId;

coded_enum! {
    /// What kind of place a location is. Both kinds share one id space.
    pub enum LocationKind {
        /// Sells.
        Branch = "branch",
        /// Only stores.
        Warehouse = "warehouse",
    }
}

/// A location with its kind, as refusals name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The location.
    pub location_id: LocationId,
    /// Branch or warehouse.
    pub kind: LocationKind,
}
