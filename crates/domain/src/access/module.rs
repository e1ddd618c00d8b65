//! The parts of the trade that a store may do without.

use crate::coded_enum;

coded_enum! {
    /// A part of the trade that the settings of a store switch off.
    pub enum Module {
        /// Shifts at the counter.
        Shift = "shift",
        /// Returns of what was sold.
        SaleReturn = "sale_return",
    }
}
